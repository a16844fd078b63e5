"""One writer of an archive's WARC files at a time."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home

# Who only asks whether somebody holds the lock takes it for an instant: longer than that is somebody.
_PATIENCE = 0.5


class Lock:
    """A lock file held by this process; the system lets go of it when the process dies, however it dies.

    ``what`` it is held for is told to others. Raises ArchiveError that names the process which holds it.
    """

    def __init__(self, path: Path, what: str = "crawl") -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _taken(self._handle, fcntl.LOCK_EX, patience=_PATIENCE):
            who, _, other = _written(self._handle).partition(" ")
            os.close(self._handle)
            kind = f"{'an' if other[:1] in 'aeiou' else 'a'} {other}" if other else "a crawl"
            raise ArchiveError(
                f"{path.parent.parent}: {kind} of this archive is running already (process "
                f"{who or 'unknown'}); wait for it, or stop it with Ctrl-C"
            )
        os.ftruncate(self._handle, 0)
        os.write(self._handle, f"{os.getpid()} {what}\n".encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Let another crawl begin."""
        os.close(self._handle)


def crawl_lock(home: Home) -> Path:
    """What a running crawl, import or rebuild holds."""
    return home.state / "crawl.lock"


def holder(path: Path) -> str | None:
    """The process that holds a lock file (``"unknown"`` when it did not say); None when nobody does.

    Right after a kill -9 too: the system let go of the lock, whatever the file says.
    """
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        if _taken(handle, fcntl.LOCK_SH, patience=0.0):
            return None
        return _written(handle).partition(" ")[0] or "unknown"
    finally:
        os.close(handle)


def _taken(handle: int, kind: int, *, patience: float) -> bool:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.02)
        else:
            return True


def _written(handle: int) -> str:
    return os.pread(handle, 32, 0).decode("ascii", "replace").strip()


def lock_archive(home: Home, what: str = "crawl") -> Lock:
    """The folders that a crawl needs, and its lock; ``what`` holds it.

    Raises ArchiveError when there is no getting them.
    """
    try:
        for folder in (home.warc, home.state, home.logs):
            folder.mkdir(parents=True, exist_ok=True)
        return Lock(crawl_lock(home), what)
    except OSError as error:
        raise ArchiveError(f"{error.filename or home.state}: cannot be written: {error.strerror}") from error
