"""``/tinh-trang``: the state of the archive for its keepers: last crawls, completeness, failures."""

from __future__ import annotations

import sqlite3

from datasette import Response

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.site import Visit


async def show(visit: Visit) -> Response:
    def read(connection: sqlite3.Connection) -> dict[str, object]:
        return {
            "crawls": lookup.crawls(connection, 20),
            "listings": lookup.listings(connection),
            "failures": lookup.failures(connection, 50),
            "numbers": lookup.numbers(connection),
        }

    return answer.page(visit.request, visit.render("state.html", **await visit.site.ask(read)))
