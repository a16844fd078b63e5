"""A search that finds too much to rank all of it: titles, then leads, newest before, as typed foremost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from quynhon_crawler.publish import narrow, veil
from quynhon_crawler.store import Store
from quynhon_crawler.store.search import search
from tests.store.world import HOME, capture, reading

TITLES = {
    "Chuyện của đảng viên": "2024-01-01T08:00:00+07:00",
    "Đảng viên trẻ": "2025-01-01T08:00:00+07:00",
    "Đang viên mãn": "2026-01-01T08:00:00+07:00",
}
OTHERS = 12


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """15 articles that all hold the words, three of them in their title; every third with other marks."""
    path = tmp_path / "quynhon.db"
    with Store.open(path, create=True) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        for number, (title, at) in enumerate(TITLES.items()):
            page = reading(f"{HOME}t{number}", title=title, body="Lời của đảng viên.", published_at=at)
            store.add_reading(capture(f"{HOME}t{number}"), page, portal_id=portal_id)
        for number in range(OTHERS):
            body = "Mọi đảng viên cùng làm." if number % 3 else "Mọi dàng viền cùng làm."
            page = reading(f"{HOME}{number}", title=f"Bài {number}", body=body)
            store.add_reading(capture(f"{HOME}{number}"), page, portal_id=portal_id)
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


def titles(connection: sqlite3.Connection, typed: str, **more: int) -> list[str]:
    return [hit.title or "" for hit in search(connection, typed, **more).hits]  # type: ignore[arg-type]


def test_counting_stops(stored: sqlite3.Connection) -> None:
    found = search(stored, "dang vien", most=10)
    assert (found.total, found.more) == (10, True)


def test_what_can_be_counted_is(stored: sqlite3.Connection) -> None:
    found = search(stored, "dang vien", most=15)
    assert (found.total, found.more) == (15, False)


def test_titles_come_first_the_newest_before(stored: sqlite3.Connection) -> None:
    newest = sorted(TITLES, key=lambda title: TITLES[title], reverse=True)
    assert titles(stored, "dang vien", most=5)[:3] == newest


def test_titles_spelt_as_typed_come_before_the_others(stored: sqlite3.Connection) -> None:
    wanted = ["Đảng viên trẻ", "Chuyện của đảng viên", "Đang viên mãn"]
    assert titles(stored, "đảng viên", most=5)[:3] == wanted


def test_after_the_titles_come_the_leads(tmp_path: Path) -> None:
    with Store.open(tmp_path / "quynhon.db", create=True) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        for number in range(20):
            at, lead = f"20{number + 1:02}-01-01T08:00:00+07:00", "Chợ hoa." if number % 4 == 0 else "Tin."
            title = "Chợ hoa xuân" if number in (3, 9) else "Bài"
            page = reading(f"{HOME}{number}", title=title, lead=lead, body="Chợ hoa.", published_at=at)
            store.add_reading(capture(f"{HOME}{number}"), page, portal_id=portal_id)
        store.commit()
        for typed in ("cho hoa", "chợ hoa"):
            hits = search(store.connection, typed, most=15, limit=9).hits
            assert [int(hit.url.rpartition("/")[2]) for hit in hits[:7]] == [9, 3, 16, 12, 8, 4, 0]
            assert [hit.exact for hit in hits] == [typed == "chợ hoa"] * 9
        # Of titles and leads together: one word stands in the title, the other in the lead.
        assert search(store.connection, "xuan tin", most=1, limit=1).hits[0].url == f"{HOME}9"


def test_after_the_titles_come_texts_spelt_as_typed(stored: sqlite3.Connection) -> None:
    found = search(stored, "đảng viên", most=14, limit=14)
    assert [hit.exact for hit in found.hits[3:]] == [True] * 8 + [False] * 3


def test_pages_hold_each_article_once(stored: sqlite3.Connection) -> None:
    pages = [titles(stored, "dang vien", most=10, limit=4, offset=start) for start in (0, 4, 8, 12)]
    assert [len(page) for page in pages] == [4, 4, 2, 0]
    assert len({title for page in pages for title in page}) == 10


def test_what_was_typed_only_narrows(stored: sqlite3.Connection) -> None:
    assert titles(stored, "dang vien tre", most=5) == ["Đảng viên trẻ"]


def test_many_titles_and_many_others(tmp_path: Path) -> None:
    """More titles than are read one by one, more others than are ranked: every page in one order."""
    with Store.open(tmp_path / "quynhon.db", create=True) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        for number in range(480):
            day = f"{2000 + number % 25}-{number % 12 + 1:02}-{number % 28 + 1:02}T08:00:00+07:00"
            title = f"Chợ hoa {number}" if number < 130 else f"Bài {number}"
            page = reading(f"{HOME}{number}", title=title, body="Chợ hoa ngày Tết.", published_at=day)
            store.add_reading(capture(f"{HOME}{number}"), page, portal_id=portal_id)
    connection = sqlite3.connect(tmp_path / "quynhon.db")
    sql = "SELECT id FROM articles WHERE title LIKE 'Chợ hoa%' ORDER BY published_at DESC, id"
    newest = [row[0] for row in connection.execute(sql)]
    for typed in ("cho hoa", "chợ hoa"):
        found: list[int] = []
        for start in range(0, 450, 20):
            found += [hit.id for hit in search(connection, typed, most=450, limit=20, offset=start).hits]
        assert found[:130] == newest
        assert len(found) == len(set(found)) == 450
    connection.close()


def test_what_was_taken_down_is_neither_found_nor_counted(tmp_path: Path) -> None:
    """Also on the connections of the site, where a view stands before the table and its indexes."""
    path = tmp_path / "quynhon.db"
    with Store.open(path, create=True) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        for number in range(130):
            at = f"{2000 + number % 2}-01-01T08:00:00+07:00"
            page = reading(f"{HOME}{number}", title=f"Chợ hoa {number}", published_at=at)
            store.add_reading(capture(f"{HOME}{number}"), page, portal_id=portal_id)
        store.commit()
        assert store.add_takedown(f"{HOME}7", reason="nhầm")
        store.commit()
    connection = sqlite3.connect(path, isolation_level=None)
    veil.cover(connection)
    for most in (50, 200):
        pages = [search(connection, "cho hoa", most=most, limit=50, offset=at).hits for at in (0, 50, 100)]
        urls = {hit.url for page in pages for hit in page}
        assert len(urls) == min(most, 129)
        assert f"{HOME}7" not in urls
    years = narrow.choices(connection, "cho hoa", {})["year"]
    assert [(year.value, year.count) for year in years] == [("2001", 64), ("2000", 65)]
    connection.close()
