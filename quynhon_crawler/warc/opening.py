"""A WARC file to read, which a crawl may close at any moment: its name then loses ``.open``."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from quynhon_crawler.home import OPEN


def open_warc(path: Path, *, buffering: int = -1) -> BinaryIO:
    """The file, under the name that it has by now. Raises OSError."""
    try:
        return path.open("rb", buffering=buffering)
    except FileNotFoundError:
        if not path.name.endswith(OPEN):
            raise
    return path.with_name(path.name.removesuffix(OPEN)).open("rb", buffering=buffering)
