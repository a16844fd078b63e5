"""What waits to be written, and how it is written: in one go, sorted by article.

The full-text index takes rowids in ascending order many times faster. The order does not matter to the result
(articles.py).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from quynhon_crawler.model import Article, Capture, Reading
from quynhon_crawler.store import rows
from quynhon_crawler.store.articles import Articles
from quynhon_crawler.store.bylines import Bylines
from quynhon_crawler.store.files import Files
from quynhon_crawler.store.fulltext import Indexing
from quynhon_crawler.store.listings import Listings
from quynhon_crawler.store.names import Names
from quynhon_crawler.store.places import Places
from quynhon_crawler.store.statements import insert
from quynhon_crawler.store.timeline import Event
from quynhon_crawler.store.twins import pair

_SAME_CAPTURE = """ ON CONFLICT(id) DO UPDATE SET body_sha256 = excluded.body_sha256, bytes = excluded.bytes
    WHERE excluded.bytes > captures.bytes"""
_PUT_EVENT = """INSERT OR IGNORE INTO url_events(capture_id, url_id, seen_at, state, reason)
    VALUES (?, ?, ?, ?, ?)"""


@dataclass(slots=True)
class Batch:
    """Things of every kind, as they arrived. ``again`` are captures that came from another place too."""

    captures: dict[int, Capture] = field(default_factory=dict)
    again: list[Capture] = field(default_factory=list)
    articles: list[tuple[Capture, Article, int]] = field(default_factory=list)
    readings: list[tuple[Capture, Reading, int]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, (self.captures, self.files, self.failures, self.events)))


def _keyed(item: tuple[Capture, Article, int]) -> tuple[tuple[int, str, int], Capture, Article, int]:
    capture, article, portal_id = item
    return (rows.article_id(article, capture), capture.captured_at, capture.id), capture, article, portal_id


class BatchWriter:
    """Writes batches, within a transaction that the caller begins and ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names = Names(connection)
        self._indexing = Indexing(connection)
        self._files = Files(connection)
        bylines = Bylines(connection, self._names)
        self._articles = Articles(connection, self._names, self._files, bylines, self._indexing)
        self._listings = Listings(connection, bylines)
        self.places = Places(connection)
        self._crawl_ids: set[str] = set()

    def write(self, batch: Batch) -> None:
        """All of it; raises sqlite3.Error, after which the caller rolls back and calls ``clear``."""
        self._indexing.begin()
        self._write_captures(sorted(batch.captures.values(), key=lambda capture: capture.id))
        self.places.note(map(rows.capture_row, (*batch.captures.values(), *batch.again)))
        for row in batch.files:
            self._files.put_file(row)
        for _, capture, article, portal_id in sorted(map(_keyed, batch.articles), key=lambda item: item[0]):
            self._articles.put(capture, article, portal_id)
        for event in sorted(batch.events):
            values = (event.capture_id, event.url_id, event.at, event.state, event.reason)
            if self._connection.execute(_PUT_EVENT, values).rowcount:
                self._articles.happened(event)
        for capture, reading, portal_id in batch.readings:
            self._listings.put(capture, reading, portal_id)
        self._names.flush()
        pair(self._connection, sorted(self._articles.touched))
        self._articles.touched.clear()
        if batch.failures:
            sql = insert("failures", batch.failures[0], ignore=True)
            self._connection.executemany(sql, batch.failures)
        self._indexing.finish()

    def _write_captures(self, captures: list[Capture]) -> None:
        fresh = {capture.crawl_id for capture in captures if capture.crawl_id} - self._crawl_ids
        sql = "INSERT OR IGNORE INTO crawls(id) VALUES (?)"
        self._connection.executemany(sql, [(crawl_id,) for crawl_id in fresh])
        self._crawl_ids |= fresh
        made = [rows.capture_row(capture) for capture in captures]
        if made:
            self._connection.executemany(insert("captures", made[0]) + _SAME_CAPTURE, made)

    def clear(self) -> None:
        """Forget what a failed batch left behind."""
        self._names.clear()
        self._indexing.clear()
        self._articles.touched.clear()
        self._listings.clear()
        self.places.clear()
        self._crawl_ids.clear()
