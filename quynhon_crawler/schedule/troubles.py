"""Scheduled crawls that failed as a whole, and why: ``state/troubles.json``, until the portal's next one.

The database does not know the reason. Lost without harm: the crawl is tried an hour earlier.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from typing import TYPE_CHECKING

from quynhon_crawler.errors import ROOM, ArchiveError
from quynhon_crawler.home import Home

if TYPE_CHECKING:
    from quynhon_crawler.schedule.service import Result


def troubles(home: Home) -> dict[str, str]:
    """One line for each portal whose last scheduled crawl failed, by its name."""
    try:
        said = json.loads((home.state / "troubles.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(name): str(why) for name, why in said.items()} if isinstance(said, dict) else {}


def lasting(found: dict[str, str], home: Home, least: int) -> set[str]:
    """The portals whose crawl would fail again at once: not those that had no room, once there is as much
    as ``least`` bytes."""
    has_room = shutil.disk_usage(home.root).free >= least
    return {name for name, why in found.items() if not (has_room and ROOM in why)}


def note(home: Home, results: Iterable[Result]) -> None:
    """Write down how these crawls ended. Raises ArchiveError."""
    before = troubles(home)
    now = dict(before)
    for result in results:
        now.pop(result.turn.portal.name, None)
        if result.ending == "failed":
            now[result.turn.portal.name] = result.trouble or "the crawl failed"
    if now == before:
        return
    path = home.state / "troubles.json"
    try:
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.write_text(json.dumps(now, ensure_ascii=False), "utf-8")
        temporary.replace(path)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be written: {error.strerror}") from error
