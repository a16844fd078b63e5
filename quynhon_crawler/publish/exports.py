"""What ``quynhon export`` left in ``exports/`` for everyone to take: open data, WACZ files, their sums.

A file that does not say that it obeys the takedowns of now could hold what was withdrawn: it is not offered
until it is made again. A bag (bagit) is for keeping, never for publishing: it holds what was withdrawn.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from quynhon_crawler.publish.recorded import Change, record_of

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


@dataclass(frozen=True, slots=True)
class Offer:
    """``files`` may be taken; ``withheld`` are some that must be made again first."""

    files: list[Export]
    withheld: bool


def offered(folder: Path, state: str | None) -> Offer:
    """The files of ``exports/`` by name, with the sums that are known; ``state`` is what is hidden now
    (``store/obeyed.py``)."""
    found: list[Export] = []
    withheld = False
    for path in _files(folder):
        status = path.stat()
        if not _obeys(path, status, state):
            withheld = True
        elif len(found) < _MOST:
            name = path.relative_to(folder).as_posix()
            digest = _written(path.parent).get(path.name) or _sums.of(path, status)
            found.append(Export(name, status.st_size, status.st_mtime, digest))
    return Offer(found, withheld)


def find(folder: Path, name: str, state: str | None) -> Path | None:
    """The file of an offered name; None for anything else, whatever it is called."""
    wanted = {path.relative_to(folder).as_posix(): path for path in _files(folder)}.get(name)
    return wanted if wanted is not None and _obeys(wanted, wanted.stat(), state, wait=True) else None


def _obeys(path: Path, status: os.stat_result, state: str | None, *, wait: bool = False) -> bool:
    """Whether a file says that it obeys ``state``, and is the one that this is said of.

    Its sum tells: a dump has as many pages before a takedown as after, often enough. With ``wait`` the sum of
    a large file is waited for.
    """
    record = record_of(path)
    if state is None:
        return record is None or record.state is None
    if record is None or record.state != state or record.bytes not in (None, status.st_size):
        return False
    if record.sha256 is None:
        return True
    digest = _sums.of(path, status, wait=wait)
    return digest == record.sha256 or (digest is None and not wait)


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
        self._known: dict[tuple[Path, Change], str | None] = {}

    def of(self, path: Path, status: os.stat_result, *, wait: bool = False) -> str | None:
        """The sum; None while it is being made, or when the file is gone. One made again is another."""
        key = path, Change.of(status)
        if key not in self._known:
            self._known[key] = None
            if status.st_size <= _AT_ONCE or wait:
                self._make(key)
            else:
                threading.Thread(target=self._make, args=(key,), name="sum", daemon=True).start()
        elif wait and self._known[key] is None:
            self._make(key)
        return self._known.get(key)

    def _make(self, key: tuple[Path, Change]) -> None:
        try:
            with key[0].open("rb") as file:
                self._known[key] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            self._known.pop(key, None)


_sums = _Sums()
