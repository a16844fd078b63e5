"""Files of others that ``warc/`` holds in another form: what of them could not be taken over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.home import Home
from quynhon_crawler.manifest import Manifest
from quynhon_crawler.warc.arc import arc_records
from quynhon_crawler.warc.loose import loose_records
from quynhon_crawler.warc.walk import Fault


def check_originals(home: Home, manifest: Manifest) -> Iterator[Problem]:
    """Each ARC file, and each WARC file that was packed again; what is missing is told by its sum."""
    for file in sorted({entry.made_from for entry in manifest.entries.values() if entry.made_from}):
        path = home.root / file
        try:
            for fault in _faults(path, file):
                yield Problem("file", fault.why, file, fault.offset)
        except OSError:
            continue


def _faults(path: Path, file: str) -> Iterator[Fault]:
    items: Iterator[object] = arc_records(path, file)
    first = next(items, None)
    if isinstance(first, Fault) and first.offset == 0:  # no ARC file
        items = loose_records(path, file)
    yield from (item for item in items if isinstance(item, Fault))
