"""WARC files while they grow: ``.open`` behind the name, rotated when full, sealed when all know them."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from quynhon_crawler.errors import ArchiveError, DiskFull, QuynhonError
from quynhon_crawler.home import OPEN

#: Told of a file before it gets its final name: name, length, SHA-256 in hex of what was written.
Sealed = Callable[[str, int, str], None]


class Appender:
    """Appends gzip members to ``PREFIX-<UTC>-<serial>-<host>-<pid>.warc.gz.open``, up to ``max_bytes``.

    ``first`` makes the record that begins a file of the given name. Raises ArchiveError or DiskFull when
    something cannot be written; the file then ends with the last whole record. ``sealed`` is told the sum of
    what was handed to the disk, whatever the disk makes of it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str,
        max_bytes: int,
        first: Callable[[str], bytes],
        sealed: Sealed | None = None,
    ) -> None:
        self._folder = folder
        self._prefix = prefix
        self._max_bytes = max_bytes
        self._first = first
        self._serial = 0
        self._file: int | None = None
        self._full: list[tuple[str, int, str]] = []
        self._sealed = sealed
        self._digest = hashlib.sha256()
        self._synced = 0
        self.name = ""
        self.size = 0
        self.written = 0

    def rotate(self) -> None:
        """Make sure that there is a file with room; its ``name`` and ``size`` are then known."""
        if self._file is not None and self.size >= self._max_bytes:
            self._finish()
        if self._file is None:
            self._begin()

    def append(self, members: bytes) -> int:
        """Whole gzip members at the end, by one write; where they end. A write that fails is taken back."""
        assert self._file is not None
        left = memoryview(members)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            try:
                os.ftruncate(self._file, self.size)
            except OSError:  # nothing may follow a torn record: recovery cuts it off
                self._let_go()
            line = f"{self._path()}: {error.strerror} at byte {self.size:,}; the record was taken back, "
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(line + "make room and run the crawl again") from error
            raise ArchiveError(line + "check the disk and run the crawl again") from error
        self._digest.update(members)
        self.size += len(members)
        self.written += len(members)
        return self.size

    def sync(self) -> None:
        """On disk what was written, when this returns."""
        if self._file is not None and self._synced != self.size:
            try:
                os.fsync(self._file)
            except OSError as error:
                raise ArchiveError(
                    f"{self._path()}: {error.strerror}; what was written may be lost"
                ) from error
            self._synced = self.size

    def seal(self) -> None:
        """Files that are full get their final names.

        Not before the frontier and the database have committed what is in them: after a crash only ``.open``
        files are read again.
        """
        for name, size, sha256 in self._full:
            if self._sealed is not None:
                self._sealed(name, size, sha256)
            (self._folder / (name + OPEN)).rename(self._folder / name)
        if self._full:
            sync_folder(self._folder)
        self._full.clear()

    def close(self) -> None:
        """All files get their final names and become read-only; a later write begins a new one."""
        if self._file is not None:
            self._finish()
        self.seal()

    def _begin(self) -> None:
        self._serial += 1
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        host = socket.gethostname().split(".")[0] or "localhost"
        self.name = f"{self._prefix}-{stamp}-{self._serial:05d}-{host}-{os.getpid()}.warc.gz"
        try:
            self._file = os.open(self._path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        except OSError as error:
            raise ArchiveError(f"{self._path()}: cannot be created: {error.strerror}") from error
        self.size = self._synced = 0
        self._digest = hashlib.sha256()
        try:
            self.append(self._first(self.name))
        except QuynhonError:  # no file without its first record
            self._let_go()
            self._path().unlink()
            raise

    def _finish(self) -> None:
        """Nothing more comes into the present file."""
        assert self._file is not None
        self.sync()
        os.fchmod(self._file, 0o444)
        self._let_go()
        self._full.append((self.name, self.size, self._digest.hexdigest()))

    def _let_go(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _path(self) -> Path:
        return self._folder / (self.name + OPEN)


def sync_folder(folder: Path) -> None:
    """A rename is on disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
