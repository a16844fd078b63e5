"""What a run did and what comes next, in lines that a person understands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from quynhon_crawler.config.hours import VIETNAM
from quynhon_crawler.plural import are, plural, tell_files
from quynhon_crawler.schedule.due import Turn
from quynhon_crawler.schedule.service import Result

_WHY = {
    "first": "never crawled yet",
    "resume": "goes on with what was interrupted",
    "timetable": "by the timetable",
    "no answer": "the portal did not answer the last time",
    "rest": "after the rest that the portal asked for",
}


def clock(moment: datetime) -> str:
    """``Wed 2026-11-25 02:30``, Vietnamese time."""
    here = moment.astimezone(VIETNAM)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[here.weekday()]
    return f"{day} {here:%Y-%m-%d %H:%M}"


def span(length: timedelta) -> str:
    """``3 d 4 h``, ``5 h 12 min``, ``40 s``: the two largest units."""
    seconds = max(int(length.total_seconds()), 0)
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        number, seconds = divmod(seconds, size)
        if number or (unit == "s" and not parts):
            parts.append(f"{number} {unit}")
        elif parts:
            break
    return " ".join(parts[:2])


def tell_turn(turn: Turn, now: datetime) -> str:
    """When a portal is next crawled."""
    if turn.due:
        overdue = now - turn.at
        since = f", since {clock(turn.at)}" if overdue > timedelta(minutes=1) else ""
        return f"{turn.portal.name}: {turn.kind}, due now{since} ({_WHY[turn.why]})"
    why = "due already, waits for its hours" if turn.waits_for_hours else _WHY[turn.why]
    return f"{turn.portal.name}: {turn.kind}, {clock(turn.at)}, in {span(turn.at - now)} ({why})"


def tell_turns(turns: Sequence[Turn], now: datetime, *, most: int = 5) -> list[str]:
    """The first of many turns that are due, the first of those that come, and how many there are of each."""
    due, coming = [turn for turn in turns if turn.due], [turn for turn in turns if not turn.due]
    lines = []
    for name, found in (("due now", due), ("coming", coming)):
        lines += [tell_turn(turn, now) for turn in found[:most]]
        if len(found) > most:
            lines.append(f"and {plural(len(found) - most, 'more portal')} {name}")
    return lines


def tell_result(result: Result) -> list[str]:
    """How a crawl went: one line, and one for each of the first problems."""
    columns, name = result.columns, result.turn.portal.name
    numbers = (
        f"{plural(columns.get('requests') or 0, 'request')}, {(columns.get('bytes') or 0) / 1e6:,.1f} MB, "
        f"{plural(columns.get('articles_new') or 0, 'new article')}, "
        f"{columns.get('articles_changed') or 0:,} changed, {columns.get('articles_gone') or 0:,} gone"
    )
    listed, captured = columns.get("listed_total"), columns.get("listed_captured")
    if listed is not None and captured is not None and captured < listed:
        numbers += (
            f"; {listed - captured:,} of {plural(listed, 'listed item')} {are(listed - captured)} missing"
        )
    how = {
        "done": "finished",
        "problems": "finished with problems" if columns.get("outcome") == "finished" else "not finished",
        "failed": f"failed: {result.trouble}",
        "paused": "is not done, goes on the next time",
        "stopped": "stopped, goes on the next time",
    }[result.ending]
    lines = [f"{name}: {result.turn.kind} {how}" + (f"; {numbers}" if columns else "")]
    lines += [f"{name}: {note}" for note in result.notes]
    lines += [f"{name}: {line}" for line in tell_files(result.files, len(result.files))]
    failures = max(int(columns.get("failures") or 0), len(result.problems))
    if failures:
        lines.append(f"{name}: {plural(failures, 'address')} failed:")
        lines += [f"  {url}: {why}" for url, why in result.problems[:10]]
        if failures > 10:
            lines.append("  all of them: quynhon status --failures")
    return lines
