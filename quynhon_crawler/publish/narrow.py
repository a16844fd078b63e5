"""How the results of a search may be narrowed: the sections, years, authors and kinds that they have."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass

from quynhon_crawler.publish.alphabet import order
from quynhon_crawler.store.words import folded_query, terms, unwanted, unwanted_query

# Counting reads every article found, 4 microseconds each; the first of an index of hashed ids are a fair
# sample, which tells what there is, and what more often, but not how many there are.
SAMPLE = 500

# Of each filter: the value of an article, and ids and labels of its values (None: as they are).
_GROUPS = {
    "portal": ("portal_id", "select id, coalesce(name, home_url) as label from portals"),
    "section": ("section_id", "select id, title as label from main.sections"),
    "year": ("substr(published_at, 1, 4)", None),
    "author": (
        "author_id",
        "select id, coalesce(name || coalesce(' – ' || unit_code, ''), byline) as label from authors",
    ),
    "kind": ("kind", None),
}
# Past these a filter is no help; the page folds all but the first.
_SHOWN = 60
_CONDITIONS = {
    # Before the article is read: a portal may be one of a thousand.
    "portal": "+articles_fts.rowid in (select id from articles where portal_id = :portal)",
    "section": "articles.section_id = :section",
    "year": "articles.published_at >= :year and articles.published_at < :year || '~'",
    "author": "articles.author_id = :author",
    "kind": "articles.kind = :kind",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that narrows the results: what to send, what to show, how many it leaves (None: unknown)."""

    value: str
    label: str
    count: int | None


def choices(connection: sqlite3.Connection, typed: str, filters: dict[str, str]) -> dict[str, list[Choice]]:
    """For each filter the values that the articles found have; of a filter that is set, only its own."""
    wanted = terms(typed)
    if not wanted:
        return {}
    conditions = "".join(f" and {_CONDITIONS[name]}" for name in filters)
    without = unwanted_query(unwanted(typed))
    if without is not None:
        conditions += " and +articles_fts.rowid not in (select rowid from articles_fts(:without))"
    if connection.execute("select 1 from main.takedowns limit 1").fetchone():
        conditions += " and +articles_fts.rowid not in (select article_id from main.hidden_articles)"
    # One pass: as a temporary table, grouped five times, it took twice as long. And one row: between two, the
    # threads of a busy site change places.
    (found,) = connection.execute(
        f"""select json_group_array(json_array({", ".join(_GROUPS)})) from (
            select {", ".join(f"{value} as {name}" for name, (value, _) in _GROUPS.items())}
              from articles_fts
              join main.articles indexed by articles_facets on articles.id = articles_fts.rowid
             where articles_fts match :match {conditions} limit :sample)""",  # noqa: S608
        {"match": folded_query(wanted), "without": without, "sample": SAMPLE, **filters},
    ).fetchone()
    rows = json.loads(found)
    groups: dict[str, list[Choice]] = {}
    for name, column in zip(_GROUPS, zip(*rows, strict=True), strict=False):
        counts = Counter(value for value in column if value is not None)
        if len(counts) > 1 or (counts and name in filters):
            shown = sorted(counts, reverse=True)[:_SHOWN] if name == "year" else _foremost(counts)
            labels = _labels(connection, _GROUPS[name][1], shown)
            if name != "year":
                shown.sort(key=lambda value: (-counts[value], order(labels.get(value))))
            groups[name] = [
                Choice(
                    str(value), labels.get(value, str(value)), counts[value] if len(rows) < SAMPLE else None
                )
                for value in shown
            ]
    return groups


def _foremost(counts: Counter[int | str]) -> list[int | str]:
    return sorted(counts, key=lambda value: (-counts[value], value))[:_SHOWN]


def _labels(
    connection: sqlite3.Connection, question: str | None, values: list[int | str]
) -> dict[int | str, str]:
    if question is None:
        return {}
    asked = f"{question} where id in (select value from json_each(?))"  # noqa: S608 - of _GROUPS
    sql = f"select json_group_array(json_array(id, label)) from ({asked})"  # noqa: S608
    (found,) = connection.execute(sql, (json.dumps(values),)).fetchone()
    return {number: label for number, label in json.loads(found) if label}
