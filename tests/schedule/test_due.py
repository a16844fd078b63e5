"""What is due: after crawls that went well, badly or not at all, and with clocks that were set."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quynhon_crawler.config import parse, plan_of
from quynhon_crawler.schedule.due import Turn, next_turn
from quynhon_crawler.schedule.history import Run


def at(text: str) -> datetime:
    """A time of November 2026 in Việt Nam; the 24th is a Tuesday."""
    return datetime.fromisoformat(f"2026-11-{text}:00+07:00")


def run(begun: str, ended: str | None = None, *, mode: str = "update", **more: object) -> Run:
    """A crawl that went well, unless told otherwise."""
    outcome = more.get("outcome", "finished" if ended else None)
    return Run(begun, mode, at(begun), ended and at(ended), outcome, more.get("answered", True))  # type: ignore[arg-type]


def turn(keys: str, runs: list[Run], now: str) -> Turn | None:
    config = parse(f'[[portals]]\nname = "a"\nurl = "http://a.example/"\n{keys}\n')
    return next_turn(config.portals[0], plan_of(config, config.portals[0]), runs, at(now))


def told(keys: str, runs: list[Run], now: str) -> tuple[str, str, str, bool]:
    found = turn(keys, runs, now)
    assert found is not None
    return f"{found.at:%dT%H:%M}", found.kind, found.why, found.due


DAILY = 'every = "daily 02:30"'
SIX = 'every = "6h"'


@pytest.mark.parametrize(
    ("keys", "runs", "now", "wanted"),
    [
        (DAILY, [], "24T12:00", ("24T12:00", "update", "first", True)),
        (DAILY, [run("24T02:30", "24T03:00")], "24T12:00", ("25T02:30", "update", "timetable", False)),
        (DAILY, [run("24T02:30", "24T03:00")], "25T02:30", ("25T02:30", "update", "timetable", True)),
        (SIX, [run("24T02:30", "24T03:00")], "24T08:29", ("24T08:30", "update", "timetable", False)),
        # begun by hand in between
        (SIX, [run("24T05:00", "24T05:10"), run("24T02:30", "24T03:00")], "24T09:00",
         ("24T11:00", "update", "timetable", False)),
        ('every = "6h"\nkind = "full"', [run("24T02:30", "24T03:00")], "24T09:00",
         ("24T08:30", "full", "timetable", True)),
    ],
)  # fmt: skip
def test_after_a_crawl_that_went_well(
    keys: str, runs: list[Run], now: str, wanted: tuple[str, str, str, bool]
) -> None:
    assert told(keys, runs, now) == wanted


def test_never_is_never() -> None:
    assert turn('every = "never"', [], "24T12:00") is None


def test_a_machine_that_was_off_for_a_week_has_one_crawl_to_make() -> None:
    runs = [run("10T02:00", "10T02:20")]
    assert told(SIX, runs, "17T09:13") == ("10T08:00", "update", "timetable", True)
    runs.insert(0, run("17T09:13", "17T09:40"))
    assert told(SIX, runs, "17T09:41") == ("17T15:13", "update", "timetable", False)


def test_a_crawl_that_was_killed_goes_on_at_once_and_as_what_it_was() -> None:
    assert told(SIX, [run("24T02:00", mode="full")], "24T02:15") == ("24T02:00", "full", "resume", True)
    stopped = run("24T02:00", "24T02:10", outcome="interrupted")
    assert told(SIX, [stopped], "24T02:15") == ("24T02:10", "update", "resume", True)


@pytest.mark.parametrize(
    ("silent_from", "last_ended", "again"),
    [
        ("24T02:00", "24T02:05", "24T03:05"),
        ("23T21:00", "24T02:00", "24T07:00"),
        ("22T02:00", "24T02:00", "24T10:00"),
    ],
)
def test_a_silent_portal_is_asked_again_after_a_pause_that_grows(
    silent_from: str, last_ended: str, again: str
) -> None:
    runs = [run(last_ended, last_ended, answered=False)]
    if silent_from != last_ended:
        runs.append(run(silent_from, silent_from, answered=False))
    runs.append(run("20T02:00", "20T02:30"))
    assert told('every = "mon 02:30"', runs, "24T02:10") == (again, "update", "no answer", False)


def test_a_pause_is_never_longer_than_the_timetable() -> None:
    silent = [run("24T02:00", "24T02:00", answered=False), run("20T02:00", "20T02:00", answered=False)]
    assert told('every = "2h"', silent, "24T02:10")[:3] == ("24T04:00", "update", "timetable")


def test_hours_put_off_what_is_due() -> None:
    runs = [run("24T02:00", "24T02:20")]
    found = turn(SIX + '\nhours = "22:00-06:00"', runs, "24T12:00")
    assert found is not None
    assert (f"{found.at:%dT%H:%M}", found.due, found.waits_for_hours) == ("24T22:00", False, True)
    assert told(SIX + '\nhours = "22:00-06:00"', runs, "24T22:00") == (
        "24T08:00",
        "update",
        "timetable",
        True,
    )


def test_hours_put_off_what_comes_outside_of_them() -> None:
    found = told('every = "daily 12:00"\nhours = "22:00-06:00"', [run("24T02:00", "24T02:20")], "24T03:00")
    assert found == ("24T22:00", "update", "timetable", False)


def test_quiet_hours_put_off_too() -> None:
    keys = 'every = "daily 23:00"\nhours = "22:00-06:00"\nquiet_hours = "22:30-01:00"'
    found = told(keys, [run("23T23:00", "23T23:20")], "24T23:00")
    assert found == ("25T01:00", "update", "timetable", False)
    assert told(keys, [run("23T23:00", "23T23:20")], "25T01:00")[3] is True


def test_quiet_hours_that_leave_nothing_do_not_stop_the_clock() -> None:
    keys = 'every = "6h"\nhours = "22:00-23:00"\nquiet_hours = "21:00-23:30"'
    assert told(keys, [run("23T22:00", "23T22:20")], "24T12:00")[0] == "24T22:00"


def test_a_crawl_that_paused_by_itself_goes_on_an_hour_later() -> None:
    paused = run("24T02:00", "24T02:10", outcome="paused")
    assert told(SIX, [paused], "24T02:15") == ("24T03:10", "update", "resume", False)


def test_a_crawl_that_gave_up_goes_on_an_hour_later() -> None:
    """The portal answers every address with one page, say: it is not asked every quarter of an hour."""
    config = parse(f'[[portals]]\nname = "a"\nurl = "http://a.example/"\n{SIX}\n')
    runs = [run("24T02:00", "24T02:10", outcome="interrupted")]
    plan = plan_of(config, config.portals[0])
    found = next_turn(config.portals[0], plan, runs, at("24T02:15"), failed=True)
    assert found is not None
    assert (f"{found.at:%H:%M}", found.due) == ("03:10", False)


FULL = DAILY + '\nfull_every = "1w"'


def test_a_full_crawl_takes_the_place_of_an_update() -> None:
    runs = [run("24T02:30", "24T03:00"), run("18T02:30", "18T09:00", mode="full")]
    assert told(FULL, runs, "24T12:00") == ("25T02:30", "full", "timetable", False)


def test_the_first_crawl_stands_for_a_full_one() -> None:
    runs = [run("23T02:30", "23T03:00"), run("20T02:30", "20T03:00")]
    assert told(FULL, runs, "24T03:00")[1] == "update"
    assert told(FULL, [run("26T02:30", "26T03:00"), *runs], "27T02:30")[1] == "full"


def test_only_full_crawls_are_wanted() -> None:
    assert told('full_every = "1w"', [], "24T12:00") == ("24T12:00", "full", "first", True)


def test_a_clock_that_was_set_back_puts_off_nothing_for_long() -> None:
    """A crawl of the year 2030, written down by a wrong clock, is no reason to wait until then."""
    future = Run("x", "update", at("24T02:00") + timedelta(days=1500), None, None, True)
    assert told(SIX, [future, run("24T02:00", "24T02:20")], "24T09:00") == (
        "24T08:00", "update", "timetable", True,
    )  # fmt: skip
    assert told(SIX, [future, run("24T02:00", "24T02:20")], "24T03:00")[3] is False
    assert told(SIX, [future], "24T09:00") == ("24T09:00", "update", "first", True)


def test_a_clock_that_was_set_back_by_minutes_begins_no_second_crawl() -> None:
    assert told(SIX, [run("24T02:05", "24T02:08")], "24T02:00")[3] is False
