"""``/tin.xml``, ``/muc/<section>/tin.xml``, ``/cong/<portal>/tin.xml``: what is new or changed (RFC 4287)."""

from __future__ import annotations

import sqlite3

from datasette import Response

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.short import lengthen
from quynhon_crawler.publish.site import Visit

_ENTRIES = 40


async def show(visit: Visit) -> Response:
    kind = next((name for name in ("section", "portal") if name in visit.request.url_vars), "")
    short = visit.request.url_vars[kind] if kind else ""
    number = lengthen(short)
    if kind and number is None:
        return message.not_found(visit)

    def read(connection: sqlite3.Connection) -> tuple[str | None, list[lookup.Row]]:
        if number is None:
            return "", lookup.recent(connection, None, _ENTRIES)
        if kind == "section":
            return lookup.section_title(connection, number), lookup.recent(connection, number, _ENTRIES)
        rows = lookup.recent(connection, None, _ENTRIES, portal_id=number)
        return lookup.portal_name(connection, number), rows

    title, rows = await visit.site.ask(read)
    if title is None:
        return message.not_found(visit)
    page = f"/{'muc' if kind == 'section' else 'cong'}/{short}" if kind else "/"
    body = visit.render("feed.xml", rows=rows, section=title, page=page, itself=visit.request.path)
    return answer.page(visit.request, body, content_type="application/atom+xml; charset=utf-8")
