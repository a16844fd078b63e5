"""What was taken down stays behind: its records are left out of the files that are handed out.

A record lies in the file as whole bytes (one gzip member a record), so that a file without some of its
records is the file with gaps. Requests, responses, revisits and metadata of an address all go.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from quynhon_crawler.deposit.catalogue import Entry, Sums, sums_of
from quynhon_crawler.deposit.pieces import Assembled, Piece
from quynhon_crawler.extract.images import full_size
from quynhon_crawler.store.database import connect
from quynhon_crawler.store.obeyed import obeyed
from quynhon_crawler.store.visible import withdrawn
from quynhon_crawler.urls import url_key
from quynhon_crawler.warc.cdxj import Line
from quynhon_crawler.warc.survey import survey
from quynhon_crawler.warc.walk import Fault


@dataclass(frozen=True)
class Withdrawn:
    """The keys of addresses that were taken down, or belong to nothing but what was.

    ``state`` tells of the takedowns themselves what may be told (``store/obeyed.py``).
    """

    keys: frozenset[str] = frozenset()
    state: str | None = None

    @classmethod
    def of(cls, database: Path) -> Withdrawn:
        """Of an archive. Raises ArchiveError and SchemaError."""
        connection = connect(database, readonly=True).conn
        try:
            connection.execute("BEGIN")
            state = obeyed(connection)
            return cls(withdrawn(connection), state) if state else cls()
        finally:
            connection.close()

    def hides(self, url: str) -> bool:
        """Whether an address may not be handed out; a thumbnail goes with its picture."""
        return bool(self.keys) and (url_key(url) in self.keys or url_key(full_size(url)) in self.keys)

    @cached_property
    def mark(self) -> str:
        """Changes with what is withdrawn."""
        return hashlib.sha256("\n".join(sorted(self.keys)).encode()).hexdigest()[:16] if self.keys else "none"


@dataclass(frozen=True, slots=True)
class Part:
    """A WARC file as it is handed out: whole, or with gaps. ``spans`` are (start, end) of what stays."""

    entry: Entry
    spans: tuple[tuple[int, int], ...]
    sums: Sums

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(Piece(self.entry.path, start, end - start) for start, end in self.spans)

    def index(self, hidden: Withdrawn) -> Iterator[bytes]:
        """The lines of its index, offsets as they are in this part."""
        if self.spans == ((0, self.entry.sums.bytes),):
            yield from lines_of(self.entry, Withdrawn())
            return
        starts = [start for start, _ in self.spans]
        moved = [0, *accumulate(end - start for start, end in self.spans)]
        for raw in lines_of(self.entry, hidden):
            line = _parse(raw)
            at = int(line.fields["offset"])
            number = bisect_right(starts, at) - 1
            if number < 0 or at >= self.spans[number][1]:
                continue
            offset = at - starts[number] + moved[number]
            told = Line(line.key, line.timestamp, {**line.fields, "offset": str(offset)})
            yield f"{told}\n".encode("utf-8", "surrogatepass")


def lines_of(entry: Entry, hidden: Withdrawn) -> Iterator[bytes]:
    """The lines of a file's index that may be shown, offsets as they are in the file."""
    with entry.index.open("rb") as file:
        if not hidden.keys:
            yield from file
            return
        for raw in file:
            if not hidden.hides(_parse(raw).fields["url"]):
                yield raw


def part_of(entry: Entry, hidden: Withdrawn) -> Part:
    """What of a file may be handed out: all, or the records that may be and can be read.

    Reads the file only when something of it may not, or cannot.
    """
    if entry.problem is None and not _concerned(entry, hidden):
        return Part(entry, ((0, entry.sums.bytes),), entry.sums)
    spans: list[tuple[int, int]] = []
    for record in survey(entry.path):
        # What cannot be read could hold anything: it stays behind.
        if isinstance(record, Fault) or hidden.hides(record.url):
            continue
        end = record.offset + record.length
        if spans and spans[-1][1] == record.offset:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((record.offset, end))
    pieces = Assembled(Piece(entry.path, start, end - start) for start, end in spans)
    return Part(entry, tuple(spans), sums_of(pieces.chunks()))


def _concerned(entry: Entry, hidden: Withdrawn) -> bool:
    if not hidden.keys:
        return False
    with entry.index.open("rb") as file:
        return any(hidden.hides(_parse(raw).fields["url"]) for raw in file)


def _parse(raw: bytes) -> Line:
    return Line.parse(raw.decode("utf-8", "surrogatepass"))
