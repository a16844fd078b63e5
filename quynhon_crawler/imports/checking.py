"""What a WARC file holds: its records by kind, host and date, and everything that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from quynhon_crawler.rebuild.batches import Batch
from quynhon_crawler.urls import host_of
from quynhon_crawler.warc.answers import is_web
from quynhon_crawler.warc.digests import wrong_digests
from quynhon_crawler.warc.reader import Record
from quynhon_crawler.warc.walk import Fault
from quynhon_crawler.warc.when import utc

_ANSWERS = ("response", "revisit", "resource")
# A file with a fault in each record would tell nothing more by telling all.
_TOLD = 200


@dataclass(slots=True)
class Contents:
    """Counts, and ``problems`` with file@offset. ``first`` and ``last`` are WARC-Dates of answers.

    ``articles`` were found in pages of our portals, ``out_of_scope`` counts pages of other hosts.
    ``together`` is where records begin to share gzip members.
    """

    records: int = 0
    types: Counter[str] = field(default_factory=Counter)
    hosts: Counter[str] = field(default_factory=Counter)
    media_types: Counter[str] = field(default_factory=Counter)
    first: str | None = None
    last: str | None = None
    articles: int = 0
    out_of_scope: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    together: Fault | None = None

    def see(self, record: Record) -> None:
        """Count a record, and check its digests."""
        self.records += 1
        self.types[record.type] += 1
        for why in wrong_digests(record):
            self.tell(f"{record.file}@{record.offset}: {why}")
        if record.type in _ANSWERS and is_web(record.url):
            self.hosts[host_of(record.url)] += 1
            if date := utc(record.date):
                self.first = min(self.first or date, date)
                self.last = max(self.last or date, date)

    def see_batch(self, batch: Batch) -> None:
        """Count what was understood of it."""
        for _, understood in batch.understood:
            self.media_types[understood.capture.media_type or "unknown"] += 1
            self.articles += understood.reading.article is not None
        for capture in batch.captures:
            self.media_types[capture.media_type or "unknown"] += 1
            self.out_of_scope[host_of(capture.url)] += 1
        for line in batch.problems:
            if line not in self.problems:
                self.tell(line)

    def tell(self, line: str) -> None:
        """A problem; once, and not without end."""
        if line not in self.problems[-3:] and len(self.problems) <= _TOLD:
            more = len(self.problems) == _TOLD
            self.problems.append("more problems are not listed; `quynhon verify` tells all" if more else line)

    def add(self, more: Contents) -> None:
        """Another file of the same source."""
        self.records += more.records
        self.types += more.types
        self.hosts += more.hosts
        dates = [date for date in (self.first, self.last, more.first, more.last) if date]
        if dates:
            self.first, self.last = min(dates), max(dates)
        for line in more.problems:
            self.tell(line)

    @property
    def reason(self) -> str:
        """Why there is nothing in it."""
        return self.problems[0].partition(": ")[2] if self.problems else "holds no record"

    @property
    def place(self) -> int:
        """The offset of that."""
        place = self.problems[0].partition(": ")[0].rpartition("@")[2] if self.problems else "0"
        return int(place) if place.isdigit() else 0


def check(items: Iterable[Record | Fault]) -> Contents:
    """All of a file."""
    found = Contents()
    for item in items:
        if isinstance(item, Fault):
            found.tell(str(item))
            if item.together and found.together is None:
                found.together = item
        else:
            found.see(item)
    return found
