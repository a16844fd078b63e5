"""Articles that stand at two addresses with the same title, day and text: declared pairs (``same_as``).

It happens when a portal moves to its next generation, and when an article is posted in two sections.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from quynhon_crawler.model import stable_id
from quynhon_crawler.store.rows import squeezed

_SEVERAL = "SELECT 1 FROM _article_state WHERE content_key = ? LIMIT 1 OFFSET 1"
_GROUP = """
    SELECT s.article_id, a.body FROM _article_state s JOIN articles a ON a.id = s.article_id
    WHERE s.content_key = ? ORDER BY a.first_seen_at, a.id"""

_PAIR = "INSERT INTO same_as(id, article_id, same_as_id, evidence) VALUES (?, ?, ?, ?)"


def pair(connection: sqlite3.Connection, content_keys: Iterable[int]) -> None:
    """Make the pairs of these titles and days anew: each article with the one of its text seen first."""
    for key in content_keys:
        # Nearly every key has one article, whose text need not be read.
        if connection.execute(_SEVERAL, (key,)).fetchone() is None:
            continue
        members = connection.execute(_GROUP, (key,)).fetchall()
        connection.executemany(
            "DELETE FROM same_as WHERE article_id = ?", [(member,) for member, _ in members]
        )
        first_of: dict[str, int] = {}
        for member, body in members:
            first = first_of.setdefault(squeezed(body), member)
            if first != member:
                number = stable_id(f"same\n{member}\n{first}")
                connection.execute(_PAIR, (number, member, first, "title, day and text"))
