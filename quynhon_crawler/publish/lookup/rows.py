"""Rows of a question: what every module here asks with."""

from __future__ import annotations

import sqlite3
from typing import Any

Row = sqlite3.Row


def one(connection: sqlite3.Connection, sql: str, *values: Any) -> Row | None:
    """The first row, or None."""
    found: Row | None = connection.execute(sql, values).fetchone()
    return found


def many(connection: sqlite3.Connection, sql: str, *values: Any) -> list[Row]:
    """Every row."""
    return connection.execute(sql, values).fetchall()
