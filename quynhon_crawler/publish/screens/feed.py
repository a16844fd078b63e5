"""``/tin.xml`` and ``/muc/<section>/tin.xml``: new and changed articles as Atom (RFC 4287)."""

from __future__ import annotations

import sqlite3

from datasette import Response

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.short import lengthen
from quynhon_crawler.publish.site import Visit

_ENTRIES = 40


async def show(visit: Visit) -> Response:
    short = visit.request.url_vars.get("section")
    section_id = lengthen(short) if short else None
    if short and section_id is None:
        return message.not_found(visit)

    def read(connection: sqlite3.Connection) -> tuple[str | None, list[lookup.Row]]:
        title = lookup.section_title(connection, section_id) if section_id is not None else ""
        return title, lookup.recent(connection, section_id, _ENTRIES)

    title, rows = await visit.site.ask(read)
    if title is None:
        return message.not_found(visit)
    body = visit.render("feed.xml", rows=rows, section=title, short=short, itself=visit.request.path)
    return answer.page(visit.request, body, content_type="application/atom+xml; charset=utf-8")
