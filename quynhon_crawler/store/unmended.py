"""Addresses that failed and were not had since."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quynhon_crawler.urls import url_key

# The portal's own affair, told apart from what went wrong: a link that leads nowhere.
_DEAD = ("answered 404", "answered 410", "soft 404")
_SINCE = """
    SELECT url, stage, error, max(seen_at) FROM failures WHERE seen_at >= ? AND (? IS NULL OR seen_at <= ?)
    GROUP BY url ORDER BY max(seen_at) DESC, url"""
_HAD_SINCE = """
    SELECT 1 FROM captures WHERE url_key = ? AND captured_at > ? AND truncated IS NULL
        AND status IN (200, 203, 301, 302, 303, 304, 307, 308) LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Unmended:
    """One address, with the last thing that was wrong with it. ``dead``: the portal says it is not there."""

    url: str
    stage: str
    error: str
    seen_at: str
    dead: bool


def unmended(connection: sqlite3.Connection, since: str, until: str | None = None) -> Iterator[Unmended]:
    """What failed in this time, the last first; an address that was had later is left out.

    ``until`` is for a crawl that is over; the answers of a later one count as well.
    """
    for url, stage, error, seen_at in connection.execute(_SINCE, (since, until, until)).fetchall():
        if error.startswith(_DEAD) and url.endswith("/robots.txt"):
            continue  # no rules: nothing is amiss (RFC 9309, 2.3.1.3)
        if connection.execute(_HAD_SINCE, (url_key(url), seen_at)).fetchone() is None:
            yield Unmended(url, stage, error, seen_at, error.startswith(_DEAD))


def last_failures(connection: sqlite3.Connection) -> list[Unmended]:
    """What failed in the last crawl of each portal and was not had since, the last first."""
    rows = connection.execute(
        """SELECT started_at FROM crawls c WHERE mode <> 'import' AND started_at =
            (SELECT max(started_at) FROM crawls o WHERE o.portal_id = c.portal_id AND o.mode <> 'import')"""
    ).fetchall()
    found = {one.url: one for row in rows for one in unmended(connection, row[0])}
    return sorted(found.values(), key=lambda one: one.seen_at, reverse=True)


def crawl_so_far(connection: sqlite3.Connection, crawl: dict[str, Any]) -> dict[str, Any]:
    """The row of a crawl, corrected where it went on after the end that stands in it.

    A crawl that was stopped, went on and was killed keeps the numbers of its first end: then ``outcome`` and
    ``finished_at`` are None, ``requests`` and ``bytes`` (as stored) are what was answered so far.
    """
    if crawl["outcome"] == "finished":
        return crawl
    answered, size, last = connection.execute(
        "SELECT count(*), coalesce(sum(warc_length), 0), max(captured_at) FROM captures WHERE crawl_id = ?",
        (crawl["id"],),
    ).fetchone()
    if crawl["outcome"] is not None and (last or "") <= (crawl["finished_at"] or ""):
        return crawl
    return crawl | {"outcome": None, "finished_at": None, "requests": answered, "bytes": size}


def unread_bytes(connection: sqlite3.Connection, warc_file: str, size: int) -> int:
    """Bytes at the end of a WARC file that the database does not know: what a crash left to be read."""
    end = connection.execute(
        "SELECT max(warc_offset + warc_length) FROM captures WHERE warc_file = ?", (warc_file,)
    ).fetchone()[0]
    return max(size - (end or 0), 0)
