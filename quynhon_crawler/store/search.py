"""Full-text search: on any connection to quynhon.db, with nothing but SQL underneath.

The site asks on Datasette's connection, the command line on its own.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from quynhon_crawler.store.finder import Finder
from quynhon_crawler.store.ranking import TITLES_READ, best_of, exceeds, foremost_of, spelt, titled
from quynhon_crawler.store.snippet import Segment, marked, snippet
from quynhon_crawler.store.words import (
    Term,
    bare,
    folded_query,
    terms,
    unwanted,
    unwanted_query,
)

_SHOWN = (
    "id", "url", "kind", "title", "lead", "byline", "published_at", "event_date", "gone_at", "changed_at",
    "section_id", "section", "portal_id", "portal", "capture_id",
)  # fmt: skip
_CARDS = """
    SELECT a.id, a.url, a.kind, a.title, a.lead, a.byline, a.published_at, a.event_date, a.gone_at,
        a.changed_at, a.section_id, s.title, a.portal_id, coalesce(p.name, p.home_url), a.capture_id, a.body
    FROM articles a LEFT JOIN main.sections s ON s.id = a.section_id LEFT JOIN portals p ON p.id = a.portal_id
    WHERE a.id IN (SELECT value FROM json_each(?))"""


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
    portal_id: int
    portal: str | None
    capture_id: int
    exact: bool
    title_segments: tuple[Segment, ...]
    snippet: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of what was found; ``total`` counts all of it, or stops counting and there are ``more``."""

    total: int
    hits: tuple[Hit, ...]
    terms: tuple[Term, ...]
    more: bool = False


def search(
    connection: sqlite3.Connection,
    words: str,
    *,
    portal: int | str | None = None,
    section: int | str | None = None,
    year: int | None = None,
    author: int | str | None = None,
    kind: str | None = None,
    limit: int = 20,
    offset: int = 0,
    most: int | None = None,
) -> Hits:
    """Articles that hold all the words: first those with the marks as typed, then by relevance.

    Of those with the marks, first the ones that have them so in their title. ``"đảng viên"`` finds words in a
    row, ``quy*`` beginnings, ``-word`` leaves out what holds it, ``a b OR c`` finds either side; marks may be
    left out and đ typed as d. A ``section`` (id or title) holds its subsections, ``portal`` is an id or a
    name, ``author`` is an id, a name, a byline or a unit's code. Nothing typed is ever an error. What was
    taken down is not found. Where more than ``most`` are found, relevance says little and costs much: those
    with the words in their title come first, the newest before.
    """
    wanted = terms(words)
    if not wanted:
        return Hits(0, (), ())
    conditions, values = _conditions(connection, portal, section, year, author, kind)
    if (without := unwanted_query(unwanted(words))) is not None:
        conditions.append(_WITHOUT)
        values["without"] = without
    where = " AND ".join(["articles_fts MATCH :folded", *conditions])
    values["folded"] = folded_query(wanted)
    as_typed = spelt(wanted, values)
    start, needed = max(0, offset), max(0, offset) + max(0, min(limit, 1000))
    # Ranking is what costs, so those not spelt as typed are ranked only when they are needed.
    finder = Finder(wanted)
    if most is not None and exceeds(connection, where, values, most):
        found = foremost_of(connection, conditions, wanted, values, min(needed, most), most, as_typed)[start:]
        return Hits(most, _hits(connection, found, finder), wanted, more=True)
    total = 0
    first: list[int] = []
    if as_typed is not None:
        in_titles = titled(connection, conditions, wanted, values, TITLES_READ)
        foremost = frozenset(number for number, so in in_titles if so)
        total, first = best_of(connection, where, as_typed, values, needed, foremost)
    then: list[int] = []
    if as_typed is None or len(first) < min(needed, total):
        others, then = best_of(connection, where, f"NOT {as_typed or 'FALSE'}", values, needed - len(first))
        total = max(total, others)
    ids = [(number, True) for number in first] + [(number, False) for number in then]
    return Hits(total, _hits(connection, ids[start:needed], finder), wanted)


def _hits(connection: sqlite3.Connection, found: list[tuple[int, bool]], finder: Finder) -> tuple[Hit, ...]:
    """The articles of these ids, each with whether it is spelt as typed, in this order."""
    cards = connection.execute(_CARDS, (json.dumps([number for number, _ in found]),))
    rows = {row[0]: tuple(row) for row in cards}
    return tuple(_hit(rows[number], exact, finder) for number, exact in found)


def _hit(row: tuple[Any, ...], exact: bool, finder: Finder) -> Hit:
    *shown, body = row
    columns: dict[str, Any] = dict(zip(_SHOWN, shown, strict=True))
    shown_text = snippet(body or columns["lead"] or "", finder)
    if columns["lead"] and not any(piece.found for piece in shown_text):
        shown_text = snippet(columns["lead"], finder)
    title = marked(columns["title"] or "", finder)
    return Hit(**columns, exact=exact, title_segments=title, snippet=shown_text)


def _conditions(
    connection: sqlite3.Connection,
    portal: int | str | None,
    section: int | str | None,
    year: int | None,
    author: int | str | None,
    kind: str | None,
) -> tuple[list[str], dict[str, Any]]:
    """Each asks an index alone: reading the article of every match would cost more than the search."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if connection.execute("SELECT 1 FROM takedowns LIMIT 1").fetchone():
        conditions.append("+rowid NOT IN (SELECT article_id FROM hidden_articles)")
    if portal is not None:
        conditions.append(f"{_AMONG} portal_id IN (SELECT value FROM json_each(:portals)))")
        values["portals"] = _listed(_named(connection, "portals", ("name", "home_url"), portal))
    if section is not None:
        conditions.append(f"{_AMONG} section_id IN ({_SUBSECTIONS}))")
        values["sections"] = _listed(_named(connection, "sections", ("title",), section))
    if author is not None:
        names = ("name", "byline", "unit_code", "unit_name")
        conditions.append(f"{_AMONG} author_id IN (SELECT value FROM json_each(:authors)))")
        values["authors"] = _listed(_named(connection, "authors", names, author))
    if year is not None:
        conditions.append(f"{_AMONG} published_at >= :year AND published_at < :next)")
        values |= {"year": f"{year:04}", "next": f"{year + 1:04}"}
    if kind == "article":
        conditions.append(f"NOT ({_AMONG} kind <> 'article'))")
    elif kind is not None:
        conditions.append(f"{_AMONG} kind = :kind AND kind <> 'article')")
        values["kind"] = kind
    return conditions, values


_WITHOUT = "+rowid NOT IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :without)"
_AMONG = "+rowid IN (SELECT id FROM articles WHERE"
_SUBSECTIONS = """
    WITH RECURSIVE below(id) AS (
        SELECT value FROM json_each(:sections)
        UNION SELECT s.id FROM main.sections s JOIN below ON s.parent_id = below.id)
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
