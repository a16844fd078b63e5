"""The rows are a function of the set of captures and readings, not of the order in which they arrive."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quynhon_crawler.model import (
    Article,
    Attachment,
    Author,
    Capture,
    Document,
    Image,
    Listing,
    ListingItem,
    Reading,
    Section,
)
from quynhon_crawler.store import Store, fulltext
from quynhon_crawler.store.content import content_digest, public_tables, rows_of
from tests.store.world import BODY, HOME, OLD, capture

Arrival = tuple[Capture, object]

# One article under four addresses, one of the old generation with the same text, one of its own.
PAGES = {
    f"{HOME}tin-tuc/bai-1.html": f"{HOME}tin-tuc/bai-1.html",
    f"http://www.{HOME[8:]}tin-tuc/bai-1.html?utm_source=zalo": f"{HOME}tin-tuc/bai-1.html",
    f"{HOME}in/bai-1": f"{HOME}tin-tuc/bai-1.html",
    f"{OLD}bai-1.aspx": f"{OLD}bai-1.aspx",
    f"{HOME}tin-tuc/bai-2.html": f"{HOME}tin-tuc/bai-2.html",
}
FILES = (f"{HOME}upload/a.jpg", f"{OLD}upload/a.jpg", f"{HOME}upload/kehoach.pdf")
AUTHORS = (
    Author("Linh_VPTU", "Linh", "VPTU", "Văn phòng Thành ủy"),
    Author("Linh - VPTU", "Linh", "VPTU"),
    Author("Phi Hùng", "Phi Hùng"),
)

days = st.integers(1, 6)
numbers = st.integers(0, 2)


@st.composite
def sections(draw: st.DrawFn) -> tuple[Section, ...]:
    top = Section(draw(st.sampled_from(("Tin tức", "TIN TỨC"))), f"{HOME}tin-tuc")
    below = Section("Xây dựng Đảng", draw(st.sampled_from((f"{HOME}tin-tuc/dang", None))))
    return draw(st.sampled_from(((), (top,), (top, below), (below, top), (top, top))))


@st.composite
def pictures(draw: st.DrawFn) -> tuple[Image, ...]:
    urls = draw(st.lists(st.sampled_from(FILES[:2]), max_size=3))
    return tuple(Image(at, url, width=draw(st.sampled_from((None, 600)))) for at, url in enumerate(urls))


@st.composite
def articles(draw: st.DrawFn, url: str) -> Article:
    author = draw(st.sampled_from((None, *AUTHORS)))
    return Article(
        url=url,
        title=draw(st.sampled_from(("Hội nghị", "Đại hội"))),
        lead=draw(st.sampled_from((None, "Sáng nay."))),
        body=draw(st.sampled_from((BODY, BODY + " Thêm một câu nữa."))),
        body_html=draw(st.sampled_from(("<p>a</p>", "<p>b</p>"))),
        byline=author.byline if author else None,
        author=author,
        published_at=draw(st.sampled_from((None, "2019-08-27T15:04:00+07:00"))),
        sections=draw(sections()),
        images=draw(pictures()),
        attachments=draw(st.sampled_from(((), (Attachment(FILES[2], "Kế hoạch"),)))),
        tags=draw(st.sampled_from(((), ("Đại hội",), ("đại hội", "đảng")))),
    )


@st.composite
def lists(draw: st.DrawFn) -> Reading:
    items = draw(st.lists(st.sampled_from(sorted(PAGES)), max_size=3, unique=True))
    authors = st.sampled_from((None, "Linh_VPTU", "Thu Hà - VPTU"))
    number = draw(st.sampled_from((None, "12/QĐ-UBND")))
    return Reading(
        "vhv",
        "listing",
        listing=Listing(
            url=f"{HOME}tin-tuc",
            list_id="25",
            page_no=1,
            items=tuple(
                ListingItem(url, draw(st.sampled_from((None, "Tên"))), draw(authors)) for url in items
            ),
            total_items=draw(st.sampled_from((None, 5, 7))),
        ),
        documents=(Document(f"{HOME}vb/12", number, signer=draw(st.sampled_from((None, "Nguyễn Văn A")))),),
    )


@st.composite
def arrivals(draw: st.DrawFn) -> Arrival:
    day, number = draw(days), draw(numbers)
    kind = draw(
        st.sampled_from(("article", "article", "article", "gone", "unchanged", "soft", "list", "file"))
    )
    if kind == "list":
        return capture(f"{HOME}tin-tuc", day, number, method="POST"), draw(lists())
    if kind == "file":
        return capture(draw(st.sampled_from(FILES)), day, number, media_type="image/jpeg"), draw(
            st.sampled_from((None, 800))
        )
    url = draw(st.sampled_from(sorted(PAGES)))
    if kind == "article":
        return capture(url, day, number), Reading("vhv", "article", draw(articles(PAGES[url])))
    status = {"gone": draw(st.sampled_from((404, 410))), "unchanged": 304, "soft": 200}[kind]
    problem = "soft 404" if kind == "soft" else None
    return capture(url, day, number + 10, status=status), Reading("vhv", "not-a-page", problem=problem)


def put(store: Store, arrival: Arrival, portal_id: int) -> None:
    seen, what = arrival
    store.add_capture(seen)
    if isinstance(what, Reading):
        store.add_reading(seen, what, portal_id=portal_id)
        if what.problem:
            store.add_failure(
                url=seen.url,
                stage="extract",
                error=what.problem,
                seen_at=seen.captured_at,
                capture_id=seen.id,
            )
    else:
        store.add_file(seen, width=what, height=what)


def written(
    path: Path, order: list[Arrival], commit: Callable[[], bool]
) -> dict[str, list[tuple[object, ...]]]:
    """The content after arrivals in this order, committed where ``commit`` says so."""
    with Store.open(path, create=True) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        for arrival in order:
            put(store, arrival, portal_id)
            if commit():
                store.commit()
        store.commit()
        for index in fulltext.NAMES:
            store.connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        assert not store.connection.execute("PRAGMA foreign_key_check").fetchall()
        assert not store.connection.execute("SELECT * FROM _batch").fetchall()
        return {table: list(rows_of(store.connection, table)) for table in public_tables(store.connection)}


@st.composite
def listed_arrivals(draw: st.DrawFn) -> Arrival:
    """Lists and pages that name no writer, at few addresses: what one tells, the other lacks."""
    day, number = draw(days), draw(numbers)
    if draw(st.booleans()):
        return capture(f"{HOME}tin-tuc", day, number, method="POST"), draw(lists())
    url = draw(st.sampled_from(sorted(PAGES)[:3]))
    return capture(url, day, number), Reading(
        "vhv", "article", Article(url=PAGES[url], title="Hội nghị", body=BODY)
    )


def check_any_order(world: list[Arrival], chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        in_time = sorted(world, key=lambda item: (item[0].captured_at, item[0].id))
        expected = written(Path(folder) / "a.db", in_time, lambda: True)
        shuffled = world + chance.sample(world, len(world) // 3)
        chance.shuffle(shuffled)
        found = written(Path(folder) / "b.db", shuffled, lambda: chance.random() < 0.4)
        assert {t: set(r) ^ set(expected[t]) for t, r in found.items() if r != expected[t]} == {}


def unique(arrivals: st.SearchStrategy[Arrival]) -> st.SearchStrategy[list[Arrival]]:
    return st.lists(arrivals, min_size=2, max_size=12, unique_by=lambda item: item[0].id)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(unique(arrivals()), st.randoms(use_true_random=True))
def test_any_order_gives_the_same_rows(world: list[Arrival], chance: random.Random) -> None:
    check_any_order(world, chance)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(unique(listed_arrivals()), st.randoms(use_true_random=True))
def test_any_order_of_lists_and_pages_gives_the_same_rows(
    world: list[Arrival], chance: random.Random
) -> None:
    check_any_order(world, chance)


def test_the_digest_tells_content_not_order(tmp_path: Path) -> None:
    first, second = (capture(day=1), 100), (capture(f"{HOME}upload/b.jpg", 2), 200)
    digests = []
    for name, order in (("a", [first, second]), ("b", [second, first]), ("c", [first])):
        written(tmp_path / name, order, lambda: True)
        with Store.open(tmp_path / name, readonly=True) as store:
            digests.append(content_digest(store.connection))
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize("days_seen", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
def test_versions_follow_time_not_arrival(tmp_path: Path, days_seen: tuple[int, ...]) -> None:
    titles = {1: "Một", 2: "Hai", 3: "Một"}
    world = []
    for day in days_seen:
        url = f"{HOME}tin-tuc/bai-1.html"
        world.append(
            (capture(url, day), Reading("vhv", "article", Article(url=url, title=titles[day], body=BODY)))
        )
    written(tmp_path / "a.db", world, lambda: True)
    with Store.open(tmp_path / "a.db", readonly=True) as store:
        found = store.connection.execute(
            "SELECT version, title FROM article_versions ORDER BY version"
        ).fetchall()
    assert found == [(1, "Một"), (2, "Hai"), (3, "Một")]


def test_the_last_end_of_a_resumed_crawl_counts_in_any_order(tmp_path: Path) -> None:
    ends = (
        ("full", {"finished_at": "2026-01-01T01:00:00Z", "outcome": "interrupted", "requests": 14}),
        ("update", {"finished_at": "2026-01-01T02:00:00Z", "outcome": "finished", "requests": 653}),
    )
    found = set()
    for number, order in enumerate((ends, ends[::-1])):
        with Store.open(tmp_path / f"{number}.db", create=True) as store:
            portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
            for mode, end in order:
                store.start_crawl(id="a", portal_id=portal_id, mode=mode, started_at="2026-01-01T00:00:00Z")
                store.finish_crawl("a", **end)
            store.commit()
            sql = "SELECT mode, finished_at, outcome, requests FROM crawls"
            found.add(store.connection.execute(sql).fetchone())
    assert found == {("update", "2026-01-01T02:00:00Z", "finished", 653)}
