"""Opening a database for reading wherever it lies: a disk, a CD-ROM, a read-only mount, another's folder."""

from __future__ import annotations

import os
from pathlib import Path

from quynhon_crawler.errors import ArchiveError


def may_write(path: Path) -> bool:
    """Whether the file and its folder can be written by whoever asks."""
    path = path.resolve()
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def is_fixed(path: Path) -> bool:
    """Whether nothing beside the database can be written, and nothing waits in its log: it stays as it is.

    SQLite then must be told so (``immutable``), or it wants to make its files beside a database in WAL mode.
    """
    path = path.resolve()  # SQLite puts its files beside the real one
    return not os.access(path.parent, os.W_OK) and not _log_size(path)


def read_uri(path: Path) -> str:
    """The URI for sqlite3.connect. Raises ArchiveError when a database's log cannot be read where it is."""
    uri = path.absolute().as_uri()
    if is_fixed(path):
        return f"{uri}?immutable=1"
    path = path.resolve()
    if not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-shm").exists():
        raise ArchiveError(
            f"{path}: was not closed in order ({path.name}-wal holds changes), and nothing can be written "
            "beside it; copy both files to a folder that can be written and read them there"
        )
    return f"{uri}?mode=ro"


def _log_size(path: Path) -> int:
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size
    except OSError:
        return 0
