"""Rows of the present database that a new one would not have: their files are gone, cut, or damaged.

Where bytes are lost, the rows are all that is left of them. They are not swapped away.
"""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home
from quynhon_crawler.losses import gone_files, other_lengths, to_do
from quynhon_crawler.manifest import EMPTY, Manifest, is_empty, read_manifest, sum_of, warc_files
from quynhon_crawler.plural import plural
from quynhon_crawler.store.medium import read_uri
from quynhon_crawler.store.missing import known_files, missing_files

_BEHIND = "SELECT count(*) FROM captures WHERE warc_file = ? AND warc_offset + warc_length > ?"
_LOST = """SELECT warc_file, count(*) FROM captures
    WHERE NOT EXISTS (SELECT 1 FROM fresh.captures new WHERE new.id = captures.id)
    GROUP BY warc_file ORDER BY warc_file"""

_OTHERWISE_SAID = """SELECT count(*) FROM captures JOIN fresh.captures new ON new.id = captures.id
    WHERE captures.warc_file = ? AND new.warc_file = ? AND new.body_sha256 <> captures.body_sha256"""


def refuse_missing(home: Home) -> None:
    """ArchiveError when files that rows lie in are not here, end before them, or may not be read.

    Cheap: before hours are spent on reading. A database that is none has nothing to lose.
    """
    with suppress(sqlite3.Error), closing(sqlite3.connect(read_uri(home.database), uri=True)) as connection:
        for lost in missing_files(connection, home.warc):
            todo = to_do(home, read_manifest(home), f"warc/{lost.name}")
            raise ArchiveError(f"{lost.name} {lost.why}; {todo}; {_otherwise(home)}")
        for name in known_files(connection):
            path = home.warc_path(name)
            size = path.stat().st_size
            behind = connection.execute(_BEHIND, (name, size)).fetchone()[0]
            if behind:
                raise _refusal(home, name, f"ends at byte {size:,}", behind)
            if not os.access(path, os.R_OK):
                raise ArchiveError(f"{path}: may not be read; let this user read it, then run again")


def refuse_damaged(home: Home, fresh: Path, manifest: Manifest, other_sums: Iterable[str]) -> None:
    """ArchiveError when captures that the present database has were not found again in a damaged file, or
    hold another body now in one of ``other_sums``, the files whose SHA-256 is not the recorded one.

    A file with its recorded sum is as it always was: this version reads it otherwise, and nothing is lost.
    """
    for name, captures in _said_otherwise(home.database, fresh, other_sums):
        what = "its SHA-256 is not the recorded one"
        raise _refusal(home, name, what, captures, "had another body before it was changed")
    for name, captures in _not_found_again(home.database, fresh):
        entry = manifest.of_warc(name)
        size, sha256 = sum_of(home.warc_path(name))
        if entry is None:
            raise _refusal(home, name, "is damaged", captures)
        if sha256 != entry.sha256:
            changed = f"has {size:,} bytes, {entry.bytes:,} were recorded" if size != entry.bytes else None
            raise _refusal(home, name, changed or "is damaged: its SHA-256 is not the recorded one", captures)


def changed_files(home: Home, manifest: Manifest, other_sums: Iterable[str]) -> Iterator[str]:
    """A line for each file whose length or SHA-256 is not the recorded one: what it holds was read."""
    lengths = other_lengths(home, manifest)
    for file, why in lengths.items():
        if file.startswith("warc/"):
            yield f"{file.removeprefix('warc/')}: {why}"
    for name in other_sums:
        if f"warc/{name}" not in lengths:
            yield (
                f"{name}: its SHA-256 is not the recorded one: it was changed, and what it says "
                "now was read where no sound file holds it; put it back from a copy, then run quynhon rebuild"
            )


def empty_files(home: Home, manifest: Manifest) -> list[str]:
    """A line for each closed file that is empty; one that was not is told by its length."""
    empty = (path.name for path in warc_files(home) if is_empty(path))
    return [f"{name}: {EMPTY}" for name in empty if manifest.of_warc(name) is None]


def lost_files(home: Home) -> list[str]:
    """A line for each file that manifest.jsonl names and that is not here; when all that is has its sum."""
    gone = gone_files(home, read_manifest(home))
    return [f"{file}: {why}; {_otherwise(home)}" for file, why in gone.items()]


def without_sum(home: Home, manifest: Manifest) -> tuple[list[str], list[str]]:
    """What is wrong, and what is to be known: closed files of which no SHA-256 was recorded.

    One that rows of the present database lie in had a sum, so that was lost. Others may have been put there
    by hand, as a person may do. Ask before sums are recorded and the database is replaced.
    """
    closed = (path for path in warc_files(home) if not is_empty(path))
    files = [path.name for path in closed if manifest.of_warc(path.name) is None]
    if not files:
        return [], []
    known: set[str] = set()
    with suppress(sqlite3.Error), closing(sqlite3.connect(read_uri(home.database), uri=True)) as connection:
        known.update(known_files(connection))
    unseen = "what happened to them before cannot be seen"
    if not home.manifest.exists():
        line = f"manifest.jsonl is missing: sums of {plural(len(files), 'file')} were made anew; {unseen}"
        return ([f"{line}: compare with a copy"], []) if known.intersection(files) else ([], [line])
    lines = [f"{name}: had no SHA-256 in manifest.jsonl; recorded now" for name in files]
    lost = [
        f"{line}: it was lost, compare with a copy"
        for line, name in zip(lines, files, strict=True)
        if name in known
    ]
    return lost, [line for line, name in zip(lines, files, strict=True) if name not in known]


def _not_found_again(old: Path, fresh: Path) -> Iterator[tuple[str, int]]:
    with suppress(sqlite3.Error), closing(sqlite3.connect(read_uri(old), uri=True)) as connection:
        connection.execute("ATTACH ? AS fresh", (read_uri(fresh),))
        yield from connection.execute(_LOST).fetchall()


def _said_otherwise(old: Path, fresh: Path, names: Iterable[str]) -> Iterator[tuple[str, int]]:
    with suppress(sqlite3.Error), closing(sqlite3.connect(read_uri(old), uri=True)) as connection:
        connection.execute("ATTACH ? AS fresh", (read_uri(fresh),))
        for name in sorted(names):
            if captures := connection.execute(_OTHERWISE_SAID, (name, name)).fetchone()[0]:
                yield name, captures


def _refusal(home: Home, name: str, what: str, captures: int, why: str = "") -> ArchiveError:
    why = why or ("lies" if captures == 1 else "lie") + " where it can no longer be read"
    rows = f"{plural(captures, 'capture')} of the present database {why}"
    return ArchiveError(
        f"{home.warc / name}: {what}, and {rows}; put the file back from a copy (the database is still the "
        f"old one); {_otherwise(home)}"
    )


def _otherwise(home: Home) -> str:
    command = f"quynhon rebuild --without-lost --archive {shlex.quote(str(home.root))}"
    return f"where there is no copy, what it held is given up with: {command}"
