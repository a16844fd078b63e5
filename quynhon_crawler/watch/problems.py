"""What is wrong with an archive, in lines that a person understands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from quynhon_crawler.config import Watch, plan_of
from quynhon_crawler.plural import are, plural
from quynhon_crawler.schedule.history import silent_since
from quynhon_crawler.schedule.words import clock
from quynhon_crawler.urls import without_password
from quynhon_crawler.watch.state import PortalState, State

#: The subject of problems that are no portal's.
ARCHIVE = "archive"
# All are in `quynhon status --json`; `quynhon verify` looks into them too.
_FILES = 5
# The timer ticks every quarter of an hour.
_OVERDUE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Problem:
    """``subject`` is a portal's name or ``archive``; ``code`` one word for machines, ``text`` one line."""

    subject: str
    code: str
    text: str


def problems_of(state: State) -> list[Problem]:
    """Everything that somebody should know, seen from now."""
    found = [Problem(ARCHIVE, "configuration", state.config_error)] if state.config_error else []
    found += [Problem(ARCHIVE, "database", str(state.database_error))] if state.database_error else []
    found += [Problem(ARCHIVE, "files", f"{file} {why}") for file, why in islice(state.files.items(), _FILES)]
    if (more := len(state.files) - _FILES) > 0:
        found.append(Problem(ARCHIVE, "files", f"{plural(more, 'more file')} (--json lists them)"))
    found += _of_disk(state)
    for portal in state.portals:
        found += _of_portal(portal, state)
    return found


def _of_disk(state: State) -> list[Problem]:
    disk, watch = state.disk, state.config.watch if state.config else Watch()
    least = state.config.crawl.min_free if state.config else 0
    if disk.free_bytes < least:
        free = f"{disk.free_bytes / 1e9:,.1f} GB free, below min_free = {least / 1e9:,.1f} GB"
        return [Problem(ARCHIVE, "disk", f"{free}: nothing is crawled")]
    left = disk.days_left()
    if left is not None and left < watch.disk_days:
        return [
            Problem(ARCHIVE, "disk", f"the disk will be full in {left:,.0f} days, as the archive grows now")
        ]
    return []


def _of_portal(one: PortalState, state: State) -> list[Problem]:
    last = one.last
    if state.running is not None:
        return []
    watch = state.config.watch if state.config else Watch()
    found: list[tuple[str, str]] = []
    if one.name in state.troubles and (last is None or last["outcome"] != "finished"):
        found.append(("crawl", state.troubles[one.name]))
    if last is None:
        return [Problem(one.name, code, text) for code, text in found]
    if (since := silent_since(one.runs)) is not None:
        through = f", through the proxy {without_password(one.proxy)}" if one.proxy else ""
        found.append(("unreachable", f"the portal did not answer since {clock(since)}{through}"))
    elif last["outcome"] is None:
        why = "the last crawl has no end: the disk was full, or it was killed; the next one goes on with it"
        found.append(("killed", why))
    failures = max(last["failures"] or 0, 0)
    if not one.silent and failures > watch.max_failures:
        found.append(
            (
                "failures",
                f"{plural(failures, 'address')} failed, more than max_failures = {watch.max_failures}",
            )
        )
    if last["outcome"] == "finished" and one.short:
        missing = sum(row["listed_total"] - row["captured"] for row in one.short)
        total = sum(row["listed_total"] for row in one.short)
        found.append(
            (
                "incomplete",
                f"{missing:,} of {plural(total, 'item')} of {plural(len(one.short), 'list')} "
                f"{are(missing)} missing",
            )
        )
    found += _of_timetable(one, state)
    return [Problem(one.name, code, text) for code, text in found]


def _of_timetable(one: PortalState, state: State) -> list[tuple[str, str]]:
    """Nobody calls `quynhon crawl --due`: the timer is gone, or was never installed."""
    if one.next is None or not one.next.due or state.config is None:
        return []
    # What waited for its hours could not be crawled before they began, nor while another portal was.
    since = plan_of(state.config, one.next.portal).next_open(one.next.at)
    crawled = [run.ended or run.begun for other in state.portals for run in other.runs[:1]]
    if state.at - max(since, *crawled) < _OVERDUE:
        return []
    told = f"due since {clock(since)}, and not crawled: does the timer run? (quynhon schedule show)"
    return [("overdue", told)]
