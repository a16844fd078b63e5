"""What lies in ``warc/`` and ``originals/``: which of it is whole, and what of a source gets a name there.

A file there is never written over. Where one is damaged, its bytes get a name beside it, where rows lie then.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from quynhon_crawler.home import Home
from quynhon_crawler.imports.naming import numbered
from quynhon_crawler.losses import is_whole, put_back
from quynhon_crawler.manifest import Entry, Manifest, now, record
from quynhon_crawler.warc.appender import sync_folder

Note = dict[str, str | int | None]


class Shelf:
    """``stage`` the files of one source, then ``place`` them, or ``clear``."""

    def __init__(self, home: Home, manifest: Manifest, hosts: tuple[str, ...]) -> None:
        self._home, self._manifest, self._hosts = home, manifest, hosts
        self._entries: list[Entry] = []
        self._waiting: dict[str, Path] = {}
        self._sums: set[str] = set()

    def known_source(self, size: int, sha256: str) -> list[Entry]:
        """What was made of a file of this length and sum, when all of that is here and whole."""
        found = [entry for entry in self._manifest.imported(sha256) if entry.source_bytes == size]
        return found if all(is_whole(self._home, entry) for entry in found) else []

    def may_know(self, size: int) -> bool:
        """Whether a source of that length came before: only then is its sum worth making."""
        return any(entry.source_bytes == size for entry in self._manifest.entries.values())

    def holds(self, sha256: str) -> list[str]:
        """Names in ``warc/`` of these bytes, or of what was made of them; none when that is not whole."""
        self._sums.add(sha256)
        for entry in self._alike(sha256):
            found = [entry]
            if entry.file.startswith("originals/"):
                found = [each for each in self._all() if each.made_from == entry.file]
            if whole := [each for each in found if self._is_here(each)] if self._is_here(entry) else []:
                self._sums |= {each.sha256 for each in whole}
                return [each.file.rpartition("/")[2] for each in whole]
        return []

    def stage(self, entry: Entry, copy: Path, note: Note) -> str:
        """What shall be ``entry``, lying in ``copy`` meanwhile; the path that it gets in the archive."""
        self._sums.add(entry.sha256)
        held = self._manifest.entries.get(entry.file)
        if held is not None and held.sha256 == entry.sha256 and is_whole(self._home, held):
            return held.file
        file, count = entry.file, 1
        # Without a line in the manifest, but whole: placed when an import was killed.
        while os.path.lexists(self._home.root / file) and not is_whole(self._home, _called(entry, file)):
            count += 1
            file = numbered(entry.file, count)
        hosts: tuple[str, ...] = ()
        if file.startswith("warc/"):  # those of the damaged file too
            hosts = tuple(
                dict.fromkeys((*self._hosts, *(h for e in self._alike(entry.sha256) for h in e.hosts)))
            )
        named = msgspec.structs.replace(_called(entry, file), hosts=hosts, at=now(), **note)
        self._entries.append(named)
        self._waiting[file] = copy
        return file

    def place(self) -> list[str]:
        """Everything staged gets its name; then the manifest tells of it. The names in ``warc/``."""
        for file, copy in self._waiting.items():
            target = self._home.root / file
            target.parent.mkdir(parents=True, exist_ok=True)
            copy.chmod(0o444)
            _move(copy, target)
            sync_folder(target.parent)
        record(self._home, self._entries)
        self._manifest.entries.update({entry.file: entry for entry in self._entries})
        return [file.removeprefix("warc/") for file in self._waiting if file.startswith("warc/")]

    def damaged(self) -> Iterator[str]:
        """A line for each file of the archive that is not what it was, and whose bytes came again."""
        for sha256 in sorted(self._sums):
            for entry in self._alike(sha256):
                if entry.file in self._waiting or is_whole(self._home, entry):
                    continue
                there = (self._home.root / entry.file).exists()
                how = put_back(self._home, self._manifest, entry) or "this file has its bytes"
                yield f"{entry.file}: {'is damaged' if there else 'is not there'}; {how}"

    def clear(self) -> None:
        """Ready for the next source."""
        self._waiting.clear()
        self._entries.clear()
        self._sums.clear()

    def _all(self) -> list[Entry]:
        return [*self._manifest.entries.values(), *self._entries]

    def _alike(self, sha256: str) -> list[Entry]:
        return [entry for entry in self._all() if entry.sha256 == sha256]

    def _is_here(self, entry: Entry) -> bool:
        return entry.file in self._waiting or is_whole(self._home, entry)


def _called(entry: Entry, file: str) -> Entry:
    return msgspec.structs.replace(entry, file=file)


def _move(copy: Path, target: Path) -> None:
    """Raises OSError that names the folder: the copy's own place is of no use to who reads it."""
    try:
        try:
            copy.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _across(copy, target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target.parent)) from error


def _across(copy: Path, target: Path) -> None:
    """To a folder on another disk: whole there, under a name that nobody reads, before it gets its own."""
    moving = target.with_name(f".{target.name}.moving")
    moving.unlink(missing_ok=True)  # of an import that was killed
    try:
        shutil.copy2(copy, moving)
        with moving.open("rb") as stream:
            os.fsync(stream.fileno())
        moving.replace(target)
    finally:
        moving.unlink(missing_ok=True)
