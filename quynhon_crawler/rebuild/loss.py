"""Rows of the present database that a new one would not have: their files are gone, cut, or damaged.

Where bytes are lost, the rows are all that is left of them. They are not swapped away.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home
from quynhon_crawler.manifest import Manifest, other_lengths, sum_of
from quynhon_crawler.store.medium import read_uri
from quynhon_crawler.store.missing import known_files, missing_files

_BEHIND = "SELECT count(*) FROM captures WHERE warc_file = ? AND warc_offset + warc_length > ?"
_LOST = """SELECT warc_file, count(*) FROM captures
    WHERE NOT EXISTS (SELECT 1 FROM fresh.captures new WHERE new.id = captures.id)
    GROUP BY warc_file ORDER BY warc_file"""


def refuse_missing(home: Home) -> None:
    """ArchiveError when files that rows lie in are not here, end before them, or may not be read.

    Cheap: before hours are spent on reading. A database that is none has nothing to lose.
    """
    with suppress(sqlite3.Error), closing(sqlite3.connect(read_uri(home.database), uri=True)) as connection:
        for lost in missing_files(connection, home.warc):
            raise ArchiveError(f"{lost.name} {lost.why}; {_otherwise(home)}")
        for name in known_files(connection):
            path = home.warc_path(name)
            size = path.stat().st_size
            behind = connection.execute(_BEHIND, (name, size)).fetchone()[0]
            if behind:
                raise _refusal(home, name, f"ends at byte {size:,}", behind)
            if not os.access(path, os.R_OK):
                raise ArchiveError(f"{path}: may not be read; let this user read it, then run again")


def refuse_damaged(home: Home, fresh: Path, manifest: Manifest) -> None:
    """ArchiveError when captures that the present database has were not found again in a damaged file.

    A file with its recorded sum is as it always was: this version reads it otherwise, and nothing is lost.
    """
    for name, captures in _not_found_again(home.database, fresh):
        entry = manifest.of_warc(name)
        size, sha256 = sum_of(home.warc_path(name))
        if entry is None:
            raise _refusal(home, name, "is damaged", captures)
        if sha256 != entry.sha256:
            changed = f"has {size:,} bytes, {entry.bytes:,} were recorded" if size != entry.bytes else None
            raise _refusal(home, name, changed or "is damaged: its SHA-256 is not the recorded one", captures)


def cut_or_grown(home: Home, manifest: Manifest) -> Iterator[str]:
    """A line for each file whose length is not the recorded one: what is left of it was read."""
    for file, why in other_lengths(home, manifest).items():
        if file.startswith("warc/"):
            yield f"{file.removeprefix('warc/')}: {why}"


def _not_found_again(old: Path, fresh: Path) -> Iterator[tuple[str, int]]:
    with suppress(sqlite3.Error), closing(sqlite3.connect(read_uri(old), uri=True)) as connection:
        connection.execute("ATTACH ? AS fresh", (read_uri(fresh),))
        yield from connection.execute(_LOST).fetchall()


def _refusal(home: Home, name: str, what: str, captures: int) -> ArchiveError:
    rows = (
        "1 capture of the present database lies"
        if captures == 1
        else (f"{captures:,} captures of the present database lie")
    )
    return ArchiveError(
        f"{home.warc / name}: {what}, and {rows} where it can no longer be read; put the file back from a "
        f"copy (the database is still the old one); {_otherwise(home)}"
    )


def _otherwise(home: Home) -> str:
    return f"to make a database without it, move {home.database} away first"
