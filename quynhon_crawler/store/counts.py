"""Questions about the archive as a whole: what a crawl brought, what is missing, what failed."""

from __future__ import annotations

import sqlite3
from typing import Any

from quynhon_crawler.model import Capture
from quynhon_crawler.store import rows
from quynhon_crawler.urls import url_key

_CHANGES = """
    SELECT ch.kind, count(*) FROM changes ch JOIN captures c ON c.id = ch.capture_id
    WHERE ch.at >= coalesce((SELECT started_at FROM crawls WHERE id = :crawl), '') AND c.crawl_id = :crawl
    GROUP BY ch.kind"""
# The latest of each crawl stands at the end of an index; reading every capture took seconds of a million.
LAST_CAPTURE = """
    SELECT max(at) FROM (
        SELECT (SELECT max(captured_at) FROM captures WHERE crawl_id = crawls.id) AS at FROM crawls
        UNION ALL SELECT max(captured_at) FROM captures WHERE crawl_id IS NULL)"""
# An item is here when its article was read, or when it is a legal document, whose row the list itself gives.
# A list is what was seen in it last, as many items as it counts: those that the portal has removed since must
# not stand for others that are not here.
_COMPLETENESS = """
    WITH items AS (
        SELECT i.listing_id, i.seen_at,
            EXISTS (SELECT 1 FROM articles a WHERE a.id = i.url_id)
            OR EXISTS (SELECT 1 FROM sightings s WHERE s.url_id = i.url_id AND s.url_id <> s.article_id)
            OR EXISTS (SELECT 1 FROM documents d WHERE d.url_id = i.url_id) AS here
        FROM listing_items i JOIN listings l ON l.id = i.listing_id WHERE 1{of_portal}),
    ranked AS (
        SELECT listing_id, here,
            row_number() OVER (PARTITION BY listing_id ORDER BY seen_at DESC, here) AS place
        FROM items)
    SELECT l.id, l.url, l.title, l.total_items AS listed_total, count(r.place) AS listed,
        coalesce(sum(r.here), 0) AS captured
    FROM listings l LEFT JOIN ranked r ON r.listing_id = l.id AND r.place <= l.total_items
    WHERE l.total_items IS NOT NULL{of_portal}
    GROUP BY l.id ORDER BY l.url, l.list_id"""
_COUNTED = (
    "portals", "sections", "articles", "article_versions", "authors", "images", "attachments", "documents",
    "tags", "captures", "crawls", "failures", "takedowns",
)  # fmt: skip


def has_capture(connection: sqlite3.Connection, capture_id: int) -> bool:
    return connection.execute("SELECT 1 FROM captures WHERE id = ?", (capture_id,)).fetchone() is not None


def find_capture(connection: sqlite3.Connection, url: str, captured_at: str) -> Capture | None:
    """The capture with a body that a revisit refers to: at that time, else within the same second.

    Archives that write whole seconds refer to ones that write fractions (WARC 1.1, 4.5). A revisit of a
    revisit leads on to the last record with that body before it: an earlier one may have been damaged, and
    what it held fetched again.
    """
    found = _dicts(
        connection.execute(
            """SELECT * FROM captures WHERE url_key = ? AND substr(captured_at, 1, 19) = substr(?, 1, 19)
                AND (record_type <> 'revisit' OR body_sha256 IS NOT NULL)
                ORDER BY captured_at = ? DESC, record_type = 'revisit', captured_at, id LIMIT 1""",
            (url_key(url), captured_at, captured_at),
        )
    )
    if found and found[0]["record_type"] == "revisit":
        found = _dicts(
            connection.execute(
                """SELECT * FROM captures WHERE body_sha256 = ? AND record_type <> 'revisit'
                    ORDER BY captured_at > ?, captured_at DESC, id LIMIT 1""",
                (found[0]["body_sha256"], found[0]["captured_at"]),
            )
        )
    return rows.capture_of(found[0]) if found else None


def only_answer(connection: sqlite3.Connection, crawl_id: str, home_url: str) -> int | None:
    kept = connection.execute(
        """SELECT 1 FROM captures WHERE crawl_id = ? AND status IN (200, 203, 304)
            AND url NOT LIKE '%/robots.txt' LIMIT 1""",
        (crawl_id,),
    ).fetchone()
    said = connection.execute(
        "SELECT status FROM captures WHERE crawl_id = ? AND url_key = ? ORDER BY captured_at DESC LIMIT 1",
        (crawl_id, url_key(home_url)),
    ).fetchone()
    return int(said[0]) if said and said[0] and not kept else None


def capture_named(connection: sqlite3.Connection, capture_id: int) -> Capture | None:
    found = _dicts(
        connection.execute("SELECT * FROM captures WHERE id = ? AND record_type <> 'revisit'", (capture_id,))
    )
    return rows.capture_of(found[0]) if found else None


def captures_at(connection: sqlite3.Connection, url: str, limit: int) -> list[Capture]:
    cursor = connection.execute(
        """SELECT * FROM captures WHERE url_key = ? AND record_type <> 'revisit'
            ORDER BY captured_at DESC, id LIMIT ?""",
        (url_key(url), limit),
    )
    return [rows.capture_of(row) for row in _dicts(cursor)]


def completeness(connection: sqlite3.Connection, portal_id: int | None = None) -> list[dict[str, Any]]:
    """Each list of a portal: what it says it holds (``listed_total``), what of that was seen, and is here."""
    of_portal = "" if portal_id is None else " AND l.portal_id = :portal_id"
    return _dicts(connection.execute(_COMPLETENESS.format(of_portal=of_portal), {"portal_id": portal_id}))


def lists_of(connection: sqlite3.Connection, portal_id: int) -> tuple[int, str]:
    """How many lists of a portal tell their total, and when one was seen last ("" for none)."""
    number, seen_at = connection.execute(
        """SELECT count(*), coalesce(max(seen_at), '') FROM listings
            WHERE portal_id = ? AND total_items IS NOT NULL""",
        (portal_id,),
    ).fetchone()
    return number, seen_at


def crawl_totals(connection: sqlite3.Connection, crawl_id: str, portal_id: int) -> dict[str, int | None]:
    """Columns of ``crawls`` that follow from the rows. ``listed_*`` are None without a list that counts."""
    lists = completeness(connection, portal_id)
    return {
        **changes_of(connection, crawl_id),
        "listed_total": sum(row["listed_total"] for row in lists) if lists else None,
        "listed_captured": sum(row["captured"] for row in lists) if lists else None,
    }


def changes_of(connection: sqlite3.Connection, crawl_id: str) -> dict[str, int]:
    """Articles that a crawl found new, changed and gone, by their columns in ``crawls``."""
    changes = dict(connection.execute(_CHANGES, {"crawl": crawl_id}).fetchall())
    return {f"articles_{kind}": changes.get(kind, 0) for kind in ("new", "changed", "gone")}


def table_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _COUNTED}


def status(connection: sqlite3.Connection, *, crawls: int = 5) -> dict[str, Any]:
    """What `quynhon status --json` tells: counts, last crawls, completeness, failures by stage."""

    def number(sql: str) -> Any:
        return connection.execute(sql).fetchone()[0]

    return {
        "schema_version": number("PRAGMA user_version"),
        "counts": table_counts(connection),
        "articles_gone": number("SELECT count(*) FROM articles WHERE gone_at IS NOT NULL"),
        "articles_changed": number("SELECT count(*) FROM articles WHERE changed_at IS NOT NULL"),
        "images_here": number("SELECT count(*) FROM images WHERE sha256 IS NOT NULL"),
        "attachments_here": number("SELECT count(*) FROM attachments WHERE sha256 IS NOT NULL"),
        "last_capture_at": number(LAST_CAPTURE),
        "crawls": _dicts(
            connection.execute("SELECT * FROM crawls ORDER BY started_at DESC, id LIMIT ?", (crawls,))
        ),
        "completeness": completeness(connection),
        "failures": _dicts(
            connection.execute(
                """SELECT stage, error, count(*) AS count, max(seen_at) AS last_at FROM failures
                    GROUP BY stage, error ORDER BY count DESC, stage, error LIMIT 50"""
            )
        ),
    }


def _dicts(cursor: sqlite3.Cursor) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
