"""``/thay-doi`` and ``/da-go``: what the portal changed, and what it removed, by day."""

from __future__ import annotations

from datasette import Response

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.site import Visit

_SIZE = 50


async def changed(visit: Visit) -> Response:
    return await _list(visit, "changes", ("changed", "gone", "back"))


async def removed(visit: Visit) -> Response:
    return await _list(visit, "removed", ("gone",))


async def _list(visit: Visit, name: str, kinds: tuple[str, ...]) -> Response:
    page = visit.number("trang")
    rows = await visit.site.ask(
        lambda db: lookup.changes(db, kinds, still=name == "removed", skip=(page - 1) * _SIZE, size=_SIZE + 1)
    )
    if page > 1 and not rows:
        return message.not_found(visit)
    body = visit.render("changes.html", name=name, rows=rows[:_SIZE], page=page, more=len(rows) > _SIZE)
    return answer.page(visit.request, body)
