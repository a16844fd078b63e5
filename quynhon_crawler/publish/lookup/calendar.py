"""When articles were published: by year, month and day, by section."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.publish.lookup.articles import CARD
from quynhon_crawler.publish.lookup.rows import Row, many

# Longer than any time that begins with the same letters.
_AFTER = "~"


def periods(connection: sqlite3.Connection, year: str, portal_id: int | None = None) -> list[Row]:
    """``period, section_id, section, articles``: of all years by year, of one ``year`` by month.

    The signs keep SQLite from the index by time alone: the one by section and time holds all that is asked.
    """
    return many(
        connection,
        f"""select counted.*, sections.title as section
             from (select substr(published_at, 1, ?1) as period, section_id, count(*) as articles
                     from articles where +published_at >= ?2 and +published_at < ?2 || ?3
                      and {"?4 is null" if portal_id is None else "portal_id = ?4"}
                    group by 1, 2) counted
             left join main.sections on sections.id = counted.section_id
            order by period""",  # noqa: S608
        7 if year else 4,
        year,
        _AFTER,
        portal_id,
    )


def days(
    connection: sqlite3.Connection, year: str, section_id: int | None, portal_id: int | None = None
) -> dict[str, int]:
    """How many articles each day of a year has, days without any left out: ``{"2019-08-27": 4}``."""
    rows = many(
        connection,
        f"""select substr(published_at, 1, 10) as day, count(*) as articles from articles
             where published_at >= ?1 and published_at < ?1 || ?2
               {"and section_id = ?3" if section_id is not None else "and ?3 is null"}
               {"and portal_id = ?4" if portal_id is not None else "and ?4 is null"} group by 1""",  # noqa: S608
        year,
        _AFTER,
        section_id,
        portal_id,
    )
    return {row["day"]: row["articles"] for row in rows if len(row["day"]) == 10}


def published(connection: sqlite3.Connection, span: str, skip: int, size: int) -> tuple[int, list[Row]]:
    """Articles of a day or a month (``2019-08``), in the order of the day: how many, and one page of them."""
    total = connection.execute(
        "select count(*) from articles where published_at >= ? and published_at < ? || ?",
        (span, span, _AFTER),
    ).fetchone()[0]
    cards = many(
        connection,
        f"""select {CARD} where articles.published_at >= ? and articles.published_at < ? || ?
             order by articles.published_at, articles.id limit ? offset ?""",
        span,
        span,
        _AFTER,
        size,
        skip,
    )
    return total, cards


def beside(connection: sqlite3.Connection, span: str) -> tuple[str | None, str | None]:
    """The day (month) with articles before this one, and the one after."""
    size = len(span)
    before, after = connection.execute(
        """select (select max(published_at) from articles where published_at < ?1 and published_at > ''),
                  (select min(published_at) from articles where published_at > ?1 || ?2)""",
        (span, _AFTER),
    ).fetchone()
    return (before or "")[:size] or None, (after or "")[:size] or None
