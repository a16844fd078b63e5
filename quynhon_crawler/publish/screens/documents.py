"""``/van-ban``: legal documents as a table to search by number, abstract, issuer and signer."""

from __future__ import annotations

from datasette import Response

from quynhon_crawler.publish import answer, lookup, prose
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.site import Visit

_SIZE = 50


async def show(visit: Visit) -> Response:
    typed = visit.text("q")
    page = visit.number("trang")
    total, rows = await visit.site.ask(
        lambda db: lookup.documents(db, typed, skip=(page - 1) * _SIZE, size=_SIZE)
    )
    pages = max(1, -(-total // _SIZE))
    if page > pages:
        return message.not_found(visit)
    body = visit.render(
        "documents.html",
        rows=rows,
        total=total,
        typed=typed,
        page=page,
        pages=pages,
        safe_link=prose.safe_link,
    )
    return answer.page(visit.request, body)
