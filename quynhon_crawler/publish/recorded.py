"""What an export says of itself: the takedowns that it obeys, and the size and sum of its files.

A WACZ bears it inside, the files of a folder in the ``datapackage.json`` beside them, a file alone in
``NAME.datapackage.json``. Read again when the file changed.
"""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from quynhon_crawler.store.obeyed import DESCRIPTION, FIELD

_PACKAGE = "datapackage.json"
# What explains the others and holds no rows.
_ABOUT = frozenset({_PACKAGE, "README.md", "SCHEMA.md", "SHA256SUMS"})
_KEPT = 1000
_BROKEN = (OSError, ValueError, KeyError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error)


class Change(NamedTuple):
    """Is another when a file was changed, replaced or touched; its own time cannot be set back."""

    inode: int
    bytes: int
    modified: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> Change:
        return cls(status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Record:
    """``state`` as ``store.obeyed`` makes it; ``bytes`` and ``sha256`` of the file, where they are told."""

    state: str | None
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class _Package:
    """The part of a datapackage.json that is asked for; ``files`` by name."""

    state: str | None = None
    files: dict[str, Record] = field(default_factory=dict)


def record_of(path: Path) -> Record | None:
    """None: nothing is said of this file, or it cannot be read."""
    if path.suffix == ".wacz" or path.name.endswith(DESCRIPTION):
        package = _read(path)
        return None if package is None else Record(package.state)
    package = _read(path.with_name(path.name + DESCRIPTION))
    if package is not None:
        return package.files.get(path.name)
    package = _read(path.with_name(_PACKAGE))
    if package is None:
        return None
    return Record(package.state) if path.name in _ABOUT else package.files.get(path.name)


def _read(path: Path) -> _Package | None:
    try:
        return _parsed(path, Change.of(path.stat()))
    except OSError:
        return None


@lru_cache(maxsize=_KEPT)
def _parsed(path: Path, change: Change) -> _Package | None:
    try:
        if path.suffix != ".wacz":
            return _package(json.loads(path.read_bytes()))
        with zipfile.ZipFile(path) as archive:
            return _Package(_package(json.loads(archive.read(_PACKAGE))).state)
    except _BROKEN:
        return None


def _package(said: Any) -> _Package:
    """Raises ValueError."""
    if not isinstance(said, dict) or not isinstance(resources := said.get("resources"), list):
        raise ValueError("no datapackage.json")
    state = said.get(FIELD)
    files = {
        item["path"]: Record(state, item.get("bytes"), str(item.get("hash", "")).removeprefix("sha256:"))
        for item in resources
        if isinstance(item, dict) and isinstance(item.get("path"), str)
    }
    return _Package(state, files)
