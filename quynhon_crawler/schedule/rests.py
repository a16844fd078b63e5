"""Hosts that asked to be left alone, as the frontier remembers them (crawl/pace.py)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from quynhon_crawler.config.hours import VIETNAM
from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home
from quynhon_crawler.schedule.due import Turn
from quynhon_crawler.store.medium import read_uri

_RESTS = "SELECT host, rest_from + rest, why FROM hosts WHERE rest_from <= ?1 AND rest_from + rest > ?1"


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when a host is left alone, and why."""

    until: datetime
    why: str


def rests(home: Home, now: datetime) -> dict[str, Rest]:
    """By host. Empty where there is no frontier yet, or none that can be read: the next crawl tells that."""
    try:
        with closing(sqlite3.connect(read_uri(home.frontier), uri=True)) as connection:
            found = connection.execute(_RESTS, (now.timestamp(),)).fetchall()
    except (sqlite3.Error, ArchiveError):
        return {}
    return {host: Rest(datetime.fromtimestamp(until, UTC), why) for host, until, why in found}


def after(rest: Rest | None, turn: Turn) -> Turn:
    """The turn, not before the rest is over: a crawl that began in it would ask nothing."""
    if rest is None or turn.at >= rest.until:
        return turn
    return replace(turn, at=rest.until.astimezone(VIETNAM), due=False, why="rest", waits_for_hours=False)
