"""`quynhon verify` while a crawl writes, closes and renames the files that it looks at."""

from __future__ import annotations

import time
from pathlib import Path

from quynhon_crawler.audit import verify
from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.store import Store
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


def test_what_a_killed_crawl_left_is_one_line_that_names_it(tmp_path: Path) -> None:
    home = Home(archive(tmp_path / "archive"))
    with SamplePortal(articles=60, latency=0.01) as portal:
        crawl = start("crawl", portal.url, "--archive", home.root)
        while len(portal.exchanges) < 60:
            assert crawl.poll() is None
            time.sleep(0.005)
        crawl.kill()
        crawl.wait()
        (path,) = home.warc.iterdir()
        with Store.open(home.database) as store:  # as when more had come since the last commit
            crawl_id = store.connection.execute("SELECT id FROM crawls").fetchone()[0]
            store.connection.execute("DELETE FROM url_events")
            gone = "FROM captures WHERE id NOT IN (SELECT capture_id FROM articles) ORDER BY id LIMIT 20"
            store.connection.execute("PRAGMA foreign_keys = OFF")
            store.connection.execute(f"DELETE FROM captures WHERE id IN (SELECT id {gone})")
        (line,) = (str(one) for one in verify(home, articles=False).problems if one.kind == "row")
        assert line.startswith(f"{path.name}: left open by crawl {crawl_id}, which was killed; ")
        assert f"`quynhon crawl {portal.url}` reads them and goes on" in line
        assert start("crawl", portal.url, "--archive", home.root).wait(120) == 0
    assert verify(home).ok
