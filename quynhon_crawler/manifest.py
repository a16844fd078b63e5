"""manifest.jsonl: which files this archive holds, with their sums, and where those of others came from.

One JSON object a line, only ever appended. It stands beside ``warc/`` and outlives ``quynhon.db``: a sum that
were made again from the files would say of every file that it is right. Who writes holds the archive's lock.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shlex
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from quynhon_crawler.errors import ROOM, ArchiveError, DiskFull
from quynhon_crawler.home import OPEN, Home

_CHUNK = 1 << 20
#: What ``warc/`` may hold closed; ``.open`` is still being written.
ENDINGS = (".warc.gz", ".warc")
#: Those, and the names of files that are still being written.
ALL_ENDINGS = (*ENDINGS, *(ending + OPEN for ending in ENDINGS))


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file. ``file`` is its path in the archive folder (``warc/NAME``), ``sha256`` in hex.

    ``by`` is what recorded it: ``crawl`` and ``import`` when they closed it, ``rebuild`` when it lay there
    without a sum. Of imported files, ``source`` is the path or address that they came from, ``source_*`` what
    that was; ``made_from`` is the file in ``originals/`` that a file of ``warc/`` was unpacked or converted
    from. ``hosts`` are taken in beside those of archive.toml; ``*`` means all.
    """

    file: str
    bytes: int
    sha256: str
    at: str
    by: str
    source: str | None = None
    source_sha256: str | None = None
    source_bytes: int | None = None
    source_changed: str | None = None
    made_from: str | None = None
    hosts: tuple[str, ...] = ()


@dataclass(slots=True)
class Manifest:
    """By file; of a file that stands there twice the later line. ``faults`` are lines that are none, or that
    give a file another sum than an earlier one."""

    entries: dict[str, Entry] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def imported(self, source_sha256: str) -> list[Entry]:
        """What was made of a source file with that sum."""
        return [entry for entry in self.entries.values() if entry.source_sha256 == source_sha256]

    def of_warc(self, name: str) -> Entry | None:
        return self.entries.get(f"warc/{name}")


def read_manifest(home: Home) -> Manifest:
    """Empty when there is none. A torn last line, of a crash, is left out."""
    found = Manifest()
    try:
        raw = home.manifest.read_bytes()
    except FileNotFoundError:
        return found
    except OSError as error:
        raise ArchiveError(f"{home.manifest}: cannot be read: {error.strerror}") from error
    *lines, rest = raw.split(b"\n")
    for number, line in enumerate(lines, 1):
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except (msgspec.DecodeError, UnicodeDecodeError):
            if number < len(lines) or rest:  # a crash may have ended the line before it was whole
                found.faults.append(f"{home.manifest.name}:{number}: not a line of this program")
            continue
        before = found.entries.get(entry.file)
        if before is not None and before.sha256 != entry.sha256:
            found.faults.append(f"{home.manifest.name}:{number}: gives {entry.file} another sum than before")
        found.entries[entry.file] = entry
    return found


def record(home: Home, entries: Iterable[Entry]) -> None:
    """On disk when this returns. Raises ArchiveError and DiskFull."""
    lines = b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)
    if not lines:
        return
    try:
        with home.manifest.open("ab+") as stream:
            if stream.tell() and not _ends_a_line(stream.fileno()):
                lines = b"\n" + lines
            stream.write(lines)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        line = f"{home.manifest}: cannot be written: {error.strerror}"
        if error.errno == errno.ENOSPC:
            raise DiskFull(f"{line}; {ROOM} and run again") from error
        raise ArchiveError(line) from error


def _ends_a_line(handle: int) -> bool:
    return os.pread(handle, 1, os.fstat(handle).st_size - 1) == b"\n"


def now() -> str:
    """To the second, UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sum_of(path: Path) -> tuple[int, str]:
    """Length and SHA-256 (hex) of a file. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    for chunk in file_chunks(path):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


def warc_files(home: Home) -> list[Path]:
    """The closed WARC files, by name."""
    return sorted(path for path in home.warc.glob("*") if path.name.endswith(ENDINGS) and path.is_file())


def all_warc_files(home: Home) -> list[Path]:
    """Those that are still being written (``.open``) too, and names that lead to no file."""
    return sorted(
        path for path in home.warc.glob("*") if path.name.endswith(ALL_ENDINGS) and not path.is_dir()
    )


def lost_database(home: Home) -> str | None:
    """A line about a database that is not there though WARC files are, which only a rebuild reads."""
    if home.database.exists() or not all_warc_files(home):
        return None
    return f"{home.database}: missing; `quynhon rebuild` makes it again from the WARC files"


def file_chunks(path: Path) -> Iterator[bytes]:
    """A file's bytes, a megabyte at a time."""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def sealing(home: Home) -> Callable[[str, int, str], None]:
    """What a WARC writer calls with name, length and SHA-256 of each file that it closes."""

    def sealed(name: str, size: int, sha256: str) -> None:
        record(home, [Entry(f"warc/{name}", size, sha256, now(), "crawl")])

    return sealed


def is_whole(home: Home, entry: Entry) -> bool:
    """Whether the file is here with its recorded bytes. Raises PermissionError: nobody can tell then."""
    path = home.root / entry.file
    try:
        return path.stat().st_size == entry.bytes and sum_of(path)[1] == entry.sha256
    except PermissionError:
        raise
    except OSError:
        return False


def put_back(home: Home, manifest: Manifest, damaged: Entry) -> str | None:
    """What to do when another file of the archive holds the bytes that one should have."""
    for entry in manifest.entries.values():
        if entry.sha256 == damaged.sha256 and entry.file != damaged.file:
            with suppress(OSError):
                if is_whole(home, entry):
                    paths = (shlex.quote(str(home.root / each.file)) for each in (entry, damaged))
                    return f"its bytes are whole in {entry.file}; to put them back: cp -f {' '.join(paths)}"
    return None


def other_lengths(home: Home, manifest: Manifest) -> dict[str, str]:
    """Files of the manifest that are here with another length than was recorded: why that is wrong."""
    found = {}
    for entry in manifest.entries.values():
        with suppress(OSError):
            if (size := (home.root / entry.file).stat().st_size) != entry.bytes:
                found[entry.file] = f"has {size:,} bytes, {entry.bytes:,} were recorded; " + (
                    put_back(home, manifest, entry) or "put it back from a copy"
                )
    return found


def record_missing(home: Home, *, by: str) -> list[str]:
    """Record a sum for every closed WARC file that has none; names of files that cannot be read are left out.

    For what a crash left between a file's end and its line here, and for files that were put there by hand.
    """
    known = read_manifest(home).entries
    made, names = [], []
    for path in warc_files(home):
        if f"warc/{path.name}" in known:
            continue
        try:
            size, sha256 = sum_of(path)
        except OSError:
            continue
        made.append(Entry(f"warc/{path.name}", size, sha256, now(), by))
        names.append(path.name)
    record(home, made)
    return names
