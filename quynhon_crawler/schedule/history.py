"""When a portal was crawled, and whether it answered: from the database alone."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime

from quynhon_crawler.config import Portal
from quynhon_crawler.home import Home
from quynhon_crawler.model import stable_id
from quynhon_crawler.store import Store
from quynhon_crawler.urls import url_key


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of the table ``crawls``. ``ended`` is None for one that was killed, or still goes on.

    ``answered``: the portal's home page came, or was unchanged, while it ran. ``asked``: it asked anything.
    """

    id: str
    mode: str
    begun: datetime
    ended: datetime | None
    outcome: str | None
    answered: bool
    asked: bool = True

    @property
    def finished(self) -> bool:
        return self.outcome == "finished"

    @property
    def silent(self) -> bool:
        """The portal was asked in vain. A crawl that was killed, or had no room, says nothing of that."""
        return not self.answered and (self.finished or (self.asked and self.outcome is not None))


def silent_since(runs: list[Run]) -> datetime | None:
    """When a portal was first asked in vain, in one row up to the last crawl that tells; None if that had an
    answer."""
    since = None
    for run in runs:
        if run.answered:
            break
        since = run.begun if run.silent else since
    return since


def history(home: Home, portals: tuple[Portal, ...]) -> dict[str, list[Run]]:
    """The crawls of each portal by its name, the newest first; none before the first crawl.

    Raises SchemaError and ArchiveError when there is a database that cannot be read.
    """
    if not home.database.exists():
        return {portal.name: [] for portal in portals}
    store = Store.open(home.database, readonly=True)
    try:
        return {portal.name: runs_of(store.connection, portal) for portal in portals}
    finally:
        store.connection.close()


def runs_of(connection: sqlite3.Connection, portal: Portal) -> list[Run]:
    """The crawls of one portal, the newest first. Imports are none."""
    key = url_key(portal.url)
    rows = connection.execute(
        """SELECT id, mode, started_at, finished_at, outcome, requests FROM crawls
            WHERE portal_id = ? AND started_at <> '' AND mode <> 'import' ORDER BY started_at DESC""",
        (stable_id(key),),
    ).fetchall()
    answers = _answers(connection, key, rows[-1][2]) if rows else []
    runs: list[Run] = []
    newer = ""
    for id, mode, started, finished, outcome, requests in rows:
        first = bisect_left(answers, started)
        end = finished or newer
        answered = first < len(answers) and (not end or answers[first] <= end)
        if (begun := _moment(started)) is not None:
            runs.append(Run(id, mode, begun, _moment(finished), outcome, answered, requests != 0))
        newer = started
    return runs


def _answers(connection: sqlite3.Connection, key: str, since: str) -> list[str]:
    """When the home page was answered well, sorted. WARC dates and crawls' times are both UTC with ``Z``."""
    found = connection.execute(
        # A firewall's page has status 200 too, but is a failure; of the capture's time, which has an index.
        """SELECT captured_at FROM captures c WHERE url_key = ? AND captured_at >= ?
            AND status BETWEEN 200 AND 399 AND NOT EXISTS
                (SELECT 1 FROM failures f WHERE f.seen_at = c.captured_at AND f.capture_id = c.id)
            ORDER BY captured_at""",
        (key, since),
    )
    return [row[0] for row in found]


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
