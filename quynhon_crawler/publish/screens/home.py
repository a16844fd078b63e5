"""``/``: one search box, the newest articles with pictures, the sections, the numbers of the archive."""

from __future__ import annotations

import sqlite3

from datasette import Response

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.screens.portals import arranged
from quynhon_crawler.publish.site import Visit

_NEWEST = 13
_PORTALS = 12
# More of them are found on the pages of their portals.
_SECTIONS = 60


async def show(visit: Visit) -> Response:
    def read(connection: sqlite3.Connection) -> dict[str, object]:
        several = visit.site.portals > 1
        sections = lookup.sections(connection)
        return {
            "cards": lookup.newest(connection, _NEWEST),
            "sections": [] if several and len(sections) > _SECTIONS else sections,
            "portals": arranged(lookup.portals(connection), "", "moi")[:_PORTALS] if several else [],
            "changes": lookup.changes(connection, ("changed", "gone", "back"), still=False, skip=0, size=5),
            "numbers": lookup.numbers(connection),
        }

    return answer.page(visit.request, visit.render("home.html", **await visit.site.ask(read)))
