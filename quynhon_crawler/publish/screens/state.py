"""``/tinh-trang``: the state of the archive for its keepers: at work, problems, crawls, lists, failures."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from datasette import Response

from quynhon_crawler.home import Home
from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.site import Site, Visit
from quynhon_crawler.watch.problems import problems_of
from quynhon_crawler.watch.state import state_of

# It changes while the database does not; looking at 230 MB of WARC files and their rows takes 85 ms.
_SECONDS = 10.0
_seen: WeakKeyDictionary[Site, tuple[float, tuple[int, ...], dict[str, object]]] = WeakKeyDictionary()


async def show(visit: Visit) -> Response:
    at, generation, values = _seen.get(visit.site, (0.0, (), {}))
    if time.monotonic() - at > _SECONDS or generation != visit.site.generation:
        at, generation = time.monotonic(), visit.site.generation
        values = await visit.site.ask(_rows) | await asyncio.to_thread(_glance, visit.site.home)
        _seen[visit.site] = at, generation, values
    return answer.page(visit.request, visit.render("state.html", **values))


def _rows(connection: sqlite3.Connection) -> dict[str, object]:
    return {
        "crawls": lookup.crawls(connection, 20),
        "listings": lookup.listings(connection),
        "failures": lookup.failures(connection, 50),
        "numbers": lookup.numbers(connection),
    }


def _glance(home: Home) -> dict[str, object]:
    """What `quynhon status` says first. Of problems only their kinds: their texts are for the keeper."""
    state = state_of(home, datetime.now(UTC))
    # Where a copy is only shown there is no archive.toml, and nothing wrong with that.
    is_kept = home.config.exists()
    return {
        "running": state.running is not None,
        "disk": state.disk,
        "days_left": state.disk.days_left(),
        "problems": [one for one in problems_of(state) if is_kept or one.code != "configuration"],
        "following": [one.next for one in state.portals if one.next],
    }
