"""What one crawl did, for its report. What was taken down is not named."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

# New, changed, gone: the kinds of the table ``changes``.
KINDS = ("new", "changed", "gone")
_ARTICLES = """
    SELECT a.title, a.url, ch.at, ch.reason FROM changes ch JOIN captures c ON c.id = ch.capture_id
        JOIN articles a ON a.id = ch.article_id
    WHERE ch.at >= coalesce((SELECT started_at FROM crawls WHERE id = :crawl), '') AND c.crawl_id = :crawl
        AND ch.kind = :kind AND a.id NOT IN (SELECT article_id FROM hidden_articles)
    ORDER BY ch.at DESC, a.id LIMIT :limit"""


def answers_over_time(
    connection: sqlite3.Connection, crawl_id: str, *, parts: int = 48
) -> list[tuple[str, int, int, int]]:
    """Answers in equal parts of the time: (begin, good, others, bytes); 4xx, 5xx and cut ones are others."""
    rows = connection.execute(
        """SELECT captured_at, status, truncated, warc_length FROM captures WHERE crawl_id = ?
            ORDER BY captured_at""",
        (crawl_id,),
    ).fetchall()
    if not rows:
        return []
    first, last = (datetime.fromisoformat(rows[place][0]).timestamp() for place in (0, -1))
    width = max((last - first) / parts, 1.0)
    found = [[0, 0, 0] for _ in range(min(int((last - first) / width) + 1, parts))]
    for at, status, truncated, size in rows:
        part = found[min(int((datetime.fromisoformat(at).timestamp() - first) / width), len(found) - 1)]
        part[0 if 200 <= (status or 0) < 400 and not truncated else 1] += 1
        part[2] += size
    zone = datetime.fromisoformat(rows[0][0]).tzinfo
    begins = [
        datetime.fromtimestamp(first + number * width, zone).isoformat() for number in range(len(found))
    ]
    return [(begin, *part) for begin, part in zip(begins, found, strict=True)]  # type: ignore[misc]


def articles_of(
    connection: sqlite3.Connection, crawl_id: str, kind: str, *, limit: int = 50
) -> list[dict[str, Any]]:
    """Articles that a crawl found new, changed or gone, the last first."""
    rows = connection.execute(_ARTICLES, {"crawl": crawl_id, "kind": kind, "limit": limit}).fetchall()
    return [dict(zip(("title", "url", "at", "reason"), row, strict=True)) for row in rows]


def crawls_of(connection: sqlite3.Connection, portal_id: int, *, limit: int = 30) -> list[dict[str, Any]]:
    """The last crawls of a portal, the oldest first; imports are none."""
    cursor = connection.execute(
        """SELECT * FROM crawls WHERE portal_id = ? AND mode <> 'import' AND started_at <> ''
            ORDER BY started_at DESC LIMIT ?""",
        (portal_id, limit),
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor][::-1]
