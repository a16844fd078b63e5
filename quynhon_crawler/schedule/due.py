"""What is due: a pure function of the timetable, the crawls so far, and the clock."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from quynhon_crawler.config import Config, Plan, Portal, plan_of
from quynhon_crawler.config.hours import VIETNAM
from quynhon_crawler.config.unattended import Kind
from quynhon_crawler.schedule.history import Run, silent_since

# A portal that gives nothing is asked again after as long as it has been silent, within these.
_SOONEST, _LATEST = timedelta(hours=1), timedelta(hours=8)
# A begin further ahead than this was written down by a clock that has been set back since.
_SKEW = timedelta(minutes=10)

Why = Literal["first", "resume", "timetable", "no answer", "rest"]


@dataclass(frozen=True, slots=True)
class Turn:
    """The next crawl of a portal: which kind, when (Vietnamese time), and why then.

    ``at`` is now or earlier than now when it is due; ``waits_for_hours`` when only the hours forbid it.
    """

    portal: Portal
    kind: Kind
    at: datetime
    why: Why
    due: bool
    waits_for_hours: bool = False


def next_turn(
    portal: Portal, plan: Plan, runs: list[Run], now: datetime, *, failed: bool = False
) -> Turn | None:
    """When ``portal`` is to be crawled next; None when its timetable says never.

    ``failed``: its last crawl gave up for a reason that may last, so it goes on after a pause.

    Whatever was missed, a machine off for a week among it, makes one turn. A crawl that was interrupted goes
    on at once; a portal that did not answer is asked again after a pause. Crawls from the future (the clock
    was set back) are left out, so that they cannot put off the next one.
    """
    if not plan.every and not plan.full_every:
        return None
    past = [run for run in runs if run.begun <= now + _SKEW]
    kind, at, why = _wanted(plan, past, now, failed=failed)
    # What is overdue keeps its time, so that `status` can say since when.
    opened = plan.next_open(max(at, now))
    due = at <= now and opened <= now
    waits = at <= now < opened
    return Turn(portal, kind, at.astimezone(VIETNAM) if due else max(opened, at), why, due, waits)


def turns(
    config: Config, runs: dict[str, list[Run]], now: datetime, failed: Container[str] = ()
) -> list[Turn]:
    """The next turn of every portal that has a timetable, the earliest first."""
    found = [
        next_turn(
            portal, plan_of(config, portal), runs.get(portal.name, []), now, failed=portal.name in failed
        )
        for portal in config.portals
    ]
    return sorted((turn for turn in found if turn is not None), key=lambda turn: (turn.at, turn.portal.name))


def _wanted(plan: Plan, runs: list[Run], now: datetime, *, failed: bool) -> tuple[Kind, datetime, Why]:
    """Kind, time and reason without regard to the hours of the day."""
    usual: Kind = plan.kind if plan.every else "full"
    if not runs:
        return usual, now, "first"
    last = runs[0]
    begun = min(last.begun, now)
    ended = min(max(last.ended or begun, begun), now)
    kind: Kind = "full" if last.mode == "full" else "update"
    pause = ended + min(max(ended - (silent_since(runs) or begun), _SOONEST), _LATEST)
    if not last.finished:
        if last.silent:
            return kind, pause, "no answer"
        # It stopped by itself: the portal asked for a rest, or had enough for today, or something is wrong.
        by_itself = failed or last.outcome == "paused"
        return kind, ended + _SOONEST if by_itself else ended, "resume"
    slots: list[tuple[datetime, Kind]] = []
    if (slot := plan.every.next(begun, ended)) is not None:
        slots.append((slot, plan.kind))
    # The first crawl of all asks for everything: it stands for a full one.
    whole = next((run for run in runs if run.mode == "full"), runs[-1])
    if (slot := plan.full_every.next(whole.begun, whole.ended or whole.begun)) is not None:
        slots.append((slot, "full"))
    at = min(slot for slot, _ in slots)
    # When both have come, the full crawl stands for the update.
    full = any(kind == "full" and slot <= max(at, now) for slot, kind in slots)
    if last.silent and pause < at:
        return kind, pause, "no answer"
    return ("full" if full else "update"), at, "timetable"
