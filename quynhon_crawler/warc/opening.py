"""A WARC file to read, which a crawl may close at any moment: its name then loses ``.open``."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import BinaryIO

from quynhon_crawler.home import OPEN


def open_warc(path: Path, *, buffering: int = -1) -> BinaryIO:
    """The file, under the name that it has by now. Raises OSError."""
    try:
        return _open(path, buffering)
    except FileNotFoundError:
        if not path.name.endswith(OPEN):
            raise
    return _open(path.with_name(path.name.removesuffix(OPEN)), buffering)


def _open(path: Path, buffering: int) -> BinaryIO:
    if path.is_fifo():  # to open it would wait for somebody who writes
        raise OSError(errno.EINVAL, "a named pipe, not a regular file", str(path))
    return path.open("rb", buffering=buffering)
