"""``/tinh-trang``: the state of the archive for its keepers: at work, problems, crawls, lists, failures."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from datetime import UTC, datetime
from functools import partial
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

# Of a thousand portals the first that are due, and the first that come.
_NEXT = 5
_PROBLEMS = 20
_INCOMPLETE = 50


async def show(visit: Visit) -> Response:
    at, generation, values = _seen.get(visit.site, (0.0, (), {}))
    if time.monotonic() - at > _SECONDS or generation != visit.site.generation:
        at, generation = time.monotonic(), visit.site.generation
        several = visit.site.portals > 1
        values = await visit.site.ask(partial(_rows, several=several)) | await asyncio.to_thread(
            _glance, visit.site.home
        )
        _seen[visit.site] = at, generation, values
    return answer.page(visit.request, visit.render("state.html", **values))


def _rows(connection: sqlite3.Connection, *, several: bool) -> dict[str, object]:
    return {
        "crawls": lookup.crawls(connection, 20),
        # Of several portals each has its lists on its own page.
        "listings": [] if several else lookup.listings(connection),
        "incomplete": lookup.incomplete(connection, _INCOMPLETE) if several else [],
        "failures": lookup.failures(connection, 50),
        "numbers": lookup.numbers(connection),
    }


def _glance(home: Home) -> dict[str, object]:
    """What `quynhon status` says first. Of problems only their kinds: their texts are for the keeper.

    So is how much room the disk has left.
    """
    state = state_of(home, datetime.now(UTC))
    following = sorted((one.next for one in state.portals if one.next), key=lambda turn: turn.at)
    first = [
        *[turn for turn in following if turn.due][:_NEXT],
        *[turn for turn in following if not turn.due][:_NEXT],
    ]
    # Where a copy is only shown there are no archive.toml and no WARC files, and nothing wrong with that.
    hidden = () if home.config.exists() else ("configuration", "files")
    problems = [one for one in problems_of(state) if one.code not in hidden]
    return {
        "running": state.running is not None,
        "disk": state.disk,
        "problems": problems[:_PROBLEMS],
        "more_problems": max(0, len(problems) - _PROBLEMS),
        "following": first,
        "more": len(following) - len(first),
    }
