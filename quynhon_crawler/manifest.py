"""manifest.jsonl: which files this archive holds, with their sums, and where those of others came from.

One JSON object a line, only ever appended. It stands beside ``warc/`` and outlives ``quynhon.db``: a sum that
were made again from the files would say of every file that it is right. Who writes holds the archive's lock.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from quynhon_crawler.errors import ROOM, ArchiveError, DiskFull
from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.plural import are, plural

_CHUNK = 1 << 20
#: What ``warc/`` may hold closed; ``.open`` is still being written.
ENDINGS = (".warc.gz", ".warc")
#: Those, and the names of files that are still being written.
ALL_ENDINGS = (*ENDINGS, *(ending + OPEN for ending in ENDINGS))


#: Who gives up a file, in ``Entry.by``: `quynhon rebuild --without-lost`.
GIVEN_UP = "given up"
# How a line begins, from its first byte on.
_BEGIN = b'{"file":"'


#: What is said of an empty WARC file.
EMPTY = "is empty: no record is in it; put it back from a copy, or move it out of warc/"


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file. ``file`` is its path in the archive folder (``warc/NAME``), ``sha256`` in hex.

    ``by`` is what recorded it: ``crawl`` and ``import`` when they closed it, ``rebuild`` when it lay there
    without a sum. Of imported files, ``source`` is the path or address that they came from, ``source_*`` what
    that was; ``made_from`` is the file in ``originals/`` that a file of ``warc/`` was unpacked or converted
    from. A later line by ``GIVEN_UP`` says that the file is gone, and no copy was left. ``hosts`` are
    taken in beside those of archive.toml; ``*`` means all.
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
    """By file; of a file that stands there twice the later line.

    ``faults`` are lines that are none (``damaged`` of them, told as one), or that give a file another sum
    than an earlier one. ``torn``: the last line was being written when its process died, and does not count.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    damaged: int = 0
    torn: bool = False

    def imported(self, source_sha256: str) -> list[Entry]:
        """What was made of a source file with that sum."""
        return [entry for entry in self.entries.values() if entry.source_sha256 == source_sha256]

    def of_warc(self, name: str) -> Entry | None:
        return self.entries.get(f"warc/{name}")


def read_manifest(home: Home) -> Manifest:
    """Empty when there is none."""
    found, wrong = Manifest(), []
    *lines, rest = _bytes_of(home).split(b"\n")
    if rest and _entry(rest) is None and _is_torn(rest):
        found.torn = True
    elif rest:
        lines.append(rest)
    for number, line in enumerate(lines, 1):
        if (entry := _entry(line)) is None:
            wrong.append(number)
            continue
        before = found.entries.get(entry.file)
        if before is not None and before.sha256 != entry.sha256:
            why = f"gives {entry.file} another sum than before; put the manifest back from a copy"
            found.faults.append(f"{home.manifest.name}:{number}: {why}")
        found.entries[entry.file] = entry
    if wrong:
        found.damaged = len(wrong)
        more = f", nor {are(len(wrong) - 1)} {plural(len(wrong) - 1, 'line')} after it" if wrong[1:] else ""
        found.faults.insert(
            0,
            f"{home.manifest.name}:{wrong[0]}: not a line of this program{more}; put the manifest back from "
            "a copy; without one, quynhon rebuild keeps it beside a new one, with sums of what is there now",
        )
    return found


def _bytes_of(home: Home) -> bytes:
    try:
        return home.manifest.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ArchiveError(f"{home.manifest}: cannot be read: {error.strerror}") from error


def _entry(line: bytes) -> Entry | None:
    try:
        return msgspec.json.decode(line, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _is_torn(rest: bytes) -> bool:
    """Whether what stands behind the last line break is the begin of a line of ours, and not damage. A disk
    may have kept the length of what it lost: zeros."""
    begun = rest.rstrip(b"\0")
    return begun[: len(_BEGIN)] == _BEGIN[: len(begun)]


def record(home: Home, entries: Iterable[Entry]) -> None:
    """On disk when this returns. Raises ArchiveError and DiskFull."""
    if lines := b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries):
        _append(home, lines)


def _append(home: Home, lines: bytes) -> None:
    """In place of a torn last line."""
    rest = _bytes_of(home).rpartition(b"\n")[2]
    try:
        with home.manifest.open("ab+") as stream:
            if rest and _entry(rest) is None and _is_torn(rest):
                stream.truncate(stream.tell() - len(rest))
            elif rest:
                lines = b"\n" + lines
            stream.write(lines)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        line = f"{home.manifest}: cannot be written: {error.strerror}"
        if error.errno == errno.ENOSPC:
            raise DiskFull(f"{line}; {ROOM} and run again") from error
        raise ArchiveError(line) from error


def sound_part(home: Home) -> tuple[bytes, bytes]:
    """The whole manifest, and its lines that are such."""
    raw = _bytes_of(home)
    return raw, b"".join(line + b"\n" for line in raw.split(b"\n") if _entry(line) is not None)


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


def is_empty(path: Path) -> bool:
    """Closed, and without the record that each WARC file begins with."""
    try:
        return path.stat().st_size == 0
    except OSError:
        return False


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


def record_missing(home: Home, *, by: str) -> list[str]:
    """Record a sum for every closed WARC file that has none; names of files that cannot be read are left out.

    For what a crash left between a file's end and its line here, and for files that were put there by hand.
    """
    manifest = read_manifest(home)
    made, names = [], []
    for path in warc_files(home):
        if f"warc/{path.name}" in manifest.entries:
            continue
        try:
            size, sha256 = sum_of(path)
        except OSError:
            continue
        if size == 0:  # no file of a crawl or an import; a sum would have it missed when it is moved away
            continue
        made.append(Entry(f"warc/{path.name}", size, sha256, now(), by))
        names.append(path.name)
    if manifest.torn and not made:
        _append(home, b"")
    record(home, made)
    return names
