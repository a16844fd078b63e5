"""How fast, and when not at all: rests that were asked for, bursts, hours, caps; remembered across runs."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from email.utils import formatdate
from pathlib import Path

import pytest

from quynhon_crawler.config import Crawl
from quynhon_crawler.crawl.ledger import Ledger
from quynhon_crawler.crawl.pace import HANOI, Pace, quiet_for, retry_after
from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import archive, ask, missing
from tests.crawl.run_crawl import quynhon
from tests.crawl.web import Web, page


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "frontier.db", version=1, schema="")


def at(clock: str) -> float:
    return datetime.fromisoformat(f"2026-11-24T{clock}+07:00").timestamp()


@pytest.mark.parametrize(
    ("hours", "clock", "minutes"),
    [
        ("07:30-17:30", "07:29", 0),
        ("07:30-17:30", "07:30", 600),
        ("07:30-17:30", "17:29", 1),
        ("07:30-17:30", "17:30", 0),
        ("22:00-05:30", "23:00", 390),
        ("22:00-05:30", "00:00", 330),
        ("22:00-05:30", "12:00", 0),
        ("", "12:00", 0),
    ],
)
def test_quiet_hours(hours: str, clock: str, minutes: int) -> None:
    assert quiet_for(hours, at(clock)) == minutes * 60


def test_retry_after_is_a_number_or_a_date() -> None:
    assert retry_after("120") == 120
    assert retry_after(formatdate(time.time() + 90, usegmt=True)) == pytest.approx(90, abs=2)
    assert retry_after(formatdate(time.time() - 90, usegmt=True)) == 0
    assert [retry_after(said) for said in (None, "", "soon", "-5", "9" * 30, "²")] == [None] * 6


def test_the_pause_follows_the_servers_time_and_comes_down_by_halves(ledger: Ledger) -> None:
    pace = Pace(ledger, "a.vn", Crawl(delay=1.0))
    pace.answered(200, 0.1)
    assert pace.delay == 1.0  # never below what archive.toml says
    pace.answered(200, 8.0)
    assert pace.delay == 16.0  # busy for eight seconds, then left alone for eight
    pace.answered(200, 0.0)
    assert pace.delay == 8.0
    pace.answered(200, 200.0)
    assert pace.delay == 60.0  # max_delay
    quick = Pace(ledger, "b.vn", Crawl(delay=0))
    quick.answered(200, 8.0)
    assert quick.delay == 0  # who says 0 has leave to hurry


def test_failures_double_the_pause(ledger: Ledger) -> None:
    pace = Pace(ledger, "a.vn", Crawl(delay=1.0))
    pace.answered(500, 0.1)
    pace.answered(None, 0.0)
    assert pace.delay == 4.0


def test_the_pause_is_remembered(ledger: Ledger) -> None:
    pace = Pace(ledger, "a.vn", Crawl(delay=1.0))
    pace.answered(200, 8.0)
    pace.save()
    assert Pace(ledger, "a.vn", Crawl(delay=1.0)).delay == 16.0
    assert Pace(ledger, "b.vn", Crawl(delay=1.0)).delay == 1.0


def test_a_clock_that_was_set_back_prolongs_no_rest(ledger: Ledger) -> None:
    pace = Pace(ledger, "a.vn", Crawl())
    pace.answered(429, 0.1, "3600")
    assert pace.closed() is not None
    pace.save()
    ledger.execute("UPDATE hosts SET rest_from = rest_from + 86400, noted_at = noted_at + 86400")
    after = Pace(ledger, "a.vn", Crawl())
    assert after.closed() is None
    assert after.delay == 1.0


def test_a_burst_of_refusals_is_told_once_and_one_good_answer_ends_it(ledger: Ledger) -> None:
    pace = Pace(ledger, "a.vn", Crawl(burst=3, pause=10))
    for status in (403, 403, 200, 403, 429):
        pace.answered(status, 0.1)
    assert (pace.pauses, pace.rest()) == (0, 0)
    for status in (503, 403):
        pace.answered(status, 0.1)
    assert pace.pauses == 1
    assert 5 < pace.rest() <= 10


def test_a_long_rest_ends_the_run_and_the_next_one_keeps_it(tmp_path: Path) -> None:
    folder = archive(tmp_path)
    with SamplePortal(articles=3) as portal:
        portal.fault("/gioi-thieu", "503", 1, seconds=7200)
        done = quynhon("crawl", portal.url, "--archive", folder)
        asked = portal.requests
        files, rows = list((folder / "warc").iterdir()), ask(folder, "*", "crawls")
        again = quynhon("crawl", portal.url, "--archive", folder)
        assert portal.requests == asked
        # a run that asks nothing leaves nothing behind
        assert list((folder / "warc").iterdir()) == files
        assert ask(folder, "*", "crawls") == rows
        state = quynhon("status", "--archive", folder)
        assert "rests until " in state.stdout
        assert "asks for a rest (status 503, Retry-After) (quynhon crawl --now ends that)" in state.stdout
        ended = quynhon("crawl", portal.url, "--archive", folder, "--now")
        assert portal.requests > asked
        assert missing(folder, portal) == set()
        assert "rests until" not in quynhon("status", "--archive", folder).stdout
    for run in (done, again):
        assert run.returncode == 1
        assert "asks for a rest (status 503, Retry-After) until" in run.stderr
        assert "quynhon crawl --now" in run.stderr
    assert ended.returncode == 0, ended.stderr


def test_bursts_pause_the_host_and_what_was_refused_is_asked_again(tmp_path: Path) -> None:
    folder = archive(tmp_path, "min_free = 0\nburst = 4\npause = 0.2\n")
    with SamplePortal(articles=12) as portal:
        assert quynhon("crawl", portal.url, "--archive", folder, "--limit", "9").returncode == 0
        portal.fault("/", "403", 5)  # robots.txt, and the four that are asked for at once
        done = quynhon("crawl", portal.url, "--archive", folder)
        assert missing(folder, portal) == set()
    assert done.returncode == 0, done.stderr


def test_a_host_that_goes_on_refusing_is_left_alone(tmp_path: Path) -> None:
    folder = archive(tmp_path, "min_free = 0\nburst = 4\npause = 0.1\n")
    with SamplePortal(articles=60) as portal:
        quynhon("crawl", portal.url, "--archive", folder, "--limit", "20")
        portal.fault("/", "403")
        done = quynhon("crawl", portal.url, "--archive", folder)
        refused = sum(one.status == 403 for one in portal.exchanges)
    assert done.returncode == 1
    assert "refusals in a row (403): the portal is left alone until" in done.stderr
    assert refused <= 3 * 2 * (4 + 3)  # three bursts and what was under way then, each asked twice at most


def test_single_refusals_are_problems_of_their_addresses(tmp_path: Path) -> None:
    with SamplePortal(articles=3) as portal:
        portal.fault("/quan-he-quy-nhon-yongsan", "403")
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
    assert done.returncode == 1
    assert "/quan-he-quy-nhon-yongsan: answered 403" in done.stderr
    assert "1 address failed" in done.stderr


def test_the_daily_cap_holds_across_runs(tmp_path: Path) -> None:
    folder = archive(tmp_path, "min_free = 0\ndaily_requests = 20\n")
    with SamplePortal(articles=3) as portal:
        first = quynhon("crawl", portal.url, "--archive", folder)
        second = quynhon("crawl", portal.url, "--archive", folder)
        assert 20 <= portal.requests < 30  # those under way are let come
    assert (first.returncode, second.returncode) == (0, 0)
    assert "20 requests were made today" in second.stdout
    assert ask(folder, "outcome", "crawls") == [("paused",)]


def test_in_quiet_hours_nothing_is_asked(tmp_path: Path) -> None:
    now = datetime.now(HANOI)
    hours = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"
    with SamplePortal(articles=3) as portal:
        folder = archive(tmp_path, f'min_free = 0\nquiet_hours = "{hours}"\n')
        done = quynhon("crawl", portal.url, "--archive", folder)
        assert portal.requests == 0
    assert done.returncode == 0, done.stderr
    assert "quiet hours until" in done.stdout


def test_crawl_delay_of_robots_txt_lengthens_the_pauses(tmp_path: Path) -> None:
    times: list[float] = []

    def answer(target: str) -> bytes | None:
        times.append(time.monotonic())
        if target == "/robots.txt":
            return b"User-agent: *\nCrawl-delay: 0.3\n"
        return page(target, "".join(f'<a href="/{n}">x</a>' for n in range(4)))

    with Web(answer) as web:
        done = quynhon("crawl", web.url, "--archive", archive(tmp_path))
    assert done.returncode == 0, done.stderr
    assert len(times) == 6
    assert times[-1] - times[1] > 0.9  # four pauses; the server may note one of the requests late


def test_too_many_requests_for_robots_txt_do_not_mean_that_all_is_allowed(tmp_path: Path) -> None:
    with SamplePortal(articles=1) as portal:
        portal.fault("/robots.txt", "429")
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
        assert {one.target for one in portal.exchanges} == {"/robots.txt"}
    assert done.returncode == 1
    assert "robots.txt answers 429" in done.stderr
