"""`quynhon verify` while a crawl writes, closes and renames the files that it looks at."""

from __future__ import annotations

from pathlib import Path

from quynhon_crawler.audit import verify
from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.warc.walk import walk
from tests.crawl.archives import archive
from tests.crawl.run_crawl import start


def test_nothing_is_wrong_with_what_is_being_written(tmp_path: Path) -> None:
    """Many small files, so that one is closed in nearly every look."""
    home = Home(archive(tmp_path / "archive", "min_free = 0\nwarc_size = 40000\n"))
    beside = 0
    with SamplePortal(articles=12) as portal:
        crawl = start("crawl", portal.url, "--archive", home.root)
        while crawl.poll() is None:
            if home.database.exists() and any(home.warc.glob("*.warc.gz")):
                found = verify(home)
                assert [str(problem) for problem in found.problems] == []
                beside += crawl.poll() is None
    assert crawl.returncode == 0
    assert beside
    found = verify(home)
    assert found.articles >= 12
    assert [str(problem) for problem in found.problems] == []


def test_a_file_that_was_closed_meanwhile_is_read_under_its_new_name(tmp_path: Path) -> None:
    home = Home(archive(tmp_path / "archive"))
    with SamplePortal(articles=2) as portal:
        assert start("crawl", portal.url, "--archive", home.root).wait(60) == 0
    (path,) = home.warc.iterdir()
    was = path.with_name(path.name + OPEN)
    assert [str(item) for item in walk(was)] == [str(item) for item in walk(path)]
