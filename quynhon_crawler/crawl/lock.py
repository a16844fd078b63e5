"""One crawl of an archive at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home


class Lock:
    """A lock file held by this process; the system lets go of it when the process dies, however it dies.

    Raises ArchiveError that names the process which holds it.
    """

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(self._handle, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._handle)
            raise ArchiveError(
                f"{path.parent.parent}: a crawl of this archive is running already (process {holder}); "
                "wait for it, or stop it with Ctrl-C"
            ) from None
        os.ftruncate(self._handle, 0)
        os.write(self._handle, f"{os.getpid()}\n".encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Let another crawl begin."""
        os.close(self._handle)


def lock_archive(home: Home) -> Lock:
    """The folders that a crawl needs, and its lock. Raises ArchiveError when there is no getting them."""
    try:
        for folder in (home.warc, home.state, home.logs):
            folder.mkdir(parents=True, exist_ok=True)
        return Lock(home.state / "crawl.lock")
    except OSError as error:
        raise ArchiveError(f"{error.filename or home.state}: cannot be written: {error.strerror}") from error
