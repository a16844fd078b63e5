"""What an article was, when it changed, when it went and came back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quynhon_crawler.model import Image, Reading
from tests.store.conftest import Archive
from tests.store.world import ADDRESS, BODY, HOME, article, capture, reading

DAYS = [f"2026-01-{day:02}T00:00:00Z" for day in range(10)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Đại hội"),
        ("lead", None),
        ("body", BODY + " Thêm."),
        ("byline", "Phi Hùng"),
        ("published_at", "2019-08-28T08:00:00+07:00"),
    ],
)
def test_a_changed_text_is_a_new_version_beside_the_old(
    archive: Archive, field: str, value: str | None
) -> None:
    archive.see(capture(day=1), reading())
    archive.see(capture(day=2), reading(**{field: value}))
    versions = archive.rows(f"SELECT version, seen_at, {field} FROM article_versions ORDER BY version")
    assert versions == [(1, DAYS[1], getattr(article(), field)), (2, DAYS[2], value)]
    assert archive.rows("SELECT version, changed_at FROM articles") == [(2, DAYS[2])]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("body_html", "<p>khác</p>"),
        ("published_meta", "2022-08-25T00:00:00+07:00"),
        ("tags", ()),
        ("images", (Image(0, f"{HOME}upload/b.jpg"),)),
    ],
)
def test_anything_else_is_no_new_version_but_is_shown(archive: Archive, field: str, value: object) -> None:
    archive.see(capture(day=1), reading())
    archive.see(capture(day=2), reading(**{field: value}))
    assert archive.rows("SELECT version, changed_at, first_seen_at, last_seen_at FROM articles") == [
        (1, None, DAYS[1], DAYS[2])
    ]
    assert archive.one("count(*)", "article_versions") == 1
    shown = {
        "tags": "SELECT count(*) = 0 FROM article_tags",
        "images": "SELECT url = 'https://quynhon.example/upload/b.jpg' FROM images",
        "body_html": "SELECT body_html = '<p>khác</p>' FROM articles",
        "published_meta": "SELECT published_meta LIKE '2022%' FROM articles",
    }[field]
    assert archive.rows(shown) == [(1,)]


def test_an_unchanged_article_keeps_its_text_once(archive: Archive) -> None:
    archive.see(capture(day=1), reading())
    archive.see(capture(day=2), reading())
    assert archive.rows("SELECT version, lead, body FROM article_versions") == [(1, None, None)]
    assert archive.rows("SELECT version, lead, body FROM article_history") == [(1, article().lead, BODY)]


@pytest.mark.parametrize("status", [404, 410])
def test_a_refusal_tells_when_an_article_went(archive: Archive, status: int) -> None:
    archive.see(capture(day=1), reading())
    archive.answered(capture(day=2, status=status))
    archive.answered(capture(day=3, status=status))
    assert archive.rows("SELECT gone_at, last_seen_at FROM articles") == [(DAYS[2], DAYS[1])]
    assert archive.rows("SELECT kind, at, reason FROM changes ORDER BY at") == [
        ("new", DAYS[1], None),
        ("gone", DAYS[2], f"answered {status}"),
    ]


@pytest.mark.parametrize(("status", "problem"), [(200, "soft 404: Không tìm thấy trang"), (302, None)])
def test_a_page_that_is_none_tells_that_an_article_went(
    archive: Archive, status: int, problem: str | None
) -> None:
    archive.see(capture(day=1), reading())
    archive.see(capture(day=2, status=status), Reading("vhv", "not-a-page", problem=problem))
    reason = problem or "redirects to the home page"
    assert archive.one("gone_at") == DAYS[2]
    assert archive.rows("SELECT reason FROM changes WHERE kind = 'gone'") == [(reason,)]


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_failure_of_the_server_is_no_removal(archive: Archive, status: int) -> None:
    archive.see(capture(day=1), reading())
    archive.see(capture(day=2, status=status), Reading("none", "not-a-page", problem=f"answered {status}"))
    assert archive.one("gone_at") is None


def test_an_obstacle_is_no_removal(archive: Archive) -> None:
    archive.see(capture(day=1), reading())
    archive.see(capture(day=2), Reading("none", "obstacle", problem="firewall: a page that sets a cookie"))
    assert archive.one("gone_at") is None


def test_back_again_clears_and_is_recorded(archive: Archive) -> None:
    archive.see(capture(day=1), reading())
    archive.answered(capture(day=2, status=404))
    archive.see(capture(day=3), reading())
    assert archive.rows("SELECT gone_at, version, last_seen_at FROM articles") == [(None, 1, DAYS[3])]
    assert [row[0] for row in archive.rows("SELECT kind FROM changes ORDER BY at")] == ["new", "gone", "back"]


def test_not_modified_says_that_it_is_still_there(archive: Archive) -> None:
    archive.see(capture(day=1), reading())
    archive.answered(capture(day=2, status=404))
    archive.see(capture(day=3, status=304, record_type="revisit"), reading(title="not read"))
    assert archive.rows("SELECT last_seen_at, gone_at, title, capture_id FROM articles") == [
        (DAYS[3], None, article().title, capture(day=1).id)
    ]


def test_another_address_may_vanish_without_the_article(archive: Archive) -> None:
    print_view = f"{HOME}in/bai-1"
    archive.see(capture(print_view, day=1), reading())
    archive.see(capture(ADDRESS, day=2), reading())
    archive.answered(capture(print_view, day=3, status=404))
    assert archive.one("gone_at") is None


def test_the_address_that_it_was_last_seen_at_counts(archive: Archive) -> None:
    moved = f"{HOME}moi/bai-1"
    archive.see(capture(moved, day=1), reading())
    archive.answered(capture(moved, day=2, status=404))
    assert archive.one("gone_at") == DAYS[2]


def test_an_address_that_was_never_an_article_makes_none(archive: Archive) -> None:
    archive.answered(capture(day=1, status=404))
    archive.store.add_gone(capture(f"{HOME}khac", day=1), "soft 404")
    archive.store.commit()
    assert archive.one("count(*)") == 0


def test_the_same_capture_twice_is_once(archive: Archive) -> None:
    archive.see(capture(day=1), reading())
    archive.see(capture(day=1), reading(title="another opinion"))
    assert archive.rows("SELECT title, version FROM articles") == [(article().title, 1)]


def test_ties_go_to_the_higher_capture_id(archive: Archive) -> None:
    captures = [capture(day=1, number=number) for number in range(2)]
    for number, seen in enumerate(captures):
        archive.see(seen, reading(title=f"Tên {number}"))
    last = max(range(2), key=lambda number: captures[number].id)
    assert archive.one("title") == f"Tên {last}"


def test_a_crawl_knows_what_it_brought(archive: Archive) -> None:
    archive.store.start_crawl(
        id="a", portal_id=archive.portal_id, mode="new", started_at="2026-01-01T00:00:00Z"
    )
    archive.see(capture(day=1, crawl_id="a"), reading())
    archive.see(capture(day=2, crawl_id="b"), reading(title="Đại hội"))
    archive.answered(capture(day=3, crawl_id="b", status=404))
    assert archive.store.crawl_totals("a", archive.portal_id)["articles_new"] == 1
    totals = archive.store.crawl_totals("b", archive.portal_id)
    assert (totals["articles_new"], totals["articles_changed"], totals["articles_gone"]) == (0, 1, 1)
    archive.store.finish_crawl("b", outcome="finished", **totals)
    archive.store.commit()
    assert archive.rows("SELECT outcome, articles_changed FROM crawls WHERE id = 'b'") == [("finished", 1)]


def test_a_revisit_that_came_without_its_body_gets_its_digest_later(archive: Archive) -> None:
    seen = capture(day=1, record_type="revisit")
    archive.answered(replace(seen, body_sha256=None, bytes=0))
    archive.answered(seen)
    assert archive.rows("SELECT body_sha256, bytes FROM captures") == [(seen.body_sha256, seen.bytes)]
