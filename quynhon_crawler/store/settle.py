"""Give a database the form that a new one has: its tables' columns, indexes, views, triggers and search.

Archives made before the first release wear one of three forms of schema 2.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from quynhon_crawler.store import fulltext, tables

_SEARCH = (
    "articles_ai",
    "articles_ad",
    "articles_au",
    *fulltext.NAMES,
    "articles_search",
    "_batch",
)
# Kept beside the tables in sqlite_master: insides of the search, and what sqlite-utils and SQLite make.
_THEIRS = ("sqlite_", "_sqlite_", *(f"{name}_" for name in fulltext.NAMES))

Form = dict[str, tuple[str, str]]


def settle(connection: sqlite3.Connection) -> None:
    """Change what differs, within the caller's transaction; does nothing to a database that is new."""
    wanted = new_form()
    found = form_of(connection)
    search = any(found.get(name) != wanted[name] for name in _SEARCH)
    wrong = [name for name, made in found.items() if wanted.get(name) != made or (search and name in _SEARCH)]
    # What leans on tables goes first, and the search before the view that it reads.
    for kind in ("trigger", "index", "table", "view"):
        for name in (name for name in wrong if found[name][0] == kind):
            if kind == "table" and name in wanted and name not in _SEARCH:
                _remake(connection, name, wanted[name][1])
            else:
                connection.execute(f"DROP {kind} IF EXISTS {name}")
    there = form_of(connection)
    for name, (_, sql) in wanted.items():
        if name not in there and name not in _SEARCH:
            connection.execute(sql)
    if search:
        for statement in (*fulltext.INDEXES, *fulltext.triggers(), *fulltext.REBUILD):
            connection.execute(statement)


def new_form() -> Form:
    """Of a new database."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in (*tables.TABLES, *tables.INDEXES, *tables.VIEWS):
            connection.execute(statement)
        for statement in (*fulltext.INDEXES, *fulltext.triggers()):
            connection.execute(statement)
        return form_of(connection)


def form_of(connection: sqlite3.Connection) -> Form:
    """Kind and SQL by name, in the order of creation."""
    sql = "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
    return {
        name: (kind, text) for name, kind, text in connection.execute(sql) if not name.startswith(_THEIRS)
    }


def _remake(connection: sqlite3.Connection, table: str, sql: str) -> None:
    """The same rows in a table of other columns; nothing refers to it."""
    connection.execute(f"CREATE TEMP TABLE held AS SELECT * FROM {table}")
    connection.execute(f"DROP TABLE {table}")
    connection.execute(sql)
    names = "SELECT name FROM pragma_table_info(?) INTERSECT SELECT name FROM pragma_table_info('held')"
    columns = ", ".join(row[0] for row in connection.execute(names, (table,)))
    connection.execute(f"INSERT INTO {table}({columns}) SELECT {columns} FROM temp.held")
    connection.execute("DROP TABLE temp.held")
