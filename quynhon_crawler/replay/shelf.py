"""The archive as one WACZ to be read in ranges: nothing of it is copied but its index.

Laid out anew when a WARC file was closed or something was taken down. Readers who have a page open go on with
the WACZ that they began with, unless something was taken down since: then it is gone for them too.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from quynhon_crawler.deposit.catalogue import catalogue, own_folder
from quynhon_crawler.deposit.wacz import Wacz, put_together
from quynhon_crawler.deposit.withdrawn import Withdrawn
from quynhon_crawler.home import Home
from quynhon_crawler.manifest import warc_files
from quynhon_crawler.store.database import connect
from quynhon_crawler.urls import url_key

# How long a look at the archive's state counts, in seconds; and how many earlier layouts stay.
_FRESH = 1.0
_KEPT = 4

State = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """A WACZ, what it may not show, and the folder that its index lies in."""

    wacz: Wacz
    hidden: Withdrawn
    folder: tempfile.TemporaryDirectory[str]


class Shelf:
    """Gives the WACZ of an archive, present or earlier. Safe for threads. ``close`` removes what was made."""

    def __init__(self, home: Home, on_file: Callable[[int, int], None] | None = None) -> None:
        self._home = home
        self._on_file = on_file
        self._lock = threading.Lock()
        self._state: State = ()
        self._looked = float("-inf")
        self._volumes: OrderedDict[str, Volume] = OrderedDict()
        self._indexes = tempfile.TemporaryDirectory(prefix="quynhon-replay-")

    def current(self) -> Volume:
        """The WACZ as the archive is now. Raises ArchiveError and SchemaError, one line each."""
        with self._lock:
            if not self._volumes or time.monotonic() - self._looked > _FRESH:
                self._look()
            return next(reversed(self._volumes.values()))

    def volume(self, digest: str) -> Volume | None:
        """The WACZ of a digest; None when it is not there any more."""
        self.current()
        with self._lock:
            return self._volumes.get(digest)

    def holds(self, url: str) -> bool:
        """Whether an address was ever answered here. Raises ArchiveError and SchemaError."""
        connection = connect(self._home.database, readonly=True).conn
        try:
            sql = "SELECT 1 FROM captures WHERE url_key = ? LIMIT 1"
            return connection.execute(sql, (url_key(url),)).fetchone() is not None
        finally:
            connection.close()

    def close(self) -> None:
        with self._lock:
            while self._volumes:
                self._volumes.popitem()[1].folder.cleanup()
            self._indexes.cleanup()

    def _look(self) -> None:
        hidden = Withdrawn.of(self._home.database)
        files = tuple((path.name, path.stat().st_mtime_ns) for path in warc_files(self._home))
        state: State = (hidden.mark, files, self._home.database.stat().st_ino)
        if state != self._state:
            self._lay_out(hidden)
            self._state = state
        self._looked = time.monotonic()

    def _lay_out(self, hidden: Withdrawn) -> None:
        entries = catalogue(self._home, own_folder(self._home) or Path(self._indexes.name), self._on_file)
        folder = tempfile.TemporaryDirectory(prefix="volume-", dir=self._indexes.name)
        wacz = put_together(self._home, entries, hidden, Path(folder.name), articles=False)
        for digest, volume in list(self._volumes.items()):
            if volume.hidden.mark != hidden.mark or digest == wacz.digest:
                self._drop(digest)
        self._volumes[wacz.digest] = Volume(wacz, hidden, folder)
        while len(self._volumes) > _KEPT:
            self._drop(next(iter(self._volumes)))

    def _drop(self, digest: str) -> None:
        self._volumes.pop(digest).folder.cleanup()
