"""The state as JSON, and as figures for Prometheus (text format 0.0.4, for node_exporter's textfile)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.schedule.due import Turn
from quynhon_crawler.watch.problems import Problem
from quynhon_crawler.watch.state import PortalState, State

_LAST = ("requests", "bytes", "failures", "articles_new", "articles_changed", "articles_gone", "listed_total",
         "listed_captured")  # fmt: skip


def turn_record(turn: Turn) -> dict[str, Any]:
    """A turn as JSON."""
    names = ("kind", "due", "why", "waits_for_hours")
    record = {"portal": turn.portal.name, "at": turn.at.isoformat()}
    return record | {name: getattr(turn, name) for name in names}


def state_record(state: State, problems: list[Problem]) -> dict[str, Any]:
    """What `quynhon status --json` adds to the counts of the database."""
    left = state.disk.days_left()
    return {
        "archive": str(state.home.root),
        "at": state.at.isoformat(),
        "config_error": state.config_error,
        "database_error": str(state.database_error) if state.database_error else None,
        "running": state.running,
        **asdict(state.disk),
        "days_until_full": None if left is None else round(left, 1),
        "unread": state.unread,
        "wrong_files": state.files,
        "problems": [asdict(problem) for problem in problems],
        "portals": [_portal(one) for one in state.portals],
    }


def _portal(one: PortalState) -> dict[str, Any]:
    return {
        "name": one.name,
        "url": one.url,
        "next": turn_record(one.next) if one.next else None,
        "rests_until": one.rest.until.isoformat() if one.rest else None,
        "last": one.last,
        "answered": one.runs[0].answered if one.runs else None,
        "failed": [asdict(failure) for failure in one.failures[:20]],
        "failed_count": len(one.failures),
        "dead_links": one.dead,
        "lists": one.lists,
        "incomplete": one.short,
    }


def write_prometheus(state: State, problems: list[Problem], path: Path) -> None:
    """Put the figures into a file, at once and as a whole. Raises ArchiveError."""
    text = "".join(f"{line}\n" for line in _lines(state, problems))
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(temporary).chmod(0o644)  # node_exporter runs as somebody else
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be written: {error.strerror}") from error


def _lines(state: State, problems: list[Problem]) -> Iterator[str]:
    labels = {"archive": str(state.home.root)}
    disk = state.disk
    yield from _metric(
        "archive_running", "1 while a crawl is at work", [(labels, int(state.running is not None))]
    )
    yield from _metric("archive_warc_bytes", "Bytes of WARC files", [(labels, disk.warc_bytes)])
    yield from _metric("archive_database_bytes", "Bytes of the database", [(labels, disk.database_bytes)])
    yield from _metric("archive_free_bytes", "Bytes free on its disk", [(labels, disk.free_bytes)])
    if disk.growth is not None:
        yield from _metric("archive_growth_bytes_per_week", "Bytes a week", [(labels, disk.growth)])
    yield from _metric("status_timestamp_seconds", "When this was written", [(labels, state.at.timestamp())])
    each = [(labels | {"portal": one.name}, one) for one in state.portals]
    wrong = [(labels | {"subject": one.subject, "problem": one.code}, 1) for one in problems]
    yield from _metric("problem", "1 for each thing that is wrong", wrong)
    nexts = [(own, one.next.at.timestamp()) for own, one in each if one.next]
    yield from _metric("next_crawl_timestamp_seconds", "When the next crawl is due", nexts)
    lasts = [(own, one.last) for own, one in each if one.last]
    for column, name in (("started_at", "started"), ("finished_at", "finished")):
        times = [
            (own, datetime.fromisoformat(last[column]).timestamp()) for own, last in lasts if last[column]
        ]
        yield from _metric(f"last_crawl_{name}_timestamp_seconds", f"When the last crawl {name}", times)
    for column in _LAST:
        values = [(own, last[column]) for own, last in lasts if last[column] is not None]
        yield from _metric(f"last_crawl_{column}", f"Column {column} of the last crawl", values)


def _metric(name: str, help: str, values: Sequence[tuple[dict[str, str], float]]) -> Iterator[str]:
    if values:
        yield f"# HELP quynhon_{name} {help}"
        yield f"# TYPE quynhon_{name} gauge"
    for labels, value in values:
        inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"quynhon_{name}{{{inside}}} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
