"""A HEAD that a frontier asks for: recorded exactly, and no article is read out of its missing body."""

from __future__ import annotations

from pathlib import Path

from quynhon_crawler.crawl.frontier import Frontier
from quynhon_crawler.home import Home
from quynhon_crawler.model import Fetch
from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import archive, ask, assert_level, stored
from tests.crawl.run_crawl import quynhon


def test_a_head_is_stored_exactly_and_changes_no_article(tmp_path: Path) -> None:
    folder = archive(tmp_path / "archive")
    with SamplePortal(articles=8) as portal:
        command = ("crawl", portal.url, "--archive", folder)
        assert quynhon(*command, "--limit", "3").returncode == 0
        url = portal.truth.articles[0].url
        frontier = Frontier(Home(folder).frontier)
        frontier.add([Fetch(url, "page", method="HEAD")])
        frontier.close()
        done = quynhon(*command)
        assert done.returncode == 0, done.stderr
        (asked,) = [each for each in portal.exchanges if each.method == "HEAD"]
        wanted = {article.url for article in portal.truth.articles}
    (kept,) = [each for each in stored(folder) if each.request and each.request.block.startswith(b"HEAD ")]
    assert kept.request is not None
    assert kept.request.block == asked.request
    assert kept.record.block == asked.response
    assert b"Transfer-Encoding: chunked" in kept.record.block  # of a body that does not follow
    assert "warc-truncated" not in kept.record.headers
    assert {str(u) for (u,) in ask(folder, "url", "articles WHERE gone_at IS NULL AND body != ''")} == wanted
    assert_level(folder)
