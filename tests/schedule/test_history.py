"""What the database says of earlier crawls: nothing else has to survive for the timetable to go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from quynhon_crawler.config import Portal
from quynhon_crawler.errors import SchemaError
from quynhon_crawler.home import Home
from quynhon_crawler.model import Capture, stable_id
from quynhon_crawler.schedule.history import history, silent_since
from quynhon_crawler.store import Store
from quynhon_crawler.urls import url_key

URL = "http://a.example/"
PORTAL = Portal(name="a", url=URL)


def answer(at: str, status: int, url: str = URL) -> Capture:
    place = ("x.warc.gz", 0, 1, f"<urn:uuid:{at}{url}>")
    return Capture(url, url_key(url), at, "GET", status, "text/html", "response", None, 1, None, *place)


def archive(folder: Path, crawls: list[tuple[str, str, str | None]], *answers: Capture) -> Home:
    """An archive with crawls (mode, begun, ended) and captures."""
    home = Home(folder)
    with Store.open(home.database, create=True) as store:
        portal_id = store.put_portal(name="a", home_url=URL, system=None, rights=None)
        for mode, begun, ended in crawls:
            store.start_crawl(id=begun, portal_id=portal_id, mode=mode, started_at=begun)
            if ended:
                store.finish_crawl(begun, finished_at=ended, outcome="finished")
        for capture in answers:
            store.add_capture(capture)
    return home


def test_before_the_first_crawl_there_is_none(tmp_path: Path) -> None:
    assert history(Home(tmp_path), (PORTAL,)) == {"a": []}


def test_the_newest_comes_first_and_imports_are_none(tmp_path: Path) -> None:
    home = archive(
        tmp_path,
        [
            ("update", "2026-11-01T00:00:00.000000Z", "2026-11-01T01:00:00.000000Z"),
            ("full", "2026-11-03T00:00:00.000000Z", None),
            ("import", "2026-11-04T00:00:00.000000Z", None),
        ],
    )
    assert [(run.mode, run.finished) for run in history(home, (PORTAL,))["a"]] == [
        ("full", False),
        ("update", True),
    ]


@pytest.mark.parametrize(
    ("capture", "answered"),
    [
        (answer("2026-11-01T00:00:10.000000Z", 200), True),
        (answer("2026-11-01T00:00:10.000000Z", 304), True),
        (answer("2026-11-01T00:00:10.000000Z", 200, "https://www.a.example"), True),
        (answer("2026-11-01T00:00:10.000000Z", 503), False),
        (answer("2026-11-01T00:00:10.000000Z", 200, URL + "robots.txt"), False),
        (answer("2026-11-01T02:00:00.000000Z", 200), False),
        (answer("2026-10-31T02:00:00.000000Z", 200), False),
    ],
)
def test_a_portal_answered_when_its_home_page_came(tmp_path: Path, capture: Capture, answered: bool) -> None:
    crawls = [("update", "2026-11-01T00:00:00.000000Z", "2026-11-01T01:00:00.000000Z")]
    assert [run.answered for run in history(archive(tmp_path, crawls, capture), (PORTAL,))["a"]] == [answered]


def test_a_portal_that_moved_to_another_host_begins_anew(tmp_path: Path) -> None:
    home = archive(tmp_path, [("update", "2026-11-01T00:00:00.000000Z", None)])
    assert history(home, (Portal(name="a", url="http://b.example/"),)) == {"a": []}
    assert stable_id(url_key(URL)) != stable_id(url_key("http://b.example/"))


def test_a_database_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "quynhon.db").write_bytes(b"x" * 5000)
    with pytest.raises(SchemaError, match=r"quynhon\.db"):
        history(Home(tmp_path), (PORTAL,))


@pytest.mark.parametrize(
    ("outcome", "requests", "silent"),
    [
        ("finished", 0, True),  # robots.txt could not be had: nothing may be asked
        ("finished", 1, True),
        ("interrupted", 3, True),
        ("interrupted", 0, False),  # there was no room
        (None, None, False),  # killed, or the disk was full
    ],
)
def test_a_portal_is_silent_only_when_it_was_asked(
    tmp_path: Path, outcome: str | None, requests: int | None, silent: bool
) -> None:
    begun, ended = "2026-11-01T00:00:00.000000Z", "2026-11-01T01:00:00.000000Z"
    home = archive(tmp_path, [("update", begun, None)])
    if outcome:
        with Store.open(home.database) as store:
            store.finish_crawl(begun, finished_at=ended, outcome=outcome, requests=requests)
    runs = history(home, (PORTAL,))["a"]
    assert [run.silent for run in runs] == [silent]
    assert (silent_since(runs) is not None) == silent


def test_a_firewall_is_no_answer(tmp_path: Path) -> None:
    """Its page has status 200, and is a failure."""
    page = answer("2026-11-01T00:00:10.000000Z", 200)
    crawls: list[tuple[str, str, str | None]] = [("update", "2026-11-01T00:00:00.000000Z", None)]
    home = archive(tmp_path, crawls, page)
    with Store.open(home.database) as store:
        store.add_failure(
            url=URL, stage="extract", error="a firewall", seen_at=page.captured_at, capture_id=page.id
        )
    assert [run.answered for run in history(home, (PORTAL,))["a"]] == [False]
