"""What is wrong with the files of an archive, as far as a look at their names and lengths tells."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.home import Home
from quynhon_crawler.losses import gone_files, other_lengths, to_do
from quynhon_crawler.manifest import read_manifest, warc_files
from quynhon_crawler.plural import are, plural
from quynhon_crawler.store import missing_files
from quynhon_crawler.store.decided import fault_of, undecided
from quynhon_crawler.store.missing import SOME, unread_files


def damaged_files(home: Home) -> dict[str, str]:
    """Files with their recorded sums in manifest.jsonl that are gone or have another length, and its own
    lines that are none; why, by path."""
    manifest = read_manifest(home)
    found = other_lengths(home, manifest) | gone_files(home, manifest)
    for fault in manifest.faults:
        place, _, why = fault.partition(": ")
        found[place] = f"is {why}" if why.startswith("not ") else why
    # A crash may come between the end of the first file and its line; of two, one has its line.
    if not home.manifest.exists() and len(closed := warc_files(home)) > 1:
        many = f"{plural(len(closed), 'WARC file')} {are(len(closed))}"
        found[home.manifest.name] = (
            f"is not there, so that nothing tells whether {many} unchanged; put it back from a copy, or run "
            "quynhon rebuild, which records sums of what is there now"
        )
    return found


def lost_files(connection: sqlite3.Connection, home: Home) -> dict[str, str]:
    """WARC files that rows lead to and that are gone; why that matters, by path."""
    manifest = read_manifest(home)
    paths = {f"warc/{lost.name}": lost.why for lost in missing_files(connection, home.warc)}
    return {file: f"{why}; {to_do(home, manifest, file)}" for file, why in paths.items()}


def lost_decisions(connection: sqlite3.Connection, home: Home) -> dict[str, str]:
    """takedowns.jsonl, when it lacks what the database shows or has a line that is none."""
    why = undecided(connection, home.database)
    return {home.takedowns.name: why} if why else {}


def faulty_decisions(home: Home) -> dict[str, str]:
    """takedowns.jsonl, when it has a line that is none; there is no database to compare it with."""
    why = fault_of(home.database)
    return {home.takedowns.name: why} if why else {}


def waiting_files(connection: sqlite3.Connection, home: Home) -> dict[str, str]:
    """WARC files that were put there or imported, and not read; what to do, by path."""
    why = "is not in the database: an import was stopped, or it was put there by hand; run quynhon rebuild"
    return {f"warc/{path.name}": why for path in unread_files(connection, warc_files(home), most=SOME)}
