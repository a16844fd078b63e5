"""Opening quynhon.db: whose it is, how old it is, and errors as one line that names the file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database

from quynhon_crawler.errors import ArchiveError, DiskFull, QuynhonError, SchemaError
from quynhon_crawler.store.hold import held
from quynhon_crawler.store.medium import may_write, read_uri
from quynhon_crawler.store.schema import APPLICATION_ID, VERSION, migrations

#: How long to wait for another writer, in seconds.
PATIENCE = 30.0
# A batch should not be spilled before it is committed: with this and the log below, 50,000 articles cost 11
# instead of 17 s of system time (16 MB and a log of 32 MB before).
_CACHE_KIB = 48_000


def connect(
    path: Path, *, create: bool = False, readonly: bool = False, patience: float = PATIENCE
) -> Database:
    """A checked connection to a database that is up to date: an older one is migrated first, where it can be.

    Raises SchemaError for a newer or foreign database, ArchiveError for one that cannot be read or written.
    """
    if not path.exists() and (readonly or not create):
        raise ArchiveError(f"{path}: there is no database yet; crawl, import or rebuild makes it")
    uri = read_uri(path) if readonly else f"{path.absolute().as_uri()}?mode=rwc"
    if readonly and may_write(path) and _is_older(path, uri):
        connect(path, patience=patience).close()
    with told(path):
        connection = sqlite3.connect(uri, uri=True, timeout=patience, check_same_thread=False)
        try:
            return _prepared(connection, path, readonly=readonly)
        except BaseException:
            connection.close()
            raise


def _is_older(path: Path, uri: str) -> bool:
    with told(path), closing(sqlite3.connect(uri, uri=True)) as connection:
        return 0 < _version_of(connection, path) < VERSION


def _prepared(connection: sqlite3.Connection, path: Path, *, readonly: bool) -> Database:
    connection.isolation_level = None
    version = _version_of(connection, path)
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute("PRAGMA foreign_keys = ON")
    # 128 MB: ids spread rows over the file, and many a page changes again before it is copied back. Of 64 MB
    # an insert costs 3 % more (median of four rounds).
    connection.execute("PRAGMA wal_autocheckpoint = 32000")
    db = Database(connection)
    if version < VERSION:
        if readonly:
            if not version:
                raise SchemaError(f"{path}: is empty; quynhon rebuild makes it anew")
            raise SchemaError(
                f"{path}: made by an older version (schema {version}, this one is {VERSION}), and cannot be "
                "brought up to date where nothing can be written; copy the archive to where it can"
            )
        if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise ArchiveError(f"{path}: cannot be switched to write-ahead logging")
        with held(path.absolute().parent):
            # Another process may have brought it up to date while this one waited.
            if (version := _version_of(connection, path)) < VERSION:
                if version:
                    _keep_copy(connection, path, version)
                _migrate(db)
    # A WARC file is closed once its rows are committed, and closed files are not read again after a power
    # cut. NORMAL would lose those rows; it saves one sync a second.
    connection.execute("PRAGMA synchronous = FULL")
    return db


def _version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The schema's number, 0 for an empty file."""
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not tables and application_id == 0:
        return 0
    if application_id != APPLICATION_ID:
        raise SchemaError(f"{path}: a database, but not one of this program; move it away or name another")
    if version > VERSION:
        raise SchemaError(
            f"{path}: made by a newer version (schema {version}, this one knows {VERSION}); "
            "upgrade the program"
        )
    return version


def _keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> None:
    copy = path.with_name(f"{path.name}.v{version}")
    unfinished = path.with_name(f"{copy.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        connection.execute("VACUUM INTO ?", (str(unfinished),))
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(copy)
    finally:
        unfinished.unlink(missing_ok=True)


def _migrate(db: Database) -> None:
    """All steps in one transaction: an error or a kill leaves the version that was."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        migrations.ensure_migrations_table(db)
        migrations.apply(db)
        db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.conn.execute(f"PRAGMA user_version = {VERSION}")
        db.conn.execute("COMMIT")
    except BaseException:
        rollback(db.conn)
        raise


@contextmanager
def told(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, each with the name of the file and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise translated(error, path) from error


def translated(error: sqlite3.Error, path: Path) -> QuynhonError:
    """One of ours, with the name of the file and what to do."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return ArchiveError(f"{path}: another program is writing to it; try again when it is done")
    if "readonly" in text:
        return ArchiveError(f"{path}: read-only; give write permission to the file and its folder")
    if "unable to open" in text:
        return ArchiveError(
            f"{path}: cannot be opened; check the permissions of the file and its folder, and if the disk "
            "can be written"
        )
    if "full" in text:
        return DiskFull(f"{path}: the disk is full; nothing was half-written, make room and run again")
    if "not a database" in text:
        return SchemaError(
            f"{path}: not a SQLite database; make it again from the WARC files: quynhon rebuild"
        )
    if "disk I/O" in text:
        return ArchiveError(f"{path}: the disk failed to read or write; check it, then run again")
    if "malformed" in text:
        return ArchiveError(f"{path}: damaged ({text}); make it again from the WARC files: quynhon rebuild")
    return ArchiveError(f"{path}: {text}")


def rollback(connection: sqlite3.Connection) -> None:
    """Give up what is not committed; errors of an already broken connection do not matter any more."""
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
