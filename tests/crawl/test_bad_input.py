"""Portals that fail, archives that are none, pages that are monsters: told in a line, and nothing is lost."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

import pytest

from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.warc.reader import Stored, exchanges
from tests.crawl.run_crawl import quynhon, start

SETTINGS = """
[crawl]
delay = 0
concurrency = 4
retries = 1
retry_delay = 0
timeout = 20.0
min_free = 0
"""


def archive(folder: Path, more: str = "") -> Path:
    """A new archive folder that does not wait."""
    folder.mkdir(exist_ok=True)
    (folder / "archive.toml").write_text(SETTINGS + more)
    return folder


def stored(folder: Path) -> list[Stored]:
    return [
        item for path in (folder / "warc").iterdir() for item in exchanges(path) if isinstance(item, Stored)
    ]


def failures(folder: Path) -> dict[str, str]:
    db = sqlite3.connect(folder / "quynhon.db")
    rows = dict(db.execute("SELECT url, error FROM failures ORDER BY seen_at"))
    db.close()
    return rows


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def assert_one_line(text: str) -> None:
    assert len(text.strip().splitlines()) == 1
    assert "Traceback" not in text


def test_an_address_that_does_not_answer(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    done = quynhon("crawl", url, "--archive", archive(tmp_path))
    assert done.returncode == 1
    assert f"{url}: no answer: connection refused" in done.stderr
    assert failures(tmp_path) == {url: "no answer: connection refused"}


def test_a_portal_that_robots_txt_closes(tmp_path: Path) -> None:
    with SamplePortal(articles=5) as portal:
        portal.fault("/robots.txt", "robots-disallow")
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
        asked = {e.target for e in portal.exchanges}
    assert done.returncode == 1
    assert "robots.txt forbids it" in done.stderr
    assert asked == {"/robots.txt"}
    assert len(stored(tmp_path)) == 1


def test_a_robots_txt_that_fails_forbids_everything(tmp_path: Path) -> None:
    with SamplePortal(articles=5) as portal:
        portal.fault("/robots.txt", "500")
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
        asked = [e.target for e in portal.exchanges]
    assert done.returncode == 1
    assert "robots.txt answers 500" in done.stderr
    assert asked == ["/robots.txt"] * 2


def test_a_robots_txt_that_fails_once_is_asked_again(tmp_path: Path) -> None:
    with SamplePortal(articles=5) as portal:
        portal.fault("/robots.txt", "503", times=1, seconds=0)
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
    assert done.returncode == 0, done.stderr


def test_a_portal_that_answers_500(tmp_path: Path) -> None:
    with SamplePortal(articles=5) as portal:
        portal.fault("/", "500")
        portal.fault("/robots.txt", "404", times=1)
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
    assert done.returncode == 1
    assert f"{portal.url}: answered 500" in done.stderr or "robots.txt answers 500" in done.stderr


def test_a_portal_that_cuts_every_body(tmp_path: Path) -> None:
    with SamplePortal(articles=5) as portal:
        portal.fault("/*", "cut")
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
        sent = {bytes(e.response) for e in portal.exchanges}
    assert done.returncode == 1
    assert "cut short (disconnect)" in done.stderr
    kept = stored(tmp_path)
    assert kept
    assert {item.record.block for item in kept} == sent
    assert {item.record.headers.get("warc-truncated") for item in kept} == {"disconnect"}


def test_what_is_busy_is_asked_again_as_late_as_it_wants(tmp_path: Path) -> None:
    with SamplePortal(articles=20) as portal:
        portal.fault("/kinh-te", "503", times=1, seconds=1)
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
        asked = [e.status for e in portal.exchanges if e.target == "/kinh-te"]
    assert done.returncode == 0, done.stderr
    assert asked == [503, 200]


@pytest.mark.parametrize("kind", ["empty", "binary", "huge", "deep"])
def test_monstrous_html_never_stops_the_crawl(tmp_path: Path, kind: str) -> None:
    with SamplePortal(articles=20) as portal:
        victim = next(a for a in portal.truth.articles if a.kind == "article").url
        portal.fault(victim.removeprefix(portal.url.rstrip("/")), kind)
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
        wanted = {a.url for a in portal.truth.articles} - {victim}
    assert "finished" in done.stdout, done.stderr
    assert "Traceback" not in done.stderr
    db = sqlite3.connect(tmp_path / "quynhon.db")
    have = {url for (url,) in db.execute("SELECT url FROM articles")}
    db.close()
    assert wanted <= have
    assert [item for item in stored(tmp_path) if item.record.url == victim]
    assert victim in have or failures(tmp_path)[victim]


def test_a_folder_that_is_no_archive_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    done = quynhon("crawl", "http://127.0.0.1:1/", "--archive", tmp_path)
    assert done.returncode == 2
    assert_one_line(done.stderr)
    assert "thesis.txt" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_unknown_key_is_named_with_its_line_and_nothing_is_touched(tmp_path: Path) -> None:
    archive(tmp_path, "speed = 9\n")
    done = quynhon("crawl", "http://127.0.0.1:1/", "--archive", tmp_path)
    assert done.returncode == 2
    assert_one_line(done.stderr)
    assert "archive.toml:9: unknown key 'speed'" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["archive.toml"]


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    db = sqlite3.connect(archive(tmp_path) / "quynhon.db")
    db.execute("PRAGMA user_version = 999")
    db.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY)")
    db.close()
    before = (tmp_path / "quynhon.db").read_bytes()
    for command in (("crawl", "http://127.0.0.1:1/"), ("search", "x"), ("status",)):
        done = quynhon(*command, "--archive", tmp_path)
        assert done.returncode == 2, done.stderr
        assert_one_line(done.stderr)
        assert "quynhon.db" in done.stderr
    assert (tmp_path / "quynhon.db").read_bytes() == before


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("crawl", "quynhon.gov.vn"), "no portal is named"),
        (("crawl", "ftp://h/"), "is not an address"),
        (("crawl",), "which portal?"),
        (("crawl", "http://127.0.0.1:1/", "--delay", "soon"), "not a valid float"),
        (("crawl", "http://127.0.0.1:1/", "--delay", "inf"), "inf is not in the range"),
        (("crawl", "http://127.0.0.1:1/", "--delay", "nan"), "delay='nan' is not between 0 and 86,400"),
        (
            ("takedown", "notaurl", "--reason", "x"),
            "'notaurl' is not an address of the web; write it in full",
        ),
        (("search", "x"), "not there yet"),
        (("search", ""), "give the words to look for, as: quynhon search"),
        (("search", "-"), "give the words to look for, as: quynhon search"),
        (("rebuild",), "no WARC files"),
    ],
)
def test_wrong_use_is_one_line_and_status_two(tmp_path: Path, command: tuple[str, ...], said: str) -> None:
    done = quynhon(*command, "--archive", archive(tmp_path))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_crawl_of_one_archive_says_so_and_stops(tmp_path: Path) -> None:
    archive(tmp_path)
    with SamplePortal(articles=5, latency=0.2) as portal:
        first = start("crawl", portal.url, "--archive", tmp_path, "--concurrency", "1")
        try:
            while not portal.exchanges:
                assert first.poll() is None
            second = quynhon("crawl", portal.url, "--archive", tmp_path)
        finally:
            first.kill()
            first.wait()
    assert second.returncode == 2
    assert_one_line(second.stderr)
    assert f"process {first.pid}" in second.stderr
