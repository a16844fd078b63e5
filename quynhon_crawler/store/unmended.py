"""Addresses that failed and were not had since."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from quynhon_crawler.model import stable_id
from quynhon_crawler.store.counts import changes_of
from quynhon_crawler.urls import url_key

# The portal's own affair, told apart from what went wrong: a link that leads nowhere.
_DEAD = ("answered 404", "answered 410", "soft 404")
# Portals that one archive collected from several machines were crawled at the same time.
_OF_CRAWL = """
    SELECT f.url, f.stage, f.error, max(f.seen_at), c.crawl_id
    FROM failures f LEFT JOIN captures c ON c.id = f.capture_id
    WHERE f.seen_at >= :since AND (:until IS NULL OR f.seen_at <= :until)
        AND (c.crawl_id IS NULL OR c.crawl_id = :crawl)
    GROUP BY f.url ORDER BY max(f.seen_at) DESC, f.url"""
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


def unmended(connection: sqlite3.Connection, crawl: dict[str, Any]) -> Iterator[Unmended]:
    """What failed in a crawl (``id``, ``portal_id``, ``started_at``, ``finished_at``), the last first.

    An address that was had later, by whatever crawl, is left out. One that gave no answer belongs to no
    crawl: it counts when it failed in that time and is not on the host of another portal.
    """
    values = {"since": crawl["started_at"], "until": crawl["finished_at"], "crawl": crawl["id"]}
    for url, stage, error, seen_at, crawl_id in connection.execute(_OF_CRAWL, values).fetchall():
        if crawl_id is None and _is_of_another(connection, url, crawl["portal_id"]):
            continue
        if error.startswith(_DEAD) and url.endswith("/robots.txt"):
            continue  # no rules: nothing is amiss (RFC 9309, 2.3.1.3)
        if connection.execute(_HAD_SINCE, (url_key(url), seen_at)).fetchone() is None:
            yield Unmended(url, stage, error, seen_at, error.startswith(_DEAD))


def last_failures(connection: sqlite3.Connection, portal_id: int | None = None) -> list[Unmended]:
    """What failed in the last crawl of each portal (of one) and was not had since, the last first."""
    rows = connection.execute(
        """SELECT id, portal_id, started_at FROM crawls c WHERE mode <> 'import' AND started_at =
            (SELECT max(started_at) FROM crawls o WHERE o.portal_id = c.portal_id AND o.mode <> 'import')
            AND (?1 IS NULL OR portal_id = ?1)""",
        (portal_id,),
    ).fetchall()
    names = ("id", "portal_id", "started_at")
    crawls = [dict(zip(names, row, strict=True)) | {"finished_at": None} for row in rows]
    found = {one.url: one for crawl in crawls for one in unmended(connection, crawl)}
    return sorted(found.values(), key=lambda one: one.seen_at, reverse=True)


def _is_of_another(connection: sqlite3.Connection, url: str, portal_id: int) -> bool:
    try:
        home = urljoin(url, "/")
    except ValueError:
        return False
    sql = "SELECT 1 FROM portals WHERE id = ? AND id <> ?"
    return connection.execute(sql, (stable_id(url_key(home)), portal_id)).fetchone() is not None


def crawl_so_far(connection: sqlite3.Connection, crawl: dict[str, Any]) -> dict[str, Any]:
    """The row of a crawl, corrected where it went on after the end that stands in it.

    A crawl that was stopped, went on and was killed keeps the numbers of its first end: then ``outcome`` and
    ``finished_at`` are None, ``requests`` and ``bytes`` (as stored) are what was answered so far, and so are
    the articles.
    """
    if crawl["outcome"] == "finished":
        return crawl
    answered, size, last = connection.execute(
        "SELECT count(*), coalesce(sum(warc_length), 0), max(captured_at) FROM captures WHERE crawl_id = ?",
        (crawl["id"],),
    ).fetchone()
    if crawl["outcome"] is not None and (last or "") <= (crawl["finished_at"] or ""):
        return crawl
    so_far = {"outcome": None, "finished_at": None, "requests": answered, "bytes": size}
    return crawl | so_far | changes_of(connection, crawl["id"])


def unread_bytes(connection: sqlite3.Connection, warc_file: str, size: int) -> int:
    """Bytes at the end of a WARC file that the database does not know: what a crash left to be read."""
    end = connection.execute(
        "SELECT max(warc_offset + warc_length) FROM captures WHERE warc_file = ?", (warc_file,)
    ).fetchone()[0]
    return max(size - (end or 0), 0)
