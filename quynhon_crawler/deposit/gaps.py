"""What an archive lacks of itself: a bag is not made of such a one, and what is handed out says so."""

from __future__ import annotations

import shlex

from quynhon_crawler.deposit.catalogue import Entry
from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home
from quynhon_crawler.manifest import EMPTY, is_empty, read_manifest, warc_files
from quynhon_crawler.plural import plural
from quynhon_crawler.store.database import connect
from quynhon_crawler.watch.files import damaged_files, lost_files, waiting_files


def gaps(home: Home, entries: list[Entry]) -> list[str]:
    """A line for each WARC file that is gone or cut, and for a manifest that cannot tell. Those that
    ``entries`` tell already are left out, and originals, which are in no package but a bag."""
    told = {f"warc/{entry.name}" for entry in entries if entry.altered}
    connection = connect(home.database, readonly=True).conn
    try:
        found = damaged_files(home) | lost_files(connection, home)
    finally:
        connection.close()
    return [
        f"{file} {why}" for file, why in found.items() if not (file in told or file.startswith("originals/"))
    ]


def refuse_gaps(home: Home) -> None:
    """ArchiveError when files are gone, cut, not read, or have no sum: a bag of them would be whole by its
    own sums, and nobody would look for the rest. What is of another sum is seen when all are summed."""
    connection = connect(home.database, readonly=True).conn
    try:
        found = damaged_files(home) | lost_files(connection, home) | _unsummed(home)
        found |= waiting_files(connection, home)
    finally:
        connection.close()
    for file, why in found.items():
        more = f" (and {plural(len(found) - 1, 'file')} more: quynhon verify)" if len(found) > 1 else ""
        raise ArchiveError(f"a bag is made of a whole archive{more}: {home.root / file} {why}")


def _unsummed(home: Home) -> dict[str, str]:
    manifest, command = read_manifest(home), f"quynhon rebuild --archive {shlex.quote(str(home.root))}"
    why = f"has no SHA-256 in manifest.jsonl; put that back from a copy, or record today's: {command}"
    return {
        f"warc/{path.name}": EMPTY if is_empty(path) else why
        for path in warc_files(home)
        if manifest.of_warc(path.name) is None
    }
