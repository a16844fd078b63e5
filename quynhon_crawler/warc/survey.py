"""All of a WARC file that can be read: by FastWARC while it is whole, by the walk behind what is broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from quynhon_crawler.errors import RecordError
from quynhon_crawler.home import OPEN
from quynhon_crawler.warc.reader import Record, records
from quynhon_crawler.warc.walk import Fault, walk


def survey(path: Path) -> Iterator[Record | Fault]:
    """Records, and what is none, in the order of the file. Never raises for what the file holds.

    Records that share a gzip member are one Fault: they have no place of their own.
    """
    held: Record | None = None
    end = 0
    try:
        for record in records(path):
            if record.length <= 0 or record.offset != end:  # records in one gzip member have no places
                break
            if held is not None:
                yield held
            held, end = record, record.offset + record.length
        else:
            if held is not None:
                yield held
            return
    except RecordError:
        if held is not None:
            yield held
            held = None
    except OSError as error:
        yield Fault(path.name.removesuffix(OPEN), end, f"cannot be read: {error.strerror}")
        return
    try:
        yield from walk(path, start=held.offset if held else end)
    except OSError as error:
        yield Fault(path.name.removesuffix(OPEN), end, f"cannot be read: {error.strerror}")
