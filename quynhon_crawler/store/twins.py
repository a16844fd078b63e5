"""Articles that stand at two addresses with the same title, day and text: declared pairs (``same_as``).

It happens when a portal moves to its next generation, and when an article is posted in two sections.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from quynhon_crawler.model import stable_id

_GROUP = """
    SELECT s.article_id FROM _article_state s JOIN articles a ON a.id = s.article_id
    WHERE s.content_key = ? ORDER BY a.first_seen_at, a.id"""


def pair(connection: sqlite3.Connection, content_keys: Iterable[int]) -> None:
    """Make the pairs of these groups anew: each article with the one that was seen first."""
    for key in content_keys:
        members = [row[0] for row in connection.execute(_GROUP, (key,))]
        if len(members) < 2:
            continue
        first, *others = members
        connection.executemany("DELETE FROM same_as WHERE article_id = ?", [(member,) for member in members])
        connection.executemany(
            "INSERT INTO same_as(id, article_id, same_as_id, evidence) VALUES (?, ?, ?, ?)",
            [(stable_id(f"same\n{other}\n{first}"), other, first, "title, day and text") for other in others],
        )
