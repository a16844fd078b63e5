"""The one writer of quynhon.db."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from quynhon_crawler.errors import UsageError
from quynhon_crawler.model import Capture, Reading, stable_id
from quynhon_crawler.store import rows, takedowns, tombstones
from quynhon_crawler.store.database import connect, told
from quynhon_crawler.store.hold import held
from quynhon_crawler.store.questions import Questions
from quynhon_crawler.store.statements import update
from quynhon_crawler.store.takedowns import Action, Decision
from quynhon_crawler.store.timeline import Event
from quynhon_crawler.store.tombstones import Hidden
from quynhon_crawler.store.transaction import Transaction
from quynhon_crawler.urls import url_key

logger = logging.getLogger(__name__)

# Captures that wait in memory before they go into the open transaction: 12 MB of articles of 6 KB.
_BATCH = 500
_GONE = (404, 410)
_SPELLING = """CASE WHEN
    (excluded.home_url NOT LIKE 'https:%', length(excluded.home_url), excluded.home_url)
    < (portals.home_url NOT LIKE 'https:%', length(portals.home_url), portals.home_url)
    THEN excluded.home_url ELSE portals.home_url END"""
_PAGE_MISSING = (200, 203, 301, 302, 303, 307, 308)


class Store(Questions):
    """Add what was captured and read, in any order; ``commit`` makes it durable as a whole.

    Nothing is half-written: after an error or a kill the database is what the last ``commit`` left.
    Raises ArchiveError and SchemaError, one line each, naming the file.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path, Transaction(connection, path))

    @classmethod
    def open(cls, path: Path, *, create: bool = False, readonly: bool = False) -> Store:
        """Open, and bring up to date unless ``readonly``; an older database is copied first (``.vN``)."""
        store = cls(connect(path, create=create, readonly=readonly).conn, path)
        if not readonly:
            try:
                store._level_tombstones()
            except BaseException:
                store.connection.close()
                raise
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._open.give_up()
        self.close()

    def close(self) -> None:
        """Commit what was added, and close."""
        try:
            self.commit()
        finally:
            self.connection.close()

    # What arrives

    def put_portal(
        self, *, name: str, home_url: str, system: str | None, rights: str | None, chosen: bool = True
    ) -> int:
        """The portal of an address; what is None stays as it was. Returns its id.

        ``chosen``: the address is written so in archive.toml. Of others that were typed, one of the spellings
        of a home page stays, whichever came first: https before http, the shorter, the first by letters.
        """
        portal_id = stable_id(url_key(home_url))
        kept = "excluded.home_url" if chosen else _SPELLING
        sql = f"""INSERT INTO portals(id, name, home_url, system, rights) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE SET name = coalesce(excluded.name, name), home_url = {kept},
                system = coalesce(excluded.system, system), rights = coalesce(excluded.rights, rights)"""
        self._open.write(sql, (portal_id, name, home_url, system, rights))
        return portal_id

    def start_crawl(self, *, id: str, portal_id: int, mode: str, started_at: str) -> None:
        """A crawl begins, or goes on: the earliest begin stays. It is full when all of its runs are."""
        sql = """INSERT INTO crawls(id, portal_id, mode, started_at) VALUES (?, ?, ?, nullif(?, ''))
            ON CONFLICT(id) DO UPDATE SET portal_id = excluded.portal_id, mode = max(mode, excluded.mode),
                started_at = min(coalesce(started_at, excluded.started_at),
                    coalesce(excluded.started_at, started_at))"""
        self._open.write(sql, (id, portal_id, mode, started_at))

    def finish_crawl(self, id: str, **columns: Any) -> None:
        """How a crawl ended: ``finished_at``, ``outcome``, ``requests``... as ``crawls`` names them."""
        self._open.write("INSERT OR IGNORE INTO crawls(id) VALUES (?)", (id,))
        if unknown := set(columns) - set(rows.CRAWL_OUTCOME):
            raise TypeError(f"not columns of crawls: {', '.join(sorted(unknown))}")
        if columns:
            # Of a crawl that was interrupted and went on the last end counts, in whatever order they are met.
            later = " AND coalesce(finished_at, '') <= coalesce(:finished_at, finished_at, '')"
            sql = update("crawls", columns) + (later if "finished_at" in columns else "")
            self._open.write(sql, {**columns, "id": id})

    def add_capture(self, capture: Capture) -> None:
        """One exchange. Adding it again changes nothing; a revisit may come again with its body's digest."""
        held = self._open.batch.captures.get(capture.id)
        if held and (held.warc_file, held.warc_offset) != (capture.warc_file, capture.warc_offset):
            self._open.batch.again += (held, capture)
        if held is None or capture.bytes > held.bytes:
            self._open.batch.captures[capture.id] = capture
            if len(self._open.batch.captures) > _BATCH:
                self.flush()
        if capture.method == "GET" and (capture.status in _GONE or capture.status == 304):
            state = "unchanged" if capture.status == 304 else "gone"
            self._add_event(capture, state, None if state == "unchanged" else f"answered {capture.status}")

    def add_reading(self, capture: Capture, reading: Reading, *, portal_id: int) -> None:
        """What a page was found to say. 304 answers say nothing of their own and are left out."""
        if capture.status == 304 or capture.status in _GONE:
            self.add_capture(capture)
            return
        if reading.kind == "not-a-page":
            self.add_capture(capture)
            asked = capture.method == "GET" and capture.record_type != "revisit"
            if asked and capture.status in _PAGE_MISSING:
                home = "redirects to the home page" if capture.status >= 300 else "soft 404"
                self.add_gone(capture, reading.problem or home)
            return
        self.add_capture(capture)
        if reading.article is not None:
            self._open.batch.articles.append((capture, reading.article, portal_id))
        if reading.listing is not None or reading.documents:
            self._open.batch.readings.append((capture, reading, portal_id))

    def add_gone(self, capture: Capture, reason: str) -> None:
        """The address no longer holds what it held. One that never held an article makes no article."""
        self.add_capture(capture)
        self._add_event(capture, "gone", reason)

    def _add_event(self, capture: Capture, state: Any, reason: str | None) -> None:
        address = stable_id(capture.url_key)
        self._open.batch.events.append(Event(capture.captured_at, capture.id, address, state, reason=reason))

    def add_file(self, capture: Capture, *, width: int | None, height: int | None) -> None:
        """The body of a picture or attachment arrived, or a revisit that stands for a body of the archive.

        A revisit whose body is not (yet) known, and a 304, say nothing of a file and are left out.
        """
        self.add_capture(capture)
        if capture.status != 304 and (capture.record_type != "revisit" or capture.body_sha256):
            self._open.batch.files.append(rows.file_row(capture, width=width, height=height))

    def add_failure(self, *, url: str, stage: str, error: str, seen_at: str, capture_id: int | None) -> None:
        """Something that did not work, for the list of failures."""
        self._open.batch.failures.append(rows.failure_row(url, stage, error, seen_at, capture_id))

    # Takedowns

    def add_takedown(self, url: str, *, reason: str, at: str | None = None, by: str = "") -> list[Hidden]:
        """Hide an item everywhere, and at once: its row is the tombstone. Returns what it hides.

        Nothing of the address need be here: what is captured later is hidden too. Raises ArchiveError.
        """
        before = tombstones.hidden(self.connection)
        self._decide(at, "takedown", url, reason, by)
        return sorted(tombstones.hidden(self.connection) - before, key=lambda row: (row.table, row.url))

    def lift_takedown(self, url: str, *, reason: str, at: str | None = None, by: str = "") -> None:
        """Show it again. Raises UsageError when it is not taken down."""
        sql = "SELECT 1 FROM takedowns WHERE id = ?"
        if self.connection.execute(sql, (rows.url_id(url),)).fetchone() is None:
            raise UsageError(f"{url}: is not taken down")
        self._decide(at, "lift", url, reason, by)

    @property
    def _journal(self) -> Path:
        return takedowns.journal_of(self.path)

    def _decide(self, at: str | None, action: Action, url: str, reason: str, by: str) -> None:
        self.commit()
        with held(self.path.parent):
            # Not before others let go: an export that came first must not look newer.
            decision = Decision(at or _now(), action, url, reason, by)
            try:
                with told(self.path):
                    self._open.refuse_other_file()
                    self._open.begin()
                    tombstones.show(self.connection, decision)
                    takedowns.write(self._journal, decision)
                    self.connection.execute("COMMIT")
            except BaseException:
                self._open.give_up()
                raise

    def _level_tombstones(self) -> None:
        """Takedowns that were decided while there was no database, or another one; and those that the file
        has lost."""
        with told(self.path):
            # One that is being made knows them from the file alone, and who makes it holds the folder.
            if self.path.suffix == ".db" and tombstones.ahead(self.connection, self._journal):
                with held(self.path.absolute().parent):
                    takedowns.write(self._journal, *tombstones.ahead(self.connection, self._journal))
                logger.warning("%s: lacked takedowns of the database; written down again", self._journal)
            if tombstones.behind(self.connection, self._journal):
                self._open.begin()
                for decision in tombstones.behind(self.connection, self._journal):
                    tombstones.show(self.connection, decision)
        self._open.commit()

    def choose_places(self, damaged: Callable[[str], bool]) -> None:
        """What several WARC files hold lies in one that is whole, from here on: see ``places.Places``."""
        self.flush()
        with told(self.path):
            self._open.begin()
            self._open.places.choose(damaged)

    # To disk

    def commit(self) -> None:
        """Write what was added, and make it durable. After an error nothing of it is there."""
        self._open.commit()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
