"""``/muc/<section>``: the articles of a section, the newest first, in pages."""

from __future__ import annotations

from datasette import Response

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.short import lengthen
from quynhon_crawler.publish.site import Visit

PAGE_SIZE = 20


async def show(visit: Visit) -> Response:
    section_id = lengthen(visit.request.url_vars["section"])
    page = visit.number("trang")
    found = (
        await visit.site.ask(lambda db: lookup.section(db, section_id, page, PAGE_SIZE))
        if section_id is not None
        else None
    )
    if found is None:
        return message.not_found(visit)
    section, cards = found
    pages = max(1, -(-section["articles"] // PAGE_SIZE))
    if page > pages:
        return message.not_found(visit)
    body = visit.render("section.html", section=section, cards=cards, page=page, pages=pages)
    return answer.page(visit.request, body)
