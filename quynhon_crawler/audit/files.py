"""Every record of a WARC file: its gzip member, its digests, and its row in ``captures``.

Rows and records are met in the order of their offsets, so memory is one of each.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.model import Capture
from quynhon_crawler.warc.answers import answer_of
from quynhon_crawler.warc.appender import OPEN
from quynhon_crawler.warc.digests import wrong_digests
from quynhon_crawler.warc.reader import Record, Stored, paired
from quynhon_crawler.warc.walk import Fault, walk

_COLUMNS = tuple(field.name for field in fields(Capture))
# Of a revisit they are the body's that it stands for; the crawl is told by the file's first record.
_ELSEWHERE = frozenset({"body_sha256", "bytes"})
_UNCHECKED = frozenset({"crawl_id"})


@dataclass(slots=True)
class Count:
    """What was looked at."""

    records: int = 0
    rows: int = 0
    bytes: int = 0


def check_file(path: Path, connection: sqlite3.Connection | None, count: Count) -> Iterator[Problem]:
    """One file. Without a database only the bytes are checked. Raises OSError."""
    name = path.name.removesuffix(OPEN)
    rows = _Rows(connection, name)
    for item in paired(_looked_at(path, count)):
        if isinstance(item, Problem):
            yield item
        elif isinstance(item, Stored) or item.type == "resource":
            found = answer_of(item, crawl_id=None)
            if isinstance(found, str):
                yield Problem("record", found.partition(": ")[2], name, _offset(item))
            elif found is not None:
                if found.remark:
                    yield Problem("record", found.remark.partition(": ")[2], name, _offset(item))
                if connection is not None:
                    yield from rows.meet(found.capture)
    yield from rows.rest()
    count.rows += rows.count


def _looked_at(path: Path, count: Count) -> Iterator[Record | Problem]:
    for item in walk(path):
        if isinstance(item, Fault):
            if item.offset + (item.length or 0) == path.stat().st_size and path.name.endswith(OPEN):
                continue  # being written, or torn by a crash: the next crawl cuts it off
            yield Problem("file", item.why, item.file, item.offset)
            continue
        count.records += 1
        count.bytes += len(item.block)
        for why in wrong_digests(item):
            yield Problem("digest", why, item.file, item.offset, item.url or None)
        yield item


def _offset(item: Stored | Record) -> int:
    return item.record.offset if isinstance(item, Stored) else item.offset


class _Rows:
    """The rows of one file."""

    def __init__(self, connection: sqlite3.Connection | None, name: str) -> None:
        self._name, self._connection = name, connection
        self.count = 0
        sql = f"SELECT {', '.join(_COLUMNS)} FROM captures"  # noqa: S608
        sql += " WHERE warc_file = ? ORDER BY warc_offset, id"
        self._cursor = connection.execute(sql, (name,)) if connection is not None else None
        self._next = self._fetch()

    def _fetch(self) -> Capture | None:
        row = self._cursor.fetchone() if self._cursor is not None else None
        if row is not None:
            self.count += 1
        return Capture(*row) if row is not None else None

    def meet(self, capture: Capture) -> Iterator[Problem]:
        """A record that should have a row."""
        while self._next is not None and self._next.warc_offset < capture.warc_offset:
            yield self._alone(self._next)
            self._next = self._fetch()
        if self._next is None or self._next.warc_offset > capture.warc_offset:
            yield from self._missing(capture)
            return
        row, self._next = self._next, self._fetch()
        different = [
            column
            for column in _COLUMNS
            if column not in _UNCHECKED
            and getattr(row, column) != getattr(capture, column)
            and not (capture.record_type == "revisit" and column in _ELSEWHERE)
        ]
        if different:
            said = ", ".join(
                f"{name} {getattr(row, name)!r}, in the record {getattr(capture, name)!r}"
                for name in different
            )
            what = f"the row of captures says {said}"
            yield Problem("row", what, self._name, capture.warc_offset, capture.url)

    def _missing(self, capture: Capture) -> Iterator[Problem]:
        """None for a record that another file holds too: it has one row."""
        assert self._connection is not None
        found = self._connection.execute(
            "SELECT warc_file FROM captures WHERE id = ?", (capture.id,)
        ).fetchone()
        if found is None:
            what = "has no row in captures; `quynhon rebuild` makes it"
            yield Problem("row", what, self._name, capture.warc_offset, capture.url)

    def rest(self) -> Iterator[Problem]:
        """Rows behind the last record."""
        while self._next is not None:
            yield self._alone(self._next)
            self._next = self._fetch()

    def _alone(self, row: Capture) -> Problem:
        what = f"a row of captures leads here, and no answer begins here ({row.url})"
        return Problem("row", what, self._name, row.warc_offset, row.url)
