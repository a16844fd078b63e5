"""The table ``takedowns``: what is hidden now. It follows from the decisions (takedowns.py)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from quynhon_crawler.store.rows import url_id
from quynhon_crawler.store.takedowns import Decision, decisions


@dataclass(frozen=True, slots=True)
class Hidden:
    """A row that a takedown hides; ``table`` is articles, files or documents."""

    table: str
    id: int
    url: str
    title: str | None


def show(connection: sqlite3.Connection, decision: Decision) -> None:
    """Into the table."""
    number = url_id(decision.url)
    connection.execute("DELETE FROM takedowns WHERE id = ?", (number,))
    if decision.action == "takedown":
        sql = "INSERT INTO takedowns(id, url, reason, at) VALUES (?, ?, ?, ?)"
        connection.execute(sql, (number, decision.url, decision.reason, decision.at))


def behind(connection: sqlite3.Connection, journal: Path) -> list[Decision]:
    """The last decision on each item that the table does not show yet."""
    last = {url_id(decision.url): decision for decision in decisions(journal)}
    if not last:
        return []
    found = {row[0]: tuple(row) for row in connection.execute("SELECT id, url, reason, at FROM takedowns")}
    return [
        decision
        for number, decision in last.items()
        if found.get(number)
        != ((number, decision.url, decision.reason, decision.at) if decision.action == "takedown" else None)
    ]


def ahead(connection: sqlite3.Connection, journal: Path) -> list[Decision]:
    """Takedowns of the table that the file lacks, oldest first: it was lost, or put back from an older copy.

    A decision is in the file before the table shows it, so the table alone is never the first to know. An
    item whose last line in the file is as old as its row, or newer, is the file's to decide.
    """
    last = {url_id(decision.url): decision.at for decision in decisions(journal)}
    rows = connection.execute("SELECT id, url, reason, at FROM takedowns ORDER BY at, url").fetchall()
    return [
        Decision(at, "takedown", url, reason)
        for number, url, reason, at in rows
        if number not in last or last[number] < at
    ]


_HIDDEN = """
    SELECT 'articles', a.id, a.url, a.title FROM hidden_articles h JOIN articles a ON a.id = h.article_id
    UNION ALL SELECT 'files', f.id, f.url, NULL FROM takedowns t JOIN files f ON f.id = t.id
    UNION ALL SELECT 'documents', d.id, d.url, coalesce(d.number, d.abstract)
        FROM takedowns t JOIN documents d ON t.id IN (d.url_id, d.attachment_id)
    ORDER BY 1, 3"""


def hidden(connection: sqlite3.Connection) -> set[Hidden]:
    """Everything that is hidden now."""
    return {Hidden(*row) for row in connection.execute(_HIDDEN)}
