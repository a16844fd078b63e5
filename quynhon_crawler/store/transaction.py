"""What was added and is not on disk yet: a batch in memory, and SQLite's open transaction."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.store.batch import Batch, BatchWriter
from quynhon_crawler.store.database import rollback, told
from quynhon_crawler.store.places import Places


class Transaction:
    """Written as a whole by ``commit``, or not at all. Errors name the file (database.told)."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._writer = BatchWriter(connection)
        self._file = _file_at(path)
        self.batch = Batch()

    @property
    def places(self) -> Places:
        return self._writer.places

    def begin(self) -> None:
        """Open it, if it is not; waits for another writer."""
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
            # Rows of a batch may name each other in any order; they are checked at commit.
            self._connection.execute("PRAGMA defer_foreign_keys = ON")

    def write(self, sql: str, values: Any) -> None:
        """One statement."""
        with told(self._path):
            self.begin()
            self._connection.execute(sql, values)

    def flush(self) -> None:
        """What waits in memory, into the open transaction."""
        if not len(self.batch):
            return
        try:
            with told(self._path):
                self.begin()
                self._writer.write(self.batch)
        except BaseException:
            self.give_up()
            raise
        self.batch = Batch()

    def commit(self) -> None:
        """Make it durable. After an error nothing of it is there."""
        self.flush()
        try:
            with told(self._path):
                if self._connection.in_transaction:
                    self.refuse_other_file()
                    self._connection.execute("COMMIT")
        except BaseException:
            self.give_up()
            raise

    def refuse_other_file(self) -> None:
        """ArchiveError when the database was deleted or replaced: SQLite writes on where nobody reads."""
        if _file_at(self._path) != self._file:
            raise ArchiveError(
                f"{self._path}: was deleted or replaced while it was written to; what is missing in it comes "
                "out of the WARC files: quynhon rebuild"
            )

    def give_up(self) -> None:
        """As if nothing had been added."""
        rollback(self._connection)
        self.batch = Batch()
        self._writer.clear()


def _file_at(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
