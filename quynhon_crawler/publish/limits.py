"""What one query may take, so that SQL can stay open to everyone.

Datasette limits time and rows, but not the size of a cell or of an answer: ``select zeroblob(1000000000)``
grew a public instance to 24 GB.
"""

from __future__ import annotations

import sqlite3
from typing import Any
from weakref import WeakKeyDictionary

from quynhon_crawler.publish import functions

# The longest cell: a body of an article is below 1 MB; one string function may hold a few of these.
CELL = functions.MOST
# All cells of one answer. 1,000 rows of 5 MB would be 5 GB inside the time limit.
ANSWER = 16_000_000

# All of SQLite's memory in this process. The functions that build JSON gather as much as comes and look at
# the limit of a cell when they are done: 700 MB within the time limit (measured). Past this they get no more.
HEAP = 160_000_000

# A pattern is compared with each letter of a text: 80 bytes with 5 MB take half a second.
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: CELL,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 50_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 80,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}


class AnswerTooLarge(sqlite3.OperationalError):
    """All cells of one answer are past ``ANSWER``; ``errors`` says so."""


def limit(connection: sqlite3.Connection) -> None:
    """Put the limits on a connection of Datasette's; rows stay ``sqlite3.Row``."""
    for category, value in _LIMITS.items():
        connection.setlimit(category, value)
    functions.bound(connection)
    # Of the whole process, and never raised again; the site's own caches take 70 MB of it at most.
    connection.execute(f"PRAGMA hard_heap_limit={HEAP}")
    # Sorting and grouping spill to a file instead of memory.
    connection.execute("PRAGMA temp_store=FILE")
    spent: WeakKeyDictionary[sqlite3.Cursor, int] = WeakKeyDictionary()

    def row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        size = sum(len(value) for value in values if isinstance(value, str | bytes))
        total = spent.get(cursor, 0) + size
        if total > ANSWER:
            # Datasette takes this word for its time limit, and ends the query.
            raise AnswerTooLarge("interrupted")
        spent[cursor] = total
        return sqlite3.Row(cursor, values)

    connection.row_factory = row
