"""What a Store can be asked while it writes: of what is in the database, and of what waits to be."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from quynhon_crawler.model import Capture, stable_id
from quynhon_crawler.store import counts
from quynhon_crawler.store.database import told
from quynhon_crawler.store.search import Hits, search
from quynhon_crawler.store.transaction import Transaction
from quynhon_crawler.urls import url_key


class Questions:
    """Each sees what was added before. Raises ArchiveError, one line that names the file."""

    def __init__(self, connection: sqlite3.Connection, path: Path, transaction: Transaction) -> None:
        self.connection = connection
        self.path = path
        self._open = transaction

    def flush(self) -> None:
        """What waits, into the open transaction."""
        self._open.flush()

    def captures(self) -> int:
        """How many there are."""
        self.flush()
        with told(self.path):
            return int(self.connection.execute("SELECT count(*) FROM captures").fetchone()[0])

    def has_capture(self, capture_id: int) -> bool:
        if capture_id in self._open.batch.captures:
            return True
        with told(self.path):
            return counts.has_capture(self.connection, capture_id)

    def only_answer(self, crawl_id: str, home_url: str) -> int | None:
        """The last status of the home page in a crawl that kept no page or file; None when it kept one."""
        self.flush()
        with told(self.path):
            return counts.only_answer(self.connection, crawl_id, home_url)

    def has_address(self, url: str) -> bool:
        """Whether anything was captured from an address."""
        with told(self.path):
            sql = "SELECT 1 FROM captures WHERE url_key = ? LIMIT 1"
            return self.connection.execute(sql, (url_key(url),)).fetchone() is not None

    def find_capture(self, url: str, captured_at: str) -> Capture | None:
        """The response with a body that was captured from an address at a time, to the second if need be."""
        self.flush()
        with told(self.path):
            return counts.find_capture(self.connection, url, captured_at)

    def capture_named(self, record_id: str) -> Capture | None:
        """The capture of a record with a body, by its WARC-Record-ID."""
        self.flush()
        with told(self.path):
            return counts.capture_named(self.connection, stable_id(record_id))

    def captures_at(self, url: str, *, limit: int) -> list[Capture]:
        """The captures with a body of one address, newest first."""
        self.flush()
        with told(self.path):
            return counts.captures_at(self.connection, url, limit)

    def has_ended(self, crawl_id: str) -> bool:
        """Whether a run of a crawl wrote down its end."""
        self.flush()
        with told(self.path):
            sql = "SELECT 1 FROM crawls WHERE id = ? AND outcome IS NOT NULL"
            return self.connection.execute(sql, (crawl_id,)).fetchone() is not None

    def has_portal(self, portal_id: int) -> bool:
        """Whether ``put_portal`` was called for it."""
        with told(self.path):
            sql = "SELECT 1 FROM portals WHERE id = ?"
            return self.connection.execute(sql, (portal_id,)).fetchone() is not None

    def crawl_totals(self, crawl_id: str, portal_id: int) -> dict[str, int | None]:
        """Columns of ``crawls`` that follow from what a crawl captured."""
        self.flush()
        with told(self.path):
            return counts.crawl_totals(self.connection, crawl_id, portal_id)

    def search(self, words: str, **options: Any) -> Hits:
        """See ``search.search``."""
        self.flush()
        with told(self.path):
            return search(self.connection, words, **options)
