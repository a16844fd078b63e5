"""Every record of a WARC file: its gzip member, its digests, and its row in ``captures``.

A file is looked at where it lies, by a worker perhaps, which knows no database; its answers are then compared
with the rows. Both come in the order of their offsets, so memory is a batch of each.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.home import OPEN
from quynhon_crawler.manifest import sum_of
from quynhon_crawler.model import Capture
from quynhon_crawler.plural import plural
from quynhon_crawler.warc.answers import answer_of
from quynhon_crawler.warc.digests import wrong_digests
from quynhon_crawler.warc.info import warcinfo_of
from quynhon_crawler.warc.reader import Record, Stored, paired
from quynhon_crawler.warc.walk import Fault, walk

_COLUMNS = tuple(field.name for field in fields(Capture))
# Of a revisit they are the body's that it stands for; the crawl is told by the file's first record.
_ELSEWHERE = frozenset({"body_sha256", "bytes"})
_UNCHECKED = frozenset({"crawl_id"})
_RECORDS = 256
# So many rows that lead to nothing are told one by one.
_FEW = 3


@dataclass(slots=True)
class Look:
    """Some records of a file. ``found`` are what is wrong and the answers that there should be rows of, in
    order; ``sum`` is the file's length and SHA-256, in the last of its looks."""

    records: int = 0
    bytes: int = 0
    found: list[Problem | Capture] = field(default_factory=list)
    sum: tuple[int, str] | None = None


def look_at(path: Path, summed: bool) -> Iterator[Look]:
    """All of a file. Raises OSError."""
    looking = _Looking()
    for item in paired(looking.over(path)):
        if isinstance(item, Problem):
            looking.look.found.append(item)
        elif isinstance(item, Stored) or item.type == "resource":
            answer = answer_of(item, crawl_id=None)
            if isinstance(answer, str):
                looking.tell(path, item, answer)
            elif answer is not None:
                if answer.remark:
                    looking.tell(path, item, answer.remark)
                looking.look.found.append(answer.capture)
        if looking.look.records >= _RECORDS:
            yield looking.done()
    looking.look.sum = sum_of(path) if summed else None
    yield looking.done()


class _Looking:
    """Records are counted, and their digests checked, before they are paired: a request may stand alone."""

    def __init__(self) -> None:
        self.look = Look()

    def done(self) -> Look:
        look, self.look = self.look, Look()
        return look

    def tell(self, path: Path, item: Stored | Record, line: str) -> None:
        name = path.name.removesuffix(OPEN)
        self.look.found.append(Problem("record", line.partition(": ")[2], name, _offset(item)))

    def over(self, path: Path) -> Iterator[Record | Problem]:
        for item in walk(path):
            if isinstance(item, Fault):
                if path.name.endswith(OPEN) and item.last:
                    continue  # being written, or torn by a crash: the next crawl cuts it off
                yield Problem("file", item.why, item.file, item.offset)
                continue
            self.look.records += 1
            self.look.bytes += len(item.block)
            for why in wrong_digests(item):
                yield Problem("digest", why, item.file, item.offset, item.url or None)
            yield item


def _offset(item: Stored | Record) -> int:
    return item.record.offset if isinstance(item, Stored) else item.offset


class Rows:
    """The rows of one file, met one after the other by the answers that should have them.

    A file that ``grows`` has records without a row yet, and rows of records that came after the look at it.
    One that is ``left`` open by a crawl that was killed has records without a row: they are told together.
    """

    def __init__(
        self, connection: sqlite3.Connection, name: str, *, grows: bool = False, left: Path | None = None
    ) -> None:
        self._name, self._connection, self._grows, self._left = name, connection, grows, left
        self._unread = 0
        self._alone: list[Capture] = []
        self._more = 0
        self.count = 0
        sql = f"SELECT {', '.join(_COLUMNS)} FROM captures"  # noqa: S608
        sql += " WHERE warc_file = ? ORDER BY warc_offset, id"
        self._cursor = connection.execute(sql, (name,))
        self._next = self._fetch()

    def _fetch(self) -> Capture | None:
        row = self._cursor.fetchone()
        if row is not None:
            self.count += 1
        return Capture(*row) if row is not None else None

    def meet(self, capture: Capture) -> Iterator[Problem]:
        """A record that should have a row."""
        while self._next is not None and self._next.warc_offset < capture.warc_offset:
            self._leave(self._next)
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
        found = self._connection.execute(
            "SELECT warc_file FROM captures WHERE id = ?", (capture.id,)
        ).fetchone()
        if found is None and self._left is not None:
            self._unread += 1
        elif found is None and not self._grows:
            what = "has no row in captures; `quynhon rebuild` makes it"
            yield Problem("row", what, self._name, capture.warc_offset, capture.url)

    def rest(self) -> Iterator[Problem]:
        """Rows behind the last record."""
        while self._next is not None:
            if not self._grows:
                self._leave(self._next)
            self._next = self._fetch()
        yield from self._left_alone()
        if self._unread and self._left is not None:
            yield Problem("row", _left_open(self._left, self._unread), self._name + OPEN)

    def _leave(self, row: Capture) -> None:
        """A row that leads to no answer. Of a file that is emptied or cut these are many, and one fault."""
        if len(self._alone) < _FEW:
            self._alone.append(row)
        else:
            self._more += 1

    def _left_alone(self) -> Iterator[Problem]:
        if not self._more:
            for row in self._alone:
                what = f"a row of captures leads here, and no answer begins here ({row.url})"
                yield Problem("row", what, self._name, row.warc_offset, row.url)
            return
        first, rows = self._alone[0], plural(len(self._alone) + self._more, "row")
        what = f"{rows} of captures lead into this file, from here on, where no answer begins"
        yield Problem("row", what, self._name, first.warc_offset)


def _left_open(path: Path, unread: int) -> str:
    first = next(walk(path), None)
    info = warcinfo_of(first) if isinstance(first, Record) else {}
    whose = f"crawl {info['ispartof']}" if "ispartof" in info else "a crawl"
    has = "has" if unread == 1 else "have"
    return (
        f"left open by {whose}, which was killed; {plural(unread, 'answer')} of it {has} no row yet: "
        f"`quynhon crawl {info.get('portal', '')}".rstrip()
        + "` reads them and goes on"
    )
