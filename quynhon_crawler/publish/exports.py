"""What ``quynhon export`` left in ``exports/`` for everyone to take: open data, WACZ files, their sums.

A file that is not newer than the last takedown could hold what was withdrawn: it is not offered until it is
made again. A bag (bagit) is for keeping, never for publishing: it holds what was withdrawn.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

# More would not be a list to choose from.
_MOST = 500
# A tenth of a second.
_AT_ONCE = 50_000_000


@dataclass(frozen=True, slots=True)
class Export:
    """One file: its path below ``exports/``, bytes, when it was made (seconds), SHA-256 (None: not yet)."""

    name: str
    bytes: int
    made: float
    sha256: str | None


def offered(folder: Path, withdrawn_at: str | None) -> list[Export]:
    """The files of ``exports/`` that may be taken, by name, with the sums that are known."""
    oldest = _oldest(withdrawn_at)
    found: list[Export] = []
    for path in _files(folder):
        status = path.stat()
        if status.st_mtime >= oldest and len(found) < _MOST:
            name = path.relative_to(folder).as_posix()
            digest = _written(path.parent).get(path.name) or _sums.of(path, status)
            found.append(Export(name, status.st_size, status.st_mtime, digest))
    return found


def find(folder: Path, name: str, withdrawn_at: str | None) -> Path | None:
    """The file of an offered name; None for anything else, whatever it is called."""
    oldest = _oldest(withdrawn_at)
    wanted = {path.relative_to(folder).as_posix(): path for path in _files(folder)}.get(name)
    return wanted if wanted is not None and wanted.stat().st_mtime >= oldest else None


def _oldest(withdrawn_at: str | None) -> float:
    """When the oldest file on offer was made: what is of the takedown's own second may be from before."""
    return datetime.fromisoformat(withdrawn_at).timestamp() + 1 if withdrawn_at else 0.0


def _files(folder: Path) -> list[Path]:
    """Regular files, no bags, nothing hidden or unfinished, no link that leads away."""
    found: list[Path] = []
    for here, folders, names in os.walk(folder):
        if "bagit.txt" in names:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = [Path(here) / name for name in sorted(names) if not name.startswith(".")]
        found += [path for path in paths if path.is_file() and not path.is_symlink()]
    return found


def _written(folder: Path) -> dict[str, str]:
    """``SHA256SUMS`` of a folder, as sha256sum writes it."""
    try:
        lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = (line.split(maxsplit=1) for line in lines)
    return {pair[1].lstrip("*"): pair[0] for pair in pairs if len(pair) == 2}


class _Sums:
    """Sums of files that nobody wrote down: small ones made at once, large ones while readers go on."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, int, int], str | None] = {}

    def of(self, path: Path, status: os.stat_result) -> str | None:
        """The sum; None while it is being made. A file that was made again is another."""
        key = path, status.st_size, status.st_mtime_ns
        if key not in self._known:
            self._known[key] = None
            if status.st_size <= _AT_ONCE:
                self._make(key)
            else:
                threading.Thread(target=self._make, args=(key,), name="sum", daemon=True).start()
        return self._known[key]

    def _make(self, key: tuple[Path, int, int]) -> None:
        try:
            with key[0].open("rb") as file:
                self._known[key] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            del self._known[key]


_sums = _Sums()
