"""The SQLite file of the frontier: always inside one transaction, and useless after its first failure."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from quynhon_crawler.errors import ROOM, ArchiveError, DiskFull, QuynhonError


class Ledger:
    """Statements on one file. Raises ArchiveError or DiskFull that names the file and says what to do.

    SQLite rolls the whole transaction back when the disk is full, and what comes after would be committed
    statement by statement: an address could be done whose links are lost. So everything after a failure is
    refused; the next run begins from the last commit.
    """

    def __init__(self, path: Path, *, version: int, schema: str) -> None:
        self._path = path
        self._failed: str | None = None
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5)
        except sqlite3.Error as error:
            raise ArchiveError(f"{path}: cannot be used: {error}") from error
        try:
            self.is_new = self._prepare(version, schema)
        except QuynhonError:
            self._db.close()
            raise

    def _prepare(self, version: int, schema: str) -> bool:
        self.execute("PRAGMA journal_mode=WAL")
        self.execute("PRAGMA synchronous=FULL")
        found = self.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, version):
            raise ArchiveError(f"{self._path}: made by another version ({found}, here {version})")
        self.execute("BEGIN IMMEDIATE")
        if found == 0:
            for statement in filter(str.strip, schema.split(";")):
                self.execute(statement)
            self.execute(f"PRAGMA user_version={version}")
        return bool(found == 0)

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        """One statement."""
        if self._failed:
            raise self._error()
        try:
            return self._db.execute(sql, values)
        except sqlite3.Error as error:
            self._failed = f"{self._path}: {_plain(str(error))}"
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise self._error() from error

    def _error(self) -> QuynhonError:
        assert self._failed is not None
        return DiskFull(self._failed) if ROOM in self._failed else ArchiveError(self._failed)

    def commit(self) -> None:
        """Everything since the last commit, on disk."""
        self.execute("COMMIT")
        self.execute("BEGIN IMMEDIATE")

    def close(self) -> None:
        """Commit what can be, and let go of the file."""
        try:
            if not self._failed:
                self.execute("COMMIT")
        finally:
            self._db.close()


def _plain(text: str) -> str:
    if "full" in text or "disk I/O" in text:  # SQLite says either when there is no room
        return f"{text}; make room and run the crawl again, it goes on where it stopped"
    if "not a database" in text or "malformed" in text:
        return f"{text}; delete it and run the crawl again, what it knew is in the WARC files"
    return f"cannot be used: {text}"
