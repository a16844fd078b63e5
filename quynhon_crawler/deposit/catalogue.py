"""The index and the sums of every WARC file, made once: a closed WARC file never changes.

``cdx/NAME.cdxj`` is sorted; ``cdx/NAME.json`` says what it was made from, and its sum: an index that was
changed since is not believed but made again. Both may be deleted.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from quynhon_crawler.deposit.order import ordered
from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home
from quynhon_crawler.losses import all_gone
from quynhon_crawler.manifest import Manifest, all_warc_files, file_chunks, read_manifest, sum_of, warc_files
from quynhon_crawler.warc.cdxj import lines
from quynhon_crawler.warc.walk import Fault

# Raised when the lines of an index come to look different.
_FORMAT = 2
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a file or of parts of one: length, SHA-256 in hex, CRC-32."""

    bytes: int
    sha256: str
    crc32: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One WARC file. ``problem`` is one line when not all of it could be read, with file@offset.

    ``altered``: it is another file than the one whose sum was recorded when it was closed.
    """

    path: Path
    index: Path
    sums: Sums
    problem: str | None = None
    altered: bool = False

    @property
    def name(self) -> str:
        return self.path.name


class _Note(msgspec.Struct, frozen=True):
    format: int
    bytes: int
    changed: int
    sha256: str
    crc32: int
    index_sha256: str
    problem: str | None = None


def sums_of(chunks: Iterator[bytes]) -> Sums:
    """Length and digests of what comes."""
    size, crc, digest = 0, 0, hashlib.sha256()
    for chunk in chunks:
        size += len(chunk)
        crc = zlib.crc32(chunk, crc)
        digest.update(chunk)
    return Sums(size, digest.hexdigest(), crc)


def catalogue(
    home: Home, folder: Path | None = None, on_file: Callable[[int, int], None] | None = None
) -> list[Entry]:
    """Every closed WARC file with its index, those that are missing made now.

    ``folder`` is where the indexes lie, ``cdx/`` by default. ``on_file`` is told (files done, files in all).
    Raises ArchiveError when there is nothing, or when an index cannot be written.
    """
    files = warc_files(home)
    if not files and all_warc_files(home):
        raise ArchiveError(
            f"{home.warc}: only files that a crawl has open, or left open when it was killed; "
            "`quynhon crawl` again goes on with it and closes them"
        )
    if not files:
        raise ArchiveError(
            all_gone(home) or f"{home.warc}: no WARC files; `quynhon crawl` or `quynhon import` makes them"
        )
    entries = []
    folder = folder or home.cdx
    try:
        folder.mkdir(exist_ok=True)
        _sweep(folder)
        for number, path in enumerate(files, 1):
            entries.append(_known(path, folder) or _make(path, folder))
            if on_file is not None:
                on_file(number, len(files))
    except OSError as error:
        raise ArchiveError(f"{error.filename or folder}: {error.strerror or error}") from error
    manifest = read_manifest(home)
    return [_as_recorded(entry, manifest) for entry in entries]


def own_folder(home: Home) -> Path | None:
    """Where the archive keeps its indexes; None where nothing can be written, as on a read-only disk."""
    try:
        home.cdx.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=home.cdx):
            return home.cdx
    except OSError:
        return None


@contextmanager
def workplace(home: Home, output: Path) -> Iterator[Path]:
    """``own_folder``, else one beside ``output`` that is gone afterwards: temporary folders may be small."""
    if (folder := own_folder(home)) is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix=".cdx-", dir=output.absolute().parent) as made:
        yield Path(made)


def _as_recorded(entry: Entry, manifest: Manifest) -> Entry:
    recorded = manifest.of_warc(entry.name)
    if recorded is None or recorded.sha256 == entry.sums.sha256:
        return entry
    told = f"{entry.problem or entry.name}: not the file that was recorded (its SHA-256 differs)"
    return replace(entry, problem=f"{told}; run: quynhon verify", altered=True)


def _sweep(folder: Path) -> None:
    """Remove what a killed process left; whatever is under way is younger than a day."""
    for left in folder.glob(".*-*"):
        if left.is_dir() and left.stat().st_mtime < time.time() - _DAY:
            shutil.rmtree(left, ignore_errors=True)


def _known(path: Path, folder: Path) -> Entry | None:
    index, state = folder / f"{path.name}.cdxj", path.stat()
    try:
        note = msgspec.json.decode((folder / f"{path.name}.json").read_bytes(), type=_Note)
    except (FileNotFoundError, msgspec.DecodeError, msgspec.ValidationError):
        return None
    if (note.format, note.bytes, note.changed) != (_FORMAT, state.st_size, state.st_mtime_ns):
        return None
    if not index.is_file() or sum_of(index)[1] != note.index_sha256:
        return None
    return Entry(path, index, Sums(note.bytes, note.sha256, note.crc32), note.problem)


def _make(path: Path, folder: Path) -> Entry:
    changed = path.stat().st_mtime_ns
    sums = sums_of(file_chunks(path))
    faults: list[Fault] = []
    index = folder / f"{path.name}.cdxj"
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as work:
        made = Path(work) / "index"
        with made.open("wb") as file:
            file.writelines(ordered(_lines(path, faults), Path(work)))
        problem = _problem(faults)
        note = _Note(
            _FORMAT, sums.bytes, changed, sums.sha256, sums.crc32, sum_of(made)[1], problem
        )  # fmt: skip
        (Path(work) / "note").write_bytes(msgspec.json.encode(note))
        # The index first: without its note it does not count.
        made.replace(index)
        (Path(work) / "note").replace(folder / f"{path.name}.json")
    return Entry(path, index, sums, problem)


def _lines(path: Path, faults: list[Fault]) -> Iterator[bytes]:
    for line in lines(path):
        if isinstance(line, Fault):
            if line.length != 0:  # else the record before it is whole
                faults.append(line)
        else:
            yield f"{line}\n".encode("utf-8", "surrogatepass")


def _problem(faults: list[Fault]) -> str | None:
    if not faults:
        return None
    more = f"; and {len(faults) - 1:,} places more" if len(faults) > 1 else ""
    return f"{faults[0]}{more}"
