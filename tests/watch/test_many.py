"""Thirty portals: commands lead with what matters, name one when asked, and read no table for each portal."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quynhon_crawler.cli import main
from quynhon_crawler.config import load
from quynhon_crawler.model import stable_id
from quynhon_crawler.publish import lookup
from quynhon_crawler.schedule.history import runs_of
from quynhon_crawler.store import Store, completeness
from quynhon_crawler.store.counts import lists_of
from quynhon_crawler.store.crawled import articles_of, crawls_of
from quynhon_crawler.store.unmended import crawl_so_far, unmended
from quynhon_crawler.urls import url_key
from tests.store.world import capture, reading

# Every way of reading a table through but that of takedowns, and of what a question has made itself.
_READS_ALL = re.compile(r"SCAN (?!t$|named|n$|groups|g$|hidden_articles|CONSTANT|\()")
COUNT = 30
KILLED, BAD = 3, 7


def url(number: int) -> str:
    return f"http://p{number}.example/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crawled an hour ago, all at the same time, as if by several machines."""
    folder = tmp_path_factory.mktemp("many")
    text = "[crawl]\nmin_free = 0\n"
    for number in range(COUNT):
        text += f'[[portals]]\nname = "p{number}"\nurl = "{url(number)}"\nevery = "{number + 6}h"\n'
    (folder / "archive.toml").write_text(text)
    begun, ended = (f"{datetime.now(UTC) - timedelta(minutes=ago):%Y-%m-%dT%H:%M:%SZ}" for ago in (60, 30))
    with Store.open(folder / "quynhon.db", create=True) as store:
        for number in range(COUNT):
            portal = store.put_portal(name=f"Cổng {number}", home_url=url(number), system=None, rights=None)
            crawl = f"c{number}"
            store.start_crawl(id=crawl, portal_id=portal, mode="update", started_at=begun)
            seen = capture(f"{url(number)}bai.html", crawl_id=crawl, captured_at=ended)
            store.add_reading(seen, reading(seen.url), portal_id=portal)
            store.add_capture(capture(url(number), crawl_id=crawl, captured_at=ended))
            for place in range(12 if number == BAD else 0):
                bad = f"{url(number)}hong-{place}.html"
                why = "no answer in time"
                store.add_failure(url=bad, stage="fetch", error=why, seen_at=ended, capture_id=None)
            if number != KILLED:
                counts = {"requests": 2, "failures": 12 if number == BAD else 0, "articles_new": 1}
                store.finish_crawl(crawl, finished_at=ended, outcome="finished", **counts)
    return folder


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--archive", str(folder)])


def test_status_sums_up(folder: Path) -> None:
    done = run(folder, "status")
    assert len(done.stdout.splitlines()) < 20
    assert "30 portals; last crawls: 29 finished, 1 without an end" in done.stdout
    assert "they brought 30 new articles" in done.stdout  # that of the killed one too
    assert "  p3: update, due now" in done.stdout
    assert "and 24 more portals coming" in done.stdout
    assert "Problem (p7): 12 addresses failed, more than max_failures = 10" in done.stderr
    assert "Problem (p3): the last crawl has no end" in done.stderr


def test_status_shows_one_by_its_name(folder: Path) -> None:
    said = run(folder, "status", "p7").output
    assert f"Portal p7, {url(7)}" in said
    assert "failed: 12 addresses" in said
    assert "p3" not in said
    assert len(json.loads(run(folder, "status", "p8", "--json").stdout)["portals"]) == 1
    assert len(json.loads(run(folder, "status", "--json").stdout)["portals"]) == COUNT
    assert len(run(folder, "status", "--failures", "p7").stdout.splitlines()) == 12
    assert run(folder, "status", "--failures", "p8").stdout == ""


@pytest.mark.parametrize("command", [("status",), ("status", "--failures"), ("schedule", "show")])
def test_a_name_that_is_none_is_told_in_one_line(folder: Path, command: tuple[str, ...]) -> None:
    done = run(folder, *command, "p77")
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "quynhon: p77: no portal of this archive has this name; meant: p7, p27, p17?"
    ]


def test_what_another_portal_did_not_answer_is_not_ones_own(folder: Path) -> None:
    """All crawls were at the same time, and one has no end."""
    portals = {one["name"]: one for one in json.loads(run(folder, "status", "--json").stdout)["portals"]}
    assert {name: one["failed_count"] for name, one in portals.items() if one["failed_count"]} == {"p7": 12}


def test_schedule_show_is_short(folder: Path) -> None:
    said = run(folder, "schedule", "show").stdout
    assert said.startswith("p3: update, due now")
    assert "30 of 30 portals have a timetable" in said
    assert len(said.splitlines()) < 12
    assert 'every "14h"' in run(folder, "schedule", "show", "p8").stdout
    assert len(json.loads(run(folder, "schedule", "show", "--json").stdout)["next"]) == COUNT


def test_the_report_draws_what_has_problems_and_lists_all(folder: Path, tmp_path: Path) -> None:
    run(folder, "report", "--output", str(tmp_path))
    html = (tmp_path / "report.html").read_text()
    assert re.findall(r"<h2>(p\d+)</h2>", html) == ["p3", "p7"]
    assert len(re.findall(r'<th scope="row">p\d+</th>', html)) == COUNT


def questions(folder: Path) -> Iterator[tuple[str, Callable[[sqlite3.Connection], object]]]:
    """What is asked for each portal."""
    portal = load(folder / "archive.toml").portals[BAD]
    number = stable_id(url_key(portal.url))
    crawl = {"id": "c7", "portal_id": number, "started_at": "2026", "finished_at": None, "outcome": None}
    yield "runs", lambda db: runs_of(db, portal)
    yield "lists", lambda db: (lists_of(db, number), completeness(db, number))
    yield "so far", lambda db: crawl_so_far(db, crawl)
    yield "failures", lambda db: list(unmended(db, crawl))
    yield "crawls", lambda db: (crawls_of(db, number), articles_of(db, "c7", "new"))
    yield "page", lambda db: lookup.portal(db, number, newest=10, crawls=10)
    yield "feed", lambda db: lookup.recent(db, None, 10, portal_id=number)


def test_no_table_is_read_through_for_one_portal(folder: Path) -> None:
    with closing(Store.open(folder / "quynhon.db", readonly=True).connection) as connection:
        connection.row_factory = sqlite3.Row
        for name, ask in questions(folder):
            asked: list[str] = []
            connection.set_trace_callback(asked.append)
            ask(connection)
            connection.set_trace_callback(None)
            assert asked, name
            for sql in asked:
                plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
                through = [step for step in plan if _READS_ALL.match(step)]
                assert not through, f"{name}: {through} of {sql}"
