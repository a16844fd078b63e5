"""Update crawls: what is new, edited or removed is found, and little else is asked for."""

from __future__ import annotations

import sqlite3
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from quynhon_crawler.config import Crawl
from quynhon_crawler.crawl.frontier import Frontier
from quynhon_crawler.crawl.ledger import Ledger
from quynhon_crawler.crawl.memory import MEMORY_SCHEMA
from quynhon_crawler.crawl.pace import HANOI
from quynhon_crawler.crawl.territory import Territory
from quynhon_crawler.crawl.visits import ARTICLE, DAY, FRONT, OTHER, Visits, interval
from quynhon_crawler.model import Article, Fetch
from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import archive, ask, assert_level, missing
from tests.crawl.run_crawl import quynhon, start
from tests.crawl.web import Web, page


def changes(folder: Path, kind: str) -> set[str]:
    rows = ask(folder, "a.url, c.kind", "changes c JOIN articles a ON a.id = c.article_id")
    return {str(url) for url, found in rows if found == kind}


def days_later(folder: Path, days: float) -> None:
    """What an archive looks like when it has been left alone for some days."""
    with sqlite3.connect(folder / "state" / "frontier.db") as db:
        shift = (days * DAY,)
        db.execute(
            "UPDATE visits SET due = due - ?1, checked_at = checked_at - ?1, first_at = first_at - ?1", shift
        )
        db.execute("UPDATE visits SET born = born - ?1, changed_at = changed_at - ?1", shift)
        db.execute("UPDATE facts SET value = value - ?1 WHERE name LIKE 'walked %'", shift)
    db.close()


def test_what_is_new_edited_and_removed_is_found_with_few_requests(tmp_path: Path) -> None:
    with SamplePortal(articles=60, feeds=True) as portal:
        folder = archive(tmp_path)
        assert quynhon("crawl", portal.url, "--archive", folder).returncode == 0
        first = portal.requests
        articles = [one for one in portal.truth.articles if one.kind == "article"]
        edited = {portal.edit(one, append="Đoạn mới.").url for one in articles[10:14]}
        removed = {one.url for one in articles[30:33]}
        for one in articles[30:33]:
            portal.remove(one)
        added = {portal.add_article().url for _ in range(9)}
        added |= {portal.add_article("/kinh-te").url for _ in range(13)}  # more than the section's page shows
        done = quynhon("crawl", portal.url, "--archive", folder)
        second = portal.requests - first
        assert missing(folder, portal) == set()
        third = quynhon("crawl", portal.url, "--archive", folder)
        quiet = portal.requests - first - second
    assert (done.returncode, third.returncode) == (0, 0), done.stderr
    assert changes(folder, "changed") == edited
    assert changes(folder, "gone") == removed
    assert added <= changes(folder, "new")
    assert second < 0.2 * first
    assert quiet < 30  # home, robots.txt, the sitemap, twenty sections
    assert "missing" not in third.stdout
    assert_level(folder)


def test_without_a_count_lists_of_links_are_followed_to_known_territory(tmp_path: Path) -> None:
    """Pages of a list that know neither how many there are nor where they end."""
    numbers = list(range(60, 0, -1))

    def answer(target: str) -> bytes | None:
        if target.startswith("/tin/bai-"):
            number = int(target.removeprefix("/tin/bai-").removesuffix(".html"))
            if number not in numbers:
                return None
            return page(f"Bài số {number}", "<p>" + f"Câu chuyện {number} " * 40 + "</p>", article=True)
        if target == "/":
            return page("Trang chủ", '<a href="/tin/">Tin tức</a>')
        if not target.startswith("/tin/"):
            return None
        which = int(target.removeprefix("/tin/page/").rstrip("/")) if "page" in target else 1
        shown = numbers[which * 10 - 10 : which * 10]
        items = "".join(f'<li><h3><a href="/tin/bai-{n}.html">Bài số {n}</a></h3></li>' for n in shown)
        pages = "".join(f'<a href="/tin/page/{n}/">{n}</a> ' for n in range(2, len(numbers) // 10 + 2))
        return page("Tin tức", f"<ul>{items}</ul>{pages}") if shown else None

    folder = archive(tmp_path)
    with Web(answer) as web:
        assert quynhon("crawl", web.url, "--archive", folder).returncode == 0
        first = len(web.asked)
        numbers[:0] = range(85, 60, -1)
        done = quynhon("crawl", web.url, "--archive", folder)
        second = web.asked[first:]
        quynhon("crawl", web.url, "--archive", folder)
        third = web.asked[first + len(second) :]
    assert done.returncode == 0, done.stderr
    assert ask(folder, "count(*)", "articles") == [(85,)]
    assert sum("bai-" in target for target in second) == 25
    assert set(third) == {"/robots.txt", "/", "/tin/"}


def test_edits_of_young_articles_are_seen_within_a_day_and_old_ones_in_turn(tmp_path: Path) -> None:
    """Forty articles a day old to four years old, all edited; no list and no sitemap tells of it."""
    edition = ["cũ"]
    ages = [1, 5, 12, 20, 29, *range(40, 1440, 40)]

    def answer(target: str) -> bytes | None:
        if target == "/":
            return page("Trang chủ", "".join(f'<a href="/bai-{n}.html">Bài</a> ' for n in range(len(ages))))
        if not target.startswith("/bai-"):
            return None
        number = int(target[5:-5])
        day = datetime.now(HANOI) - timedelta(days=ages[number])
        when = f'<meta property="article:published_time" content="{day:%Y-%m-%dT%H:%M:%S+07:00}">'
        text = "<p>" + f"Chuyện {edition[0]} thứ {number} " * 40 + "</p>"
        return page(f"Bài {number}", text, article=True, more=when)

    folder = archive(tmp_path)
    with Web(answer) as web:
        quynhon("crawl", web.url, "--archive", folder)
        edition[0] = "mới"
        days_later(folder, 1)
        first = len(web.asked)
        quynhon("crawl", web.url, "--archive", folder)
        second = set(web.asked[first:])
        assert {f"{web.url}bai-{n}.html" for n in range(5)} == changes(folder, "changed")
        assert second == {"/robots.txt", "/", *(f"/bai-{n}.html" for n in range(5))}
        days_later(folder, 230)
        quynhon("crawl", web.url, "--archive", folder)
        assert {f"{web.url}bai-{n}.html" for n in range(len(ages))} == changes(folder, "changed")


def test_a_clock_that_was_set_back_puts_no_page_off(tmp_path: Path) -> None:
    """Everything was seen in the year 2030 by a wrong clock; nothing is left alone until then."""
    edition = ["cũ"]

    def answer(target: str) -> bytes | None:
        if target == "/":
            return page("Trang chủ", '<a href="/bai-1.html">Bài</a>')
        text = "<p>" + f"Chuyện {edition[0]} " * 40 + "</p>"
        return page("Bài", text, article=True) if target == "/bai-1.html" else None

    folder = archive(tmp_path)
    with Web(answer) as web:
        quynhon("crawl", web.url, "--archive", folder)
        days_later(folder, -1500)
        edition[0] = "mới"
        quynhon("crawl", web.url, "--archive", folder)
        assert changes(folder, "changed") == {f"{web.url}bai-1.html"}
        asked = len(web.asked)
        quynhon("crawl", web.url, "--archive", folder)
        assert web.asked[asked:] == ["/robots.txt", "/"]


def test_lists_that_were_walked_by_a_wrong_clock_are_walked_again() -> None:
    def walks(walked_days_ago: float) -> bool:
        territory = Territory(Visits(Ledger(Path(":memory:"), version=1, schema=""), "a.vn"), Crawl())
        territory.begin(full=False, walked_at=1e9 - walked_days_ago * DAY, started=1e9)
        return territory.walk

    assert [walks(days) for days in (1, 8, -1500)] == [False, True, True]


def test_a_retry_that_a_wrong_clock_put_off_is_asked_at_once(tmp_path: Path) -> None:
    frontier = Frontier(tmp_path / "frontier.db")
    frontier.add([Fetch("https://a.vn/")])
    lease = frontier.lease()
    assert lease is not None
    frontier.again(lease.seq, wait=60)
    assert frontier.lease() is None
    assert frontier.next_due() == pytest.approx(60, abs=5)
    frontier.again(lease.seq, wait=1500 * DAY)
    assert frontier.next_due() == 0
    assert frontier.lease() is not None
    frontier.close()


def test_a_daily_crawl_asks_for_all_young_articles_each_day_however_long_it_takes(tmp_path: Path) -> None:
    visits = Visits(Ledger(tmp_path / "f.db", version=1, schema=MEMORY_SCHEMA), "a.vn")
    begun = time.time() - DAY
    for hour in (0, 9, 18):  # when in yesterday's crawl each was asked for
        day = datetime.fromtimestamp(begun - 10 * DAY, HANOI).isoformat()
        one = Article(f"https://a.vn/{hour}", published_at=day)
        visits.learn(one.url, ARTICLE, 200, article=one, now=begun + hour * 3600, since=begun)
    assert {fetch.url[-1] for fetch in visits.due(9) if fetch.priority} == {"0", "9", "8"}


def test_an_interrupted_first_crawl_is_no_known_territory(tmp_path: Path) -> None:
    folder = archive(tmp_path)
    with SamplePortal(articles=20) as portal:
        for limit in ("30", "60"):
            quynhon("crawl", portal.url, "--archive", folder, "--limit", limit)
        assert quynhon("crawl", portal.url, "--archive", folder).returncode == 0
        assert missing(folder, portal) == set()


def test_full_asks_for_everything_again(tmp_path: Path) -> None:
    folder = archive(tmp_path)
    with SamplePortal(articles=3) as portal:
        quynhon("crawl", portal.url, "--archive", folder)
        first = portal.requests
        done = quynhon("crawl", portal.url, "--archive", folder, "--full")
        assert portal.requests - first == first
    assert done.returncode == 0, done.stderr


def test_a_section_that_is_incomplete_is_a_problem_and_is_made_good(tmp_path: Path) -> None:
    folder = archive(tmp_path, "min_free = 0\nburst = 1000\n")
    with SamplePortal(articles=20) as portal:
        victims = [one for one in portal.truth.articles if "/kinh-te/" in one.url]
        portal.fault("/kinh-te/*.html", "500")
        done = quynhon("crawl", portal.url, "--archive", folder)
        assert done.returncode == 1
        (line,) = [line for line in done.stderr.splitlines() if f"{portal.base}/kinh-te: incomplete" in line]
        assert f"incomplete: {len(victims)} of {len(victims)} listed items are not here" in line
        portal.heal()
        again = quynhon("crawl", portal.url, "--archive", folder)
        assert missing(folder, portal) == set()
    assert again.returncode == 0, again.stderr


def test_what_was_removed_does_not_hide_what_is_missing(tmp_path: Path) -> None:
    """As many articles were removed as new ones lead to the home page when they are asked for."""
    folder = archive(tmp_path)
    with SamplePortal(articles=20) as portal:
        quynhon("crawl", portal.url, "--archive", folder)
        old = [one for one in portal.truth.articles if one.url.startswith(f"{portal.base}/kinh-te/")]
        for one in old[:2]:
            portal.remove(one)
        for _ in range(2):
            added = portal.add_article("/kinh-te")
            portal.fault(added.url.removeprefix(portal.base), "redirect-home")
        done = quynhon("crawl", portal.url, "--archive", folder)
        assert done.returncode == 1
        assert f"{portal.base}/kinh-te: incomplete: 2 of {len(old)} listed items are not here" in done.stderr
        portal.heal()
        days_later(folder, 1)
        assert quynhon("crawl", portal.url, "--archive", folder).returncode == 0
        assert missing(folder, portal) == set()


@pytest.mark.parametrize(
    ("kind", "status", "age", "quiet", "changes", "days"),
    [
        (FRONT, 200, 900, 900, 0, 0),
        (ARTICLE, 200, 1, 1, 0, 5 / 24),
        (ARTICLE, 200, 29, 29, 0, 20 / 24),
        (ARTICLE, 200, 100, 100, 0, 25),
        (ARTICLE, 200, 100, 100, 1, 12.5),
        (ARTICLE, 200, 2000, 2000, 0, 180),
        (ARTICLE, 200, 2000, 1, 3, 7),
        (OTHER, 200, 0, 0, 0, 3),
        (OTHER, 200, 2000, 2000, 0, 60),
        (ARTICLE, 404, 2000, 0, 0, 20 / 24),
        (FRONT, 301, 1, 4, 0, 4),
        (OTHER, 404, 2000, 2000, 0, 30),
    ],
)
def test_when_a_page_is_due_again(
    kind: int, status: int, age: float, quiet: float, changes: int, days: float
) -> None:
    wait = interval(kind, status, age=age * DAY, quiet=quiet * DAY, changes=changes)
    assert wait == pytest.approx(days * DAY)


def test_the_budget_goes_to_the_young_first_then_to_what_was_due_longest(tmp_path: Path) -> None:
    visits = Visits(Ledger(tmp_path / "f.db", version=1, schema="CREATE TABLE known (key BLOB)"), "a.vn")
    now = time.time()
    for number in range(5):
        day = datetime.fromtimestamp(now - (number + 5) * DAY, HANOI).isoformat()
        young = Article(f"https://a.vn/moi-{number}", published_at=day)
        visits.learn(young.url, ARTICLE, 200, article=young, now=now - 2 * DAY)
        old = Article(f"https://a.vn/cu-{number}", published_at="2019-08-27T15:04:00+07:00")
        visits.learn(old.url, ARTICLE, 200, article=old, now=now - (400 - number) * DAY)
    visits.learn("https://a.vn/", FRONT, 200, now=now)
    due = [fetch.url.removeprefix("https://a.vn/") for fetch in visits.due(8) if "lost" not in fetch.url]
    assert [url for url in due if url.startswith("moi")][-5:] == [f"moi-{n}" for n in range(5)]
    assert "" in due


def test_a_section_that_was_broken_for_a_day_is_one_again(tmp_path: Path) -> None:
    folder = archive(tmp_path)
    with SamplePortal(articles=20) as portal:
        quynhon("crawl", portal.url, "--archive", folder)
        portal.fault("/kinh-te", "404")
        quynhon("crawl", portal.url, "--archive", folder)
        portal.heal()
        added = portal.add_article("/kinh-te")
        days_later(folder, 1)
        done = quynhon("crawl", portal.url, "--archive", folder)
    assert done.returncode == 0, done.stderr
    assert added.url in changes(folder, "new")


def test_archive_toml_counts_as_it_was_when_the_crawl_began(tmp_path: Path) -> None:
    folder = archive(tmp_path)
    with SamplePortal(articles=20, latency=0.01) as portal:
        process = start("crawl", portal.url, "--archive", folder)
        deadline = time.monotonic() + 120
        while portal.requests < 20:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        (folder / "archive.toml").write_text("[crawl]\ndealy = 3\n")
        assert process.wait(timeout=240) == 0
        assert missing(folder, portal) == set()
        done = quynhon("crawl", portal.url, "--archive", folder)
    assert done.returncode == 2
    assert "archive.toml:2: unknown key 'dealy'" in done.stderr


def test_an_update_crawl_that_was_killed_goes_on_as_one(tmp_path: Path) -> None:
    """What recovery reads again leads to known pages too, and they are left alone."""
    folder = archive(tmp_path)
    with SamplePortal(articles=20) as portal:
        quynhon("crawl", portal.url, "--archive", folder)
        first = portal.requests
        added = {portal.add_article("/kinh-te").url for _ in range(5)}
        portal.fault("/thong-bao", "hang", 1, seconds=60.0)
        process = start("crawl", portal.url, "--archive", folder)
        deadline = time.monotonic() + 120
        while portal.requests < first + 5:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.kill()
        process.wait()
        done = quynhon("crawl", portal.url, "--archive", folder)
        assert portal.requests - first < 90
        assert missing(folder, portal) == set()
    assert done.returncode == 0, done.stderr
    assert added <= changes(folder, "new")
