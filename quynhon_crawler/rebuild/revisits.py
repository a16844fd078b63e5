"""Answers that stand for an earlier record: which one, by what their writer said of it (WARC 1.1, 6.7)."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Self, TypeVar

from quynhon_crawler.errors import RecordError
from quynhon_crawler.home import Home
from quynhon_crawler.ingest import embodied
from quynhon_crawler.model import Capture, Page
from quynhon_crawler.store import Store
from quynhon_crawler.warc.reader import Record, payload

Item = TypeVar("Item")

# Of one address; an archive that holds more bodies of it names the one that it means.
_TRIED = 20


@dataclass(frozen=True, slots=True)
class Refers:
    """WARC 1.1 names address and date, some writers the record's id, Heritrix of old only the digest."""

    url: str
    date: str | None
    record_id: str | None
    digest: str | None

    @classmethod
    def of(cls, record: Record) -> Self:
        said = record.headers
        return cls(
            url=said.get("warc-refers-to-target-uri", record.url).strip("<>").strip().replace(" ", "%20"),
            date=said.get("warc-refers-to-date"),
            record_id=said.get("warc-refers-to"),
            digest=said.get("warc-payload-digest"),
        )

    def __str__(self) -> str:
        return self.url + (f" of {self.date}" if self.date else "")


def find_body(store: Store, home: Home, refers: Refers) -> Capture | None:
    """The capture that holds the body; None when it is not in the archive (yet)."""
    if refers.date and (held := store.find_capture(refers.url, refers.date)):
        return _same_second(store, home, refers, held)
    if refers.record_id and (held := store.capture_named(refers.record_id)):
        return held
    return _with_digest(home, refers, store.captures_at(refers.url, limit=_TRIED))


def _same_second(store: Store, home: Home, refers: Refers, held: Capture) -> Capture:
    """A firewall's page and the one behind it may be of one second, which is all that many writers name."""
    if not refers.digest or refers.date is None or "." in refers.date:
        return held
    others = [
        one for one in store.captures_at(refers.url, limit=_TRIED) if one.captured_at[:19] == refers.date[:19]
    ]
    return (_with_digest(home, refers, others) if len(others) > 1 else None) or held


def _with_digest(home: Home, refers: Refers, among: list[Capture]) -> Capture | None:
    for held in among if refers.digest else ():
        try:
            stored = payload(home.warc_path(held.warc_file), held.warc_offset, held.warc_length)
        except RecordError:
            continue
        if stored.record.headers.get("warc-payload-digest", "").lower() == (refers.digest or "").lower():
            return held
    return None


def whole(store: Store, home: Home, page: Page, refers: Refers) -> Page | None:
    """The page with the body that it stands for. Raises RecordError when that cannot be read."""
    held = find_body(store, home, refers)
    return None if held is None else embodied(home, page, held)


class Spool(Generic[Item]):
    """Set aside on disk until all that it can refer to is known: of revisits there may be millions."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, prefix="aside-")  # noqa: SIM115

    def add(self, item: Item) -> None:
        pickle.dump(item, self._file, protocol=5)

    def __iter__(self) -> Iterator[Item]:
        self._file.seek(0)
        while True:
            try:
                # written by this process, into a file without a name
                yield pickle.load(self._file)  # noqa: S301
            except EOFError:
                return

    def close(self) -> None:
        self._file.close()
