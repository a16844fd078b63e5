"""No room left: told in one line, nothing is lost, and the same command goes on when there is room."""

from __future__ import annotations

from pathlib import Path

import pytest

from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import archive, assert_level, missing
from tests.crawl.disk import make_room, small_disk
from tests.crawl.run_crawl import quynhon


@pytest.mark.parametrize(
    ("where", "kilobytes", "named"),
    [("warc", 800, ".warc.gz.open: No space left"), ("state", 300, "frontier.db: "), ("", 2000, "archive/")],
)
def test_a_full_disk_is_told_in_one_line_and_costs_nothing(
    tmp_path: Path, where: str, kilobytes: int, named: str
) -> None:
    folder = tmp_path / "archive"
    with small_disk(folder / where, kilobytes), SamplePortal(articles=40) as portal:
        command = ("crawl", portal.url, "--archive", archive(folder))
        full = quynhon(*command)
        assert full.returncode == 1
        (line,) = full.stderr.strip().splitlines()
        assert line.startswith("Stopped: ")
        assert named in line
        assert "make room" in line
        again = quynhon(*command)  # still full: the same again, in one line
        assert again.returncode == 1
        assert len(again.stderr.strip().splitlines()) == 1
        if (folder / "quynhon.db").exists():
            told = quynhon("status", "--archive", folder)
            assert "did not answer" not in told.stdout + told.stderr
        make_room(folder / where)
        done = quynhon(*command)
        assert done.returncode == 0, done.stderr
        assert "finished" in done.stdout
        assert missing(folder, portal) == set()
        assert_level(folder)


def test_below_the_floor_the_crawl_stops_in_order_and_later_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with small_disk(folder, 8000), SamplePortal(articles=40) as portal:
        command = ("crawl", portal.url, "--archive", archive(folder, "min_free = 5000000\n"))
        full = quynhon(*command)
        assert full.returncode == 1
        (line,) = full.stderr.strip().splitlines()
        assert "below min_free = 5,000,000" in line
        assert_level(folder)  # in order: every file closed, every capture in the database
        before = len(portal.exchanges)
        make_room(folder)
        done = quynhon(*command)
        assert done.returncode == 0, done.stderr
        assert "after a crash" not in done.stdout
        assert missing(folder, portal) == set()
        assert_level(folder)
        asked = [(e.method, e.target, e.request.partition(b"\r\n\r\n")[2]) for e in portal.exchanges]
    robots = ("GET", "/robots.txt", b"")
    assert before > 1
    assert not {each for each in asked[before:] if each in asked[:before]} - {robots}
