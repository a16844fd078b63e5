"""How much there is, how fast it grows, and when the disk will be full."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.manifest import all_warc_files

# WARC files bear the time of their first record in their name: QUYNHON-20261124012000-...
_STAMP = re.compile(r"-(\d{14})-")
_LOOK_BACK = timedelta(days=28)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes; ``growth`` is bytes a week over the last four, None when the archive is younger than a day."""

    warc_files: int
    warc_bytes: int
    database_bytes: int
    free_bytes: int
    growth: int | None
    open_files: tuple[str, ...]

    def days_left(self) -> float | None:
        """Until the disk is full, at this pace; None when nothing grows, or nothing is known."""
        return self.free_bytes / self.growth * 7 if self.growth else None


def disk_of(home: Home, now: datetime) -> Disk:
    """What lies in the archive folder. The database grows as the WARC files do."""
    there = (path for path in all_warc_files(home) if path.is_file())
    files = [(path.name, path.stat().st_size, _begun(path)) for path in there]
    total = sum(size for _, size, _ in files)
    # What is committed lies in the log until SQLite copies it: with a young archive all of it.
    both = (home.database, home.database.with_name(f"{home.database.name}-wal"))
    database = sum(path.stat().st_size for path in both if path.exists())
    oldest = min((begun for _, _, begun in files), default=now)
    span = min(now - oldest, _LOOK_BACK)
    growth = None
    if span >= timedelta(days=1):
        recent = sum(size for _, size, begun in files if begun >= now - span)
        growth = int(recent * (1 + database / total) * (_WEEK / span)) if total else 0
    return Disk(
        warc_files=len(files),
        warc_bytes=total,
        database_bytes=database,
        free_bytes=shutil.disk_usage(home.root).free,
        growth=growth,
        open_files=tuple(sorted(name for name, _, _ in files if name.endswith(OPEN))),
    )


def _begun(path: Path) -> datetime:
    if found := _STAMP.search(path.name):
        try:
            return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            pass
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
