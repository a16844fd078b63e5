"""``/tinh-trang``: the state of the archive for its keepers: next and last crawls, lists, failures."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime

from datasette import Response

from quynhon_crawler.config import load
from quynhon_crawler.errors import QuynhonError
from quynhon_crawler.home import Home
from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.site import Visit
from quynhon_crawler.schedule.due import Turn
from quynhon_crawler.schedule.service import due_turns

# Of a thousand portals the first that are due, and the first that come.
_NEXT = 5
_INCOMPLETE = 50


async def show(visit: Visit) -> Response:
    def read(connection: sqlite3.Connection) -> dict[str, object]:
        several = visit.site.portals > 1
        return {
            "crawls": lookup.crawls(connection, 20),
            # Of several portals each has its lists on its own page.
            "listings": [] if several else lookup.listings(connection),
            "incomplete": lookup.incomplete(connection, _INCOMPLETE) if several else [],
            "failures": lookup.failures(connection, 50),
            "numbers": lookup.numbers(connection),
        }

    values = await visit.site.ask(read)
    following = await asyncio.to_thread(_following, visit.site.home)
    first = [
        *[turn for turn in following if turn.due][:_NEXT],
        *[turn for turn in following if not turn.due][:_NEXT],
    ]
    body = visit.render("state.html", following=first, more=len(following) - len(first), **values)
    return answer.page(visit.request, body)


def _following(home: Home) -> list[Turn]:
    """The next crawls; none where no timetable is, or an archive.toml that is wrong: its keeper is told."""
    try:
        return due_turns(home, load(home.config), datetime.now(UTC))
    except QuynhonError:
        return []
