"""Full-text search: on any connection to quynhon.db, with nothing but SQL underneath.

The site asks on Datasette's connection, the command line on its own.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from quynhon_crawler.store.snippet import Segment, marked, snippet
from quynhon_crawler.store.words import Term, bare, exact_query, folded_query, pattern, terms

_SHOWN = (
    "id", "url", "kind", "title", "lead", "byline", "published_at", "event_date", "gone_at", "changed_at",
    "section_id", "section", "capture_id",
)  # fmt: skip
_CARD = """
    SELECT a.id, a.url, a.kind, a.title, a.lead, a.byline, a.published_at, a.event_date, a.gone_at,
        a.changed_at, a.section_id, s.title, a.capture_id, a.body
    FROM articles a LEFT JOIN sections s ON s.id = a.section_id WHERE a.id = ?"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found. ``exact``: it holds the words with the marks that were typed."""

    id: int
    url: str
    kind: str
    title: str | None
    lead: str | None
    byline: str | None
    published_at: str | None
    event_date: str | None
    gone_at: str | None
    changed_at: str | None
    section_id: int | None
    section: str | None
    capture_id: int
    exact: bool
    title_segments: tuple[Segment, ...]
    snippet: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of what was found; ``total`` counts all of it."""

    total: int
    hits: tuple[Hit, ...]
    terms: tuple[Term, ...]


def search(
    connection: sqlite3.Connection,
    words: str,
    *,
    section: int | str | None = None,
    year: int | None = None,
    author: int | str | None = None,
    kind: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Hits:
    """Articles that hold all the words: first those with the marks as typed, then by relevance.

    ``"đảng viên"`` finds words in a row, ``quy*`` beginnings; marks may be left out and đ typed as d. A
    ``section`` (id or title) holds its subsections, ``author`` is an id, a name, a byline or a unit's code.
    Nothing typed is ever an error. What was taken down is not found.
    """
    wanted = terms(words)
    if not wanted:
        return Hits(0, (), ())
    conditions, values = _conditions(connection, section, year, author, kind)
    folded, exact = folded_query(wanted), exact_query(wanted)
    where = " AND ".join(["articles_fts MATCH :folded", *conditions])
    values |= {"folded": folded, "exact": exact, "limit": max(0, min(limit, 1000)), "offset": max(0, offset)}
    total = connection.execute(f"SELECT count(*) FROM articles_fts WHERE {where}", values).fetchone()[0]
    order = "rank"
    if exact is not None:
        order = "rowid IN (SELECT rowid FROM articles_exact WHERE articles_exact MATCH :exact) DESC, rank"
    # rank is the index's own bm25 with the weights that the schema set: title 10, lead 4, body 1
    sql = f"SELECT rowid FROM articles_fts WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"
    ids = [row[0] for row in connection.execute(sql, values)] if total else []
    spelt = _spelt(connection, exact, ids)
    finder = pattern(wanted)
    return Hits(total, tuple(_hit(connection, number, number in spelt, finder) for number in ids), wanted)


def _spelt(connection: sqlite3.Connection, exact: str | None, ids: list[int]) -> set[int]:
    if exact is None or not ids:
        return set()
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT rowid FROM articles_exact WHERE articles_exact MATCH ? AND rowid IN ({marks})"
    return {row[0] for row in connection.execute(sql, (exact, *ids))}


def _hit(connection: sqlite3.Connection, article_id: int, exact: bool, finder: Any) -> Hit:
    *shown, body = tuple(connection.execute(_CARD, (article_id,)).fetchone())
    columns: dict[str, Any] = dict(zip(_SHOWN, shown, strict=True))
    text = body or columns["lead"] or ""
    if columns["lead"] and not finder.search(bare(text)):
        text = columns["lead"]
    title = marked(columns["title"] or "", finder)
    return Hit(**columns, exact=exact, title_segments=title, snippet=snippet(text, finder))


def _conditions(
    connection: sqlite3.Connection,
    section: int | str | None,
    year: int | None,
    author: int | str | None,
    kind: str | None,
) -> tuple[list[str], dict[str, Any]]:
    """Each asks an index alone: reading the article of every match would cost more than the search."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if connection.execute("SELECT 1 FROM takedowns LIMIT 1").fetchone():
        conditions.append("rowid NOT IN (SELECT article_id FROM hidden_articles)")
    if section is not None:
        conditions.append(f"rowid IN (SELECT id FROM articles WHERE section_id IN ({_SUBSECTIONS}))")
        values["sections"] = _listed(_named(connection, "sections", ("title",), section))
    if author is not None:
        names = ("name", "byline", "unit_code", "unit_name")
        conditions.append(
            "rowid IN (SELECT id FROM articles WHERE author_id IN (SELECT value FROM json_each(:authors)))"
        )
        values["authors"] = _listed(_named(connection, "authors", names, author))
    if year is not None:
        conditions.append(
            "rowid IN (SELECT id FROM articles WHERE published_at >= :year AND published_at < :next)"
        )
        values |= {"year": f"{year:04}", "next": f"{year + 1:04}"}
    if kind is not None:
        conditions.append("rowid IN (SELECT id FROM articles WHERE kind = :kind)")
        values["kind"] = kind
    return conditions, values


_SUBSECTIONS = """
    WITH RECURSIVE below(id) AS (
        SELECT value FROM json_each(:sections)
        UNION SELECT s.id FROM sections s JOIN below ON s.parent_id = below.id)
    SELECT id FROM below"""


def _listed(ids: list[int]) -> str:
    return f"[{','.join(map(str, ids))}]"


def _named(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], wanted: int | str
) -> list[int]:
    """Ids by id or by name, marks and case aside."""
    if isinstance(wanted, int):
        return [wanted]
    key = bare(wanted.strip())
    found = connection.execute(f"SELECT id, {', '.join(columns)} FROM {table}")
    return [row[0] for row in found if any(bare(value) == key for value in tuple(row)[1:] if value)]
