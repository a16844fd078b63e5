"""The order of what a search finds: spelt as typed first, then by relevance; of too much the titles first.

All SQL: ``conditions`` and ``values`` are those of search.py, which asks.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from quynhon_crawler.store.finder import Spelling
from quynhon_crawler.store.words import Term, exact_query, folded_query, sides

# To read an article for its date takes as long as to step over ten in the index of dates.
_MANY_TITLES = 100
# Titles that are looked at for the spelling that was typed.
TITLES_READ = 300
# Of a search that finds too much. The best of them by bm25 took 6.5 ms, since it first counts each word in
# the whole archive; the newest of them take 0.5.
_SAMPLED = 300

# The sign keeps SQLite from asking the index once for every row of a subquery, 0.2 ms each.
_SPELT = "+rowid IN (SELECT rowid FROM articles_exact WHERE articles_exact MATCH :exact{})"
_SIDE = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH :side{}"


def spelt(wanted: tuple[Term, ...], values: dict[str, Any]) -> str | None:
    """The condition of what is spelt as typed, its own ``values`` added; None when nothing has a mark.

    Of several sides, one must be found and have its marks.
    """
    exact = [exact_query(side) for side in sides(wanted)]
    if not any(exact):
        return None
    found = []
    for number, (side, query) in enumerate(zip(sides(wanted), exact, strict=True)):
        values |= {f"side{number}": folded_query(side), f"exact{number}": query}
        found.append(_SIDE.format(number) + (f" AND {_SPELT.format(number)}" if query else ""))
    return _SPELT.format(0) if len(exact) == 1 else f"+rowid IN ({' UNION ALL '.join(found)})"


def best_of(
    connection: sqlite3.Connection,
    where: str,
    ranked: str,
    values: dict[str, Any],
    needed: int,
    foremost: frozenset[int] = frozenset(),
) -> tuple[int, list[int]]:
    """How many articles there are, and the best of those to be ``ranked``, ``foremost`` before others.

    Weights are of title, lead and body with d for đ; the same words with đ are not counted again. (Leaving
    those columns out of the query instead took a quarter longer.)
    """
    rank = "bm25(articles_fts, 0, 0, 0, 10, 4, 1)"
    # Counted and sorted by SQLite: at each row handed over, the threads of a busy site change places.
    sql = f"""
        SELECT count(*) OVER (), rank, id FROM (
            SELECT CASE WHEN {ranked} THEN {rank} END AS rank, rowid AS id FROM articles_fts WHERE {where})
        ORDER BY rank IS NULL, id NOT IN (SELECT value FROM json_each(:foremost)), rank, id LIMIT :needed"""
    asked = {**values, "foremost": json.dumps(sorted(foremost)), "needed": max(1, needed)}
    rows = connection.execute(sql, asked).fetchall()
    best = [number for _, rank, number in rows if rank is not None]
    return (rows[0][0] if rows else 0), best[:needed]


def exceeds(connection: sqlite3.Connection, where: str, values: dict[str, Any], most: int) -> bool:
    sql = f"SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE {where} LIMIT :most + 1)"
    return int(connection.execute(sql, {**values, "most": most}).fetchone()[0]) > most


def foremost_of(
    connection: sqlite3.Connection,
    conditions: list[str],
    wanted: tuple[Term, ...],
    values: dict[str, Any],
    needed: int,
    most: int,
    as_typed: str | None,
) -> list[tuple[int, bool]]:
    """Ids, and whether they are spelt as typed, of a search that finds too much to rank all of it.

    Those with the words in their title, then those with them in title and lead, then some of the others; of
    each the newest first.
    """
    values = {**values, "most": most}
    limit = most if as_typed else needed
    found = titled(connection, conditions, wanted, values, limit)
    known = {number for number, _ in found}
    if len(found) < needed:
        more = titled(connection, conditions, wanted, values, limit + len(known), leads=True)
        found += [pair for pair in more if pair[0] not in known]
        known.update(number for number, _ in more)
    # The rest as the index gives it, which is by hashed ids: a fair sample.
    some = f"{as_typed[:-1]} LIMIT 3 * :most)" if as_typed else None
    samples = ((some, True), (f"NOT {some}", False)) if some else (("TRUE", False),)
    for condition, exact in samples:
        if len(found) < needed:
            where = " AND ".join(["articles_fts MATCH :folded", *conditions, condition])
            others = _sample(connection, where, values, needed + len(known))
            found += [(number, exact) for number in others if number not in known]
    return found[:needed]


def titled(
    connection: sqlite3.Connection,
    conditions: list[str],
    wanted: tuple[Term, ...],
    values: dict[str, Any],
    limit: int,
    *,
    leads: bool = False,
) -> list[tuple[int, bool]]:
    """Those with the words in their title, or in title and lead: spelt as typed, then the newest first."""
    match = ":folded" if leads else "'title_d : (' || :folded || ')'"
    inside = "SELECT rowid FROM articles_heads WHERE " + " AND ".join(
        [f"articles_heads MATCH {match}", *conditions]
    )
    sql = f"SELECT count(*) FROM ({inside} LIMIT {_MANY_TITLES})"
    # The table itself: a view that hides rows (publish/veil.py) has no index; the conditions hide them too.
    if connection.execute(sql, values).fetchone()[0] < _MANY_TITLES:
        among = f"main.articles WHERE id IN ({inside})"
    else:  # rather than to read them all, go back from the newest article until there are enough
        among = f"main.articles INDEXED BY articles_published WHERE +id IN ({inside})"
    sql = f"SELECT id, title, lead FROM {among} ORDER BY published_at DESC, id LIMIT {limit}"
    found, spelling = [], Spelling(wanted)
    for number, title, lead in connection.execute(sql, values):
        text = f"{title or ''} {lead or ''}" if leads else title or ""
        found.append((number, spelling.as_typed(text)))
    found.sort(key=lambda pair: not pair[1])
    return found


def _sample(connection: sqlite3.Connection, where: str, values: dict[str, Any], needed: int) -> list[int]:
    """Some of what is found: the newest of the first, then others as they come; as many as are ``needed``."""
    inside = f"SELECT rowid FROM articles_fts WHERE {where} LIMIT {_SAMPLED}"
    sql = f"""SELECT id FROM main.articles INDEXED BY articles_facets
               WHERE id IN ({inside}) ORDER BY published_at DESC, id LIMIT {needed}"""
    newest = [row[0] for row in connection.execute(sql, values)]
    if len(newest) == needed or len(newest) < _SAMPLED:
        return newest
    sql = f"SELECT rowid FROM articles_fts WHERE {where} LIMIT {needed - len(newest)} OFFSET {_SAMPLED}"
    return newest + [row[0] for row in connection.execute(sql, values)]
