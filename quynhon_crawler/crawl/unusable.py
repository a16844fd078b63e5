"""What keeps an archive from being written to, in the one line that a user reads."""

from __future__ import annotations

import errno
import sqlite3

from quynhon_crawler.errors import ArchiveError, DiskFull, QuynhonError
from quynhon_crawler.home import Home
from quynhon_crawler.store.database import translated


def unusable(error: OSError | sqlite3.Error, home: Home) -> QuynhonError:
    """One of ours, that names the file and what to do."""
    if isinstance(error, sqlite3.Error):
        return translated(error, home.database)
    if error.errno == errno.ENOSPC:
        return DiskFull(f"{error.filename or home.root}: no room; make room and run again")
    return ArchiveError(f"{error.filename or home.root}: {error.strerror}")
