"""One at a time among those who take items down, bring a database up to date, or put another in its place."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Alone with the archive in this folder; waits for others. The system lets go when the process dies.

    Not for crawls, which take hours (lock.py): all who hold this are done within seconds.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
