"""Files that manifest.jsonl names and that are gone or have another length, and what puts each back."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.manifest import GIVEN_UP, Entry, Manifest, now, read_manifest, record, sum_of
from quynhon_crawler.plural import are, plural

_COPY = "put it back from a copy"


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
                    return _by(home, entry.file, damaged.file, "cp -f")
    for path in _unrecorded(home, manifest):  # renamed, or put beside it
        with suppress(OSError):
            if path.stat().st_size == damaged.bytes and sum_of(path)[1] == damaged.sha256:
                return _by(home, str(path.relative_to(home.root)), damaged.file, "mv -f")
    return None


def _by(home: Home, held: str, lost: str, command: str) -> str:
    paths = (shlex.quote(str(home.root / each)) for each in (held, lost))
    return f"its bytes are whole in {held}; to put them back: {command} {' '.join(paths)}"


def _unrecorded(home: Home, manifest: Manifest) -> Iterator[Path]:
    """Files without a line, whatever they are called; those that are being written are none of them."""
    for folder in (home.warc, home.originals):
        for path in sorted(folder.glob("*")):
            file = f"{folder.name}/{path.name}"
            if file not in manifest.entries and not path.name.endswith(OPEN) and path.is_file():
                yield path


def to_do(home: Home, manifest: Manifest, file: str) -> str:
    """What puts a file back, by its path in the archive."""
    entry = manifest.entries.get(file)
    return (entry and put_back(home, manifest, entry)) or _COPY


def other_lengths(home: Home, manifest: Manifest) -> dict[str, str]:
    """Files of the manifest that are here with another length than was recorded: why that is wrong."""
    found = {}
    for entry in manifest.entries.values():
        with suppress(OSError):
            if (size := (home.root / entry.file).stat().st_size) != entry.bytes:
                todo = to_do(home, manifest, entry.file)
                found[entry.file] = f"has {size:,} bytes, {entry.bytes:,} were recorded; {todo}"
    return found


def gone_files(home: Home, manifest: Manifest) -> dict[str, str]:
    """Files of the manifest that are not here, and were not given up: why that is wrong."""
    there = {f"warc/{path.name.removesuffix(OPEN)}" for path in home.warc.glob("*")}
    return {
        entry.file: f"is not there, and {entry.bytes:,} bytes were recorded; "
        + to_do(home, manifest, entry.file)
        for entry in manifest.entries.values()
        if entry.by != GIVEN_UP and entry.file not in there and not (home.root / entry.file).exists()
    }


def all_gone(home: Home) -> str | None:
    """A line about an archive that had WARC files and has none."""
    gone = [file for file in gone_files(home, read_manifest(home)) if file.startswith("warc/")]
    if not gone:
        return None
    files = f"{plural(len(gone), 'WARC file')} {are(len(gone))} gone, the first of them {gone[0]}"
    return f"{home.warc}: {files}; put them back from a copy"


def give_up(home: Home) -> list[str]:
    """Note of each file that is gone that it is; their paths. What it was stays recorded, line and sum."""
    manifest = read_manifest(home)
    gone = list(gone_files(home, manifest))
    lost = (manifest.entries[file] for file in gone)
    record(home, (msgspec.structs.replace(entry, by=GIVEN_UP, at=now()) for entry in lost))
    return gone
