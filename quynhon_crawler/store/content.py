"""What a database says, in whatever order it was written: its public tables, and a digest of them all."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from quynhon_crawler.store import fulltext

# Bookkeeping of how rows came about; not what they say.
PRIVATE_COLUMNS = frozenset({"field_stamps"})

_TABLES = r"""
    SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\_%' ESCAPE '\'
        AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name"""


def public_tables(connection: sqlite3.Connection) -> list[str]:
    """Names of the tables that readers may rely on, in alphabetical order."""
    return [row[0] for row in connection.execute(_TABLES) if not row[0].startswith(fulltext.NAMES)]


def columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """The public columns of a table or view, in order."""
    found = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return [row[0] for row in found if row[0] not in PRIVATE_COLUMNS]


def key_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of the primary key."""
    found = connection.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", (table,))
    return [row[0] for row in found]


def rows_of(connection: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a public table in order of their key."""
    columns, key = columns_of(connection, table), key_of(connection, table)
    cursor = connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(key)}")
    yield from (cursor if connection.row_factory is None else map(tuple, cursor))


def content_digest(connection: sqlite3.Connection) -> str:
    """SHA-256 over every public row of every public table: equal when two databases say the same.

    The lines hashed are JSON: one with a table's name and columns, then one for each row in order of the key.
    """
    digest = hashlib.sha256()
    line = msgspec.json.Encoder().encode
    for table in public_tables(connection):
        digest.update(line((table, *columns_of(connection, table))) + b"\n")
        for row in rows_of(connection, table):
            digest.update(line(row) + b"\n")
    return digest.hexdigest()
