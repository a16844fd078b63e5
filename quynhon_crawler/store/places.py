"""Records that several WARC files hold: in which of them a row of ``captures`` lies."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable

from quynhon_crawler.store.rows.captures import Row

_TABLE = """CREATE TEMP TABLE IF NOT EXISTS places(
    id INTEGER, warc_file TEXT, warc_offset INTEGER, warc_length INTEGER, crawl_id TEXT,
    PRIMARY KEY (id, warc_file, warc_offset)) WITHOUT ROWID"""
_NOTE = """INSERT OR IGNORE INTO temp.places
    SELECT :id, :warc_file, :warc_offset, :warc_length, :crawl_id WHERE EXISTS (
        SELECT 1 FROM captures WHERE id = :id AND (warc_file, warc_offset) <> (:warc_file, :warc_offset))"""
_OWN = """INSERT OR IGNORE INTO temp.places SELECT id, warc_file, warc_offset, warc_length, crawl_id
    FROM captures WHERE id IN (SELECT id FROM temp.places)"""
_CHOOSE = """UPDATE captures SET (warc_file, warc_offset, warc_length, crawl_id) = (
        SELECT warc_file, warc_offset, warc_length, crawl_id FROM temp.places place
        WHERE place.id = captures.id
        ORDER BY warc_file IN (SELECT name FROM temp.damaged), warc_file, warc_offset LIMIT 1)
    WHERE id IN (SELECT id FROM temp.places)"""


class Places:
    """Of a record that comes again from another file the second place is noted, and chosen from at the end.

    Which file was met first must not matter, and which of them is damaged is known when all were read.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._noted = False

    def note(self, captures: Iterable[Row]) -> None:
        """Of rows that are in the table: those that lie there at another place."""
        if not self._noted:
            self._connection.execute(_TABLE)
            self._noted = True
        self._connection.executemany(_NOTE, captures)

    def choose(self, damaged: Callable[[str], bool]) -> None:
        """Rows into a whole file where one holds their record; of several, into the first by name."""
        if not self._noted:
            return
        ask = self._connection.execute
        ask(_OWN)
        names = [name for (name,) in ask("SELECT DISTINCT warc_file FROM temp.places ORDER BY 1").fetchall()]
        ask("CREATE TEMP TABLE IF NOT EXISTS damaged(name TEXT PRIMARY KEY) WITHOUT ROWID")
        bad = [(name,) for name in names if damaged(name)]
        self._connection.executemany("INSERT OR IGNORE INTO temp.damaged VALUES (?)", bad)
        ask(_CHOOSE)
        ask("DELETE FROM temp.places")

    def clear(self) -> None:
        """After a rollback, which may have taken the table with it."""
        self._noted = False
