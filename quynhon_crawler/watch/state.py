"""The state of an archive at a glance: running, next, failed, incomplete, disk. Reads only."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from quynhon_crawler.config import Config, Portal, load, plan_of
from quynhon_crawler.errors import ArchiveError, ConfigError, SchemaError
from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.lock import crawl_lock, holder
from quynhon_crawler.manifest import lost_database
from quynhon_crawler.model import stable_id
from quynhon_crawler.schedule.due import Turn, next_turn
from quynhon_crawler.schedule.history import Run, runs_of, silent_since
from quynhon_crawler.schedule.rests import Rest, after, rests
from quynhon_crawler.schedule.troubles import lasting, troubles
from quynhon_crawler.store import Store, completeness
from quynhon_crawler.store.counts import lists_of
from quynhon_crawler.store.database import told
from quynhon_crawler.store.soundness import damage_of
from quynhon_crawler.store.unmended import Unmended, crawl_so_far, unmended, unread_bytes
from quynhon_crawler.urls import host_of, url_key
from quynhon_crawler.watch.disk import Disk, disk_of
from quynhon_crawler.watch.files import (
    damaged_files,
    faulty_decisions,
    lost_decisions,
    lost_files,
    waiting_files,
)

# Enough for a page; `quynhon status --failures` lists all.
_FAILURES = 2_000


@dataclass(slots=True)
class PortalState:
    """One portal. ``last`` is its row of ``crawls``, with what is known so far when it has no end.

    ``failures`` are addresses of the last crawl that were not had since; ``dead`` is how many of its links
    lead nowhere. ``short`` are the lists of which items are missing. Nothing is asked
    before a ``rest`` is over.
    """

    name: str
    url: str
    proxy: str = ""
    next: Turn | None = None
    rest: Rest | None = None
    runs: list[Run] = field(default_factory=list)
    last: dict[str, Any] | None = None
    failures: list[Unmended] = field(default_factory=list)
    dead: int = 0
    lists: int = 0
    short: list[dict[str, Any]] = field(default_factory=list)

    @property
    def silent(self) -> bool:
        """The home page did not come when it was last asked for."""
        return silent_since(self.runs) is not None


@dataclass(slots=True)
class State:
    """``running`` names the process at work. ``unread`` are bytes of open files that a crash left unread.

    ``files``: what is wrong with those that are gone, cut, or not in the database, by their path.
    ``troubles``: why scheduled crawls failed as a whole, by portal.
    """

    home: Home
    at: datetime
    config: Config | None
    config_error: str | None
    database_error: ArchiveError | SchemaError | None
    running: str | None
    disk: Disk
    portals: list[PortalState] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)


def state_of(home: Home, now: datetime, *, thorough: bool = False) -> State:
    """Look at everything; what is wrong with archive.toml and the database is told in the state.

    ``thorough``: at each page of the database too, a second for a gigabyte.
    """
    config, error = None, None
    try:
        config = load(home.config)
    except ConfigError as wrong:
        error = str(wrong)
    state = State(home, now, config, error, None, holder(crawl_lock(home)), disk_of(home, now))
    state.troubles = troubles(home)
    state.files = damaged_files(home)
    try:
        if home.database.exists():
            _read(state)
            if thorough:
                _look_through(home)
        else:
            state.files |= faulty_decisions(home)
            if state.running is None and (lost := lost_database(home)):
                raise ArchiveError(lost)
            if config is not None:
                for portal in config.portals:
                    following = next_turn(portal, plan_of(config, portal), [], now)
                    state.portals.append(PortalState(portal.name, portal.url, portal.proxy, following))
    except (ArchiveError, SchemaError) as wrong:
        state.database_error, state.portals = wrong, []
    return state


def _look_through(home: Home) -> None:
    with told(home.database), closing(Store.open(home.database, readonly=True).connection) as connection:
        if damage := damage_of(connection):
            raise ArchiveError(f"{home.database}: {damage}")


def _read(state: State) -> None:
    home, config, now = state.home, state.config, state.at
    with told(home.database), closing(Store.open(home.database, readonly=True).connection) as connection:
        known = _portals(connection)
        own = list(config.portals) if config else []
        keys = {url_key(portal.url) for portal in own}
        own += [portal for portal in known if url_key(portal.url) not in keys]
        resting = rests(home, now)
        failed = lasting(state.troubles, home, config.crawl.min_free) if config else set()
        for number, portal in enumerate(own):
            runs = runs_of(connection, portal)
            rest = resting.get(host_of(portal.url))
            following = None
            if config is not None and number < len(config.portals):
                plan = plan_of(config, portal)
                following = next_turn(portal, plan, runs, now, failed=portal.name in failed)
            one = PortalState(
                portal.name, portal.url, portal.proxy, following and after(rest, following), rest, runs
            )
            _look(connection, one)
            # A worker has a part of what lists count; where the files of all come together is no frontier.
            if config is not None and config.frontier and home.frontier.exists():
                one.lists, one.short = 0, []
            state.portals.append(one)
        state.files |= lost_files(connection, home) | lost_decisions(connection, home)
        if state.running is None:
            state.files |= waiting_files(connection, home)
            for name in state.disk.open_files:
                size = (home.warc / name).stat().st_size
                state.unread[name] = unread_bytes(connection, name.removesuffix(OPEN), size)


def _portals(connection: Any) -> list[Portal]:
    """Those of the database: crawled by their address, or of an archive.toml of earlier days."""
    rows = connection.execute("SELECT name, home_url FROM portals ORDER BY home_url").fetchall()
    return [Portal(name=name or url, url=url) for name, url in rows]


def _look(connection: Any, one: PortalState) -> None:
    portal_id = stable_id(url_key(one.url))
    if not one.runs:
        _look_at_lists(connection, one, portal_id)
        return
    cursor = connection.execute("SELECT * FROM crawls WHERE id = ?", (one.runs[0].id,))
    names = [column[0] for column in cursor.description]
    one.last = crawl_so_far(connection, dict(zip(names, cursor.fetchone(), strict=True)))
    _look_at_lists(connection, one, portal_id)
    failed = unmended(connection, one.last)
    for failure in islice(failed, _FAILURES):
        if failure.dead:
            one.dead += 1
        else:
            one.failures.append(failure)


def _look_at_lists(connection: Any, one: PortalState, portal_id: int) -> None:
    """Items are counted unless the last crawl, which counted them at its end, says that all are here.

    Counting those of a thousand portals takes a second.
    """
    one.lists, seen_at = lists_of(connection, portal_id)
    last = one.last or {}
    total, ended = last.get("listed_total"), last.get("finished_at") or ""
    sure = last.get("outcome") == "finished" and total is not None and seen_at <= ended
    if sure and last["listed_captured"] == total:
        return
    one.short = [row for row in completeness(connection, portal_id) if row["captured"] < row["listed_total"]]
