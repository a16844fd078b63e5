"""A damaged manifest.jsonl is kept beside a new one, which has what can be read of it."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime

from quynhon_crawler.errors import ArchiveError, DiskFull
from quynhon_crawler.home import Home
from quynhon_crawler.manifest import Manifest, sound_part
from quynhon_crawler.plural import are, plural


def begun_again(home: Home, manifest: Manifest) -> list[str]:
    """A line about that; none where every line is one. Raises ArchiveError and DiskFull; the manifest is then
    as it was."""
    if not manifest.damaged:
        return []
    raw, sound = sound_part(home)
    aside = home.root / f"manifest.damaged-{datetime.now(UTC):%Y%m%d%H%M%S}.jsonl"
    new = aside.with_suffix(".part")
    try:
        for path, content in ((aside, raw), (new, sound)):
            with path.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        new.replace(home.manifest)
    except OSError as error:
        why = f"{home.manifest}: cannot be written anew: {error.strerror}"
        raise DiskFull(why) if error.errno == errno.ENOSPC else ArchiveError(why) from error
    lines = f"{plural(manifest.damaged, 'line')} of it {are(manifest.damaged)}"
    return [
        f"{home.manifest.name}: {lines} none of this program, and what they said of files and imports is "
        f"lost; it is kept as {aside.name}, and sums that it lacks were made anew: what happened to their "
        "files before cannot be seen, compare with a copy"
    ]
