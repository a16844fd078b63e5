"""What a reader points at: an article by the portal's own address, a day, a month, a year."""

from __future__ import annotations

import re
import sqlite3

from quynhon_crawler.extract.dates import day_of
from quynhon_crawler.model import stable_id
from quynhon_crawler.publish.lookup.rows import Row, one
from quynhon_crawler.store.words import bare
from quynhon_crawler.urls import url_key

# With or without http://, as browsers show addresses; a host, and something on it.
_ADDRESS = re.compile(r"(?:(https?)://)?((?:[^\s/?#@.]+\.)*[^\s/?#@.]+(?::\d{1,5})?/\S*)", re.IGNORECASE)
_BETWEEN = r"\s?[/.–-]\s?"
_DAY = re.compile(
    rf"(?:ngay )?(?:(\d{{1,2}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{4}})"
    r"|(\d{1,2}) thang (\d{1,2}),? nam (\d{4}))"
)
_DAY_BACKWARDS = re.compile(rf"(\d{{4}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}})")
_MONTH = re.compile(
    rf"(?:thang |t)(\d{{1,2}})(?:{_BETWEEN}| |,? nam )(\d{{4}})|(\d{{1,2}}){_BETWEEN}(\d{{4}})"
)
_MONTH_BACKWARDS = re.compile(rf"(\d{{4}}){_BETWEEN}(\d{{1,2}})")
_YEAR = re.compile(r"(?:nam )?(\d{4})")


def article_at(connection: sqlite3.Connection, typed: str) -> Row | None:
    """The article that the portal shows, or showed, at this address in any spelling of it (``url_key``)."""
    match = _ADDRESS.fullmatch(typed)
    if match is None:
        return None
    try:
        number = stable_id(url_key(f"{(match[1] or 'http').lower()}://{match[2]}"))
    except ValueError:  # no address after all
        return None
    return one(
        connection,
        """select id, title, published_at from articles
            where id in (select ?1 union all
                         select article_id from sightings where url_id = ?1 and url_id <> article_id)
            order by id = ?1 desc limit 1""",
        number,
    )


def span_named(connection: sqlite3.Connection, typed: str) -> tuple[str, int] | None:
    """The day, month or year that was typed, as it begins a time (``2025-06``), and how many articles it has.

    None for none.
    """
    span = _span(bare(typed))
    if span is None:
        return None
    sql = "select count(*) from articles where published_at >= ?1 and published_at < ?1 || '~'"
    count = connection.execute(sql, (span,)).fetchone()[0]
    return (span, count) if count else None


def _span(plain: str) -> str | None:
    if match := _YEAR.fullmatch(plain):
        return match[1]
    day, size = 1, len("2025-06-28")
    if match := _DAY.fullmatch(plain):
        day, month, year = (int(part) for part in match.groups() if part)
    elif match := _DAY_BACKWARDS.fullmatch(plain):
        year, month, day = map(int, match.groups())
    elif match := _MONTH.fullmatch(plain):
        month, year = (int(part) for part in match.groups() if part)
        size = len("2025-06")
    elif match := _MONTH_BACKWARDS.fullmatch(plain):
        year, month = map(int, match.groups())
        size = len("2025-06")
    else:
        return None
    meant = day_of(year, month, day)
    return meant.isoformat()[:size] if meant else None
