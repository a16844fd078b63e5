"""What a crawl says of its own end."""

from __future__ import annotations

from pathlib import Path

from quynhon_crawler.config import load
from quynhon_crawler.crawl.session import Session
from quynhon_crawler.home import Home
from tests.crawl.archives import archive, ask

PORTAL = """min_free = 0
[[portals]]
name = "p"
url = "http://127.0.0.1:9/"
"""


def test_a_crawl_that_lost_an_answer_never_says_finished(tmp_path: Path) -> None:
    home = Home(archive(tmp_path, PORTAL))
    config = load(home.config)
    portal = config.portals[0]
    session = Session(home, config, portal, config.crawl_of(portal), full=False, limit=None)
    assert session.lease() is not None
    columns = session.close(interrupted=False)
    assert columns["outcome"] == "interrupted"
    assert session.trouble is not None
    assert "asked for and never came back: 1 address;" in session.trouble
    assert ask(home.root, "outcome", "crawls") == [("interrupted",)]
