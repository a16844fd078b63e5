"""Sections, authors and tags: what articles share. Registered for every reading, current or superseded.

An author's printed form is the shortest seen, a tag's the first in code order: choices that do not depend on
which page came first. A section follows the newest page that shows it.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from quynhon_crawler.model import Article, Author
from quynhon_crawler.store import rows
from quynhon_crawler.store.merge import Stamp

_SECTION = """
    INSERT INTO sections(id, portal_id, title, url, parent_id, seen_at, capture_id)
    VALUES (:id, :portal_id, :title, :url, :parent_id, :seen_at, :capture_id)
    ON CONFLICT(id) DO UPDATE SET title = excluded.title, url = excluded.url, parent_id = excluded.parent_id,
        seen_at = excluded.seen_at, capture_id = excluded.capture_id
    WHERE (excluded.seen_at, excluded.capture_id) > (sections.seen_at, sections.capture_id)"""
_AUTHOR = """
    INSERT INTO authors(id, name, unit_code, unit_name, byline)
    VALUES (:id, :name, :unit_code, :unit_name, :byline)
    ON CONFLICT(id) DO UPDATE SET
        name = min(coalesce(authors.name, excluded.name), coalesce(excluded.name, authors.name)),
        unit_code = max(coalesce(authors.unit_code, excluded.unit_code),
            coalesce(excluded.unit_code, authors.unit_code)),
        unit_name = max(coalesce(authors.unit_name, excluded.unit_name),
            coalesce(excluded.unit_name, authors.unit_name)),
        byline = CASE WHEN (length(excluded.byline), excluded.byline) <
            (length(authors.byline), authors.byline) THEN excluded.byline ELSE authors.byline END"""
_TAG = """
    INSERT INTO tags(id, name) VALUES (:id, :name)
    ON CONFLICT(id) DO UPDATE SET name = excluded.name WHERE excluded.name < tags.name"""


class Names:
    """Gathers during a batch, writes in ``flush``: most readings name what others named a moment ago."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._sections: dict[int, dict[str, Any]] = {}
        self._authors: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._tags: dict[str, dict[str, Any]] = {}

    def add_sections(self, article: Article, portal_id: int, stamp: Stamp) -> int | None:
        """The breadcrumb; returns the id of its last step, None without one."""
        row = None
        for row in rows.section_rows(article.sections, portal_id=portal_id):
            held = self._sections.get(row["id"])
            if held is None or stamp > (held["seen_at"], held["capture_id"]):
                self._sections[row["id"]] = {**row, "seen_at": stamp[0], "capture_id": stamp[1]}
        return None if row is None else int(row["id"])

    def add_author(self, author: Author) -> int:
        row = rows.author_row(author)
        self._authors[tuple(row.values())] = row
        return int(row["id"])

    def add_tags(self, names: tuple[str, ...]) -> list[int]:
        for name in names:
            self._tags.setdefault(name, rows.tag_row(name))
        return sorted({self._tags[name]["id"] for name in names})

    def flush(self) -> None:
        self._connection.executemany(_SECTION, self._sections.values())
        self._connection.executemany(_AUTHOR, self._authors.values())
        self._connection.executemany(_TAG, self._tags.values())
        self.clear()

    def clear(self) -> None:
        """Give up what waits."""
        self._sections.clear()
        self._authors.clear()
        self._tags.clear()
