"""One compact SQLite file of the public tables, made while a crawl may be writing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from quynhon_crawler.errors import ArchiveError, DiskFull
from quynhon_crawler.store.content import PRIVATE_COLUMNS, public_tables
from quynhon_crawler.store.database import connect, told
from quynhon_crawler.store.export.package import Exported, exported, finish, fresh_folder
from quynhon_crawler.store.fulltext import triggers
from quynhon_crawler.store.obeyed import obeyed
from quynhon_crawler.store.visible import delete_hidden

_NAME = "quynhon.db"
# Reading a whole file through the map takes two thirds of the time.
_MAPPED = "PRAGMA mmap_size = 4000000000"


def export_dump(database: Path, output: Path) -> Exported:
    """A checked copy of one moment, without bookkeeping and without what was taken down.

    VACUUM INTO reads one snapshot and does not hold up the writer; the backup interface starts over whenever
    the writer commits. Raises ArchiveError when the copy fails its own check.
    """
    with fresh_folder(output, database) as folder:
        copy = folder / _NAME
        source = connect(database, readonly=True).conn
        try:
            source.execute(_MAPPED)
            _copy(source, database, copy)
        finally:
            source.close()
        connection = sqlite3.connect(copy, isolation_level=None)
        try:
            with told(copy):
                state = obeyed(connection)
                _make_public(connection)
                _check(connection, copy)
                resource = {"name": "quynhon", "path": _NAME, "format": "sqlite"}
                resource["mediatype"] = "application/vnd.sqlite3"
                finish(folder, connection, [resource], form="dump", state=state)
        finally:
            connection.close()
    return exported(output)


def _copy(source: sqlite3.Connection, database: Path, copy: Path) -> None:
    try:
        with told(database):
            source.execute("VACUUM INTO ?", (str(copy),))
    except DiskFull as error:
        raise DiskFull(f"{copy.parent}: the disk is full; make room, or name another --output") from error


def _make_public(connection: sqlite3.Connection) -> None:
    # One file that opens on a read-only disk; what is dropped is overwritten. A failed dump is thrown away.
    connection.execute(_MAPPED)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("BEGIN")
    for name in ("articles_ai", "articles_ad", "articles_au"):
        connection.execute(f"DROP TRIGGER {name}")
    for statement in triggers(guarded=False):
        connection.execute(statement)
    deleted = delete_hidden(connection)
    private = r"SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '\_%' ESCAPE '\'"
    for (table,) in connection.execute(private).fetchall():
        connection.execute(f"DROP TABLE {table}")
    for table in public_tables(connection):
        for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall():
            if column in PRIVATE_COLUMNS:
                connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    connection.execute("COMMIT")
    if deleted:
        connection.execute("VACUUM")


def _check(connection: sqlite3.Connection, copy: Path) -> None:
    verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise ArchiveError(f"{copy}: the copy failed its check: {verdict}")
