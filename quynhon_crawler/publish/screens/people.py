"""``/tac-gia``, ``/tac-gia/<author>``, ``/don-vi?ten=<unit>``: bylines and units with their articles."""

from __future__ import annotations

from datasette import Response

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.short import lengthen
from quynhon_crawler.publish.site import Visit

_SIZE = 20


async def everyone(visit: Visit) -> Response:
    rows = await visit.site.ask(lookup.authors)
    units: dict[str, list[lookup.Row]] = {}
    for row in rows:
        units.setdefault(row["unit_name"] or row["unit_code"] or "", []).append(row)
    return answer.page(visit.request, visit.render("people.html", units=units))


async def one(visit: Visit) -> Response:
    author_id = lengthen(visit.request.url_vars["author"])
    page = visit.number("trang")
    found = (
        None
        if author_id is None
        else await visit.site.ask(lambda db: lookup.author(db, author_id, (page - 1) * _SIZE, _SIZE))
    )
    if found is None:
        return message.not_found(visit)
    author, cards = found
    pages = max(1, -(-author["articles"] // _SIZE))
    if page > pages:
        return message.not_found(visit)
    body = visit.render("person.html", author=author, cards=cards, page=page, pages=pages)
    return answer.page(visit.request, body)


async def unit(visit: Visit) -> Response:
    name = visit.text("ten")
    page = visit.number("trang")
    if not name:
        return answer.redirect(visit.link("/tac-gia"))  # where units stand in a list
    total, cards = await visit.site.ask(lambda db: lookup.unit(db, name, (page - 1) * _SIZE, _SIZE))
    if not cards:
        return message.not_found(visit)
    pages = -(-total // _SIZE)
    body = visit.render("unit.html", unit=name, total=total, cards=cards, page=page, pages=pages)
    return answer.page(visit.request, body)
