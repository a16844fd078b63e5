"""What Datasette asks about a table is answered by the table, also where a view hides rows of it.

A view has no primary key and points to nothing: with ``veil`` alone, one withdrawn item would change the
columns, the keys and the addresses of every row.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import Any

_TOLD = r"(?=(?:table_x?info|foreign_key_list|index_list|index_x?info)\b)"
_ABOUT = re.compile(rf"\s*PRAGMA {_TOLD}", re.IGNORECASE)


class _Plainly:
    """A connection whose pragmas about tables and indexes mean those of the file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self._connection.execute(_ABOUT.sub("PRAGMA main.", sql, count=1), *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def describe_plainly(database: Any) -> None:
    """``database`` is Datasette's; its public ``execute_fn`` hands out a connection to ask."""
    ask = database.execute_fn

    async def execute_fn(question: Callable[[Any], Any]) -> Any:
        return await ask(lambda connection: question(_Plainly(connection)))

    database.execute_fn = execute_fn
