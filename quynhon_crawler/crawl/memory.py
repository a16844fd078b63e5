"""What earlier crawls learned: the validators of each address, and which bodies the archive holds already.

Made from the WARC files and kept in the frontier's file, so that it is committed with what it belongs to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from quynhon_crawler.crawl.ledger import Ledger
from quynhon_crawler.model import Capture
from quynhon_crawler.urls import canonical
from quynhon_crawler.warc.http import Message

MEMORY_SCHEMA = """
CREATE TABLE known (
  key BLOB PRIMARY KEY, etag TEXT, modified TEXT, captured_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE bodies (
  digest BLOB PRIMARY KEY, url TEXT NOT NULL, captured_at TEXT NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What the last good answer of an address said of itself, and the WARC-Date of that record."""

    etag: str | None
    modified: str | None
    captured_at: str


def fetch_key(method: str, url: str, body: bytes = b"") -> bytes:
    """16 bytes that name a request: the method, the canonical address, the form."""
    text = f"{method} {canonical(url)}".encode()
    return hashlib.blake2b(text + b"\0" + body, digest_size=16).digest()


def form_body(form: Iterable[tuple[str, str]]) -> bytes:
    """A form as it is sent: application/x-www-form-urlencoded."""
    return urlencode(list(form)).encode()


class Memory:
    """Two tables of the frontier's file; the frontier commits them."""

    def __init__(self, db: Ledger) -> None:
        self._db = db

    def known(self, method: str, url: str, body: bytes = b"") -> Known | None:
        """None unless the address has answered with status 200 before."""
        row = self._db.execute(
            "SELECT etag, modified, captured_at FROM known WHERE key = ?", (fetch_key(method, url, body),)
        ).fetchone()
        return None if row is None else Known(*row)

    def unlearn(self, method: str, url: str, body: bytes = b"") -> None:
        """What was known of an address no longer counts."""
        self._db.execute("DELETE FROM known WHERE key = ?", (fetch_key(method, url, body),))

    def refers_to(
        self, method: str, url: str, body: bytes, answer: Message, *, whole: bool
    ) -> tuple[str, str] | None:
        """(URL, WARC-Date) of the record that holds this answer's body; None when this is the first.

        A 304 stands for the last good answer of its address. Every other body is compared byte for byte, by
        digest, with all that were stored, under whatever address.
        """
        if answer.status == 304:
            known = self.known(method, url, body)
            return (url, known.captured_at) if known else None
        if not whole or not answer.entity or answer.status != 200 or answer.extra or answer.damage:
            return None
        row = self._db.execute(
            "SELECT url, captured_at FROM bodies WHERE digest = ?", (_digest(answer),)
        ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    def learn(
        self, capture: Capture, answer: Message, body: bytes, refers_to: tuple[str, str] | None
    ) -> None:
        """Remember a recorded answer. Cut and failed ones teach nothing."""
        if capture.truncated or answer.status != 200:
            return
        if refers_to is None and answer.entity:
            self._db.execute(
                "INSERT OR IGNORE INTO bodies VALUES (?,?,?)",
                (_digest(answer), capture.url, capture.captured_at),
            )
        self._db.execute(
            "INSERT OR REPLACE INTO known VALUES (?,?,?,?)",
            (
                fetch_key(capture.method, capture.url, body),
                answer.header("ETag"),
                answer.header("Last-Modified"),
                capture.captured_at,
            ),
        )

    def forget(self, dates: Iterable[str]) -> None:
        """As if what was recorded at these WARC-Dates, which are to the microsecond, never had been."""
        listed = json.dumps(list(dates))
        for table in ("known", "bodies"):
            sql = f"DELETE FROM {table} WHERE captured_at IN (SELECT value FROM json_each(?))"  # noqa: S608
            self._db.execute(sql, (listed,))


def _digest(answer: Message) -> bytes:
    return hashlib.sha1(answer.entity, usedforsecurity=False).digest()
