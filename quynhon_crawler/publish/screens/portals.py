"""``/cong``: the portals of the archive, to be searched and sorted; ``/cong/<portal>``: all of one."""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import urlencode

from datasette import Response

from quynhon_crawler.publish import alphabet, answer, lookup, prose
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.short import lengthen
from quynhon_crawler.publish.site import Visit
from quynhon_crawler.store.words import bare

_SIZE = 100
_NEWEST, _CRAWLS = 10, 10
# What the address calls each order; the first one is meant when it says none.
ORDERS = ("moi", "ten", "nhieu")


async def everyone(visit: Visit) -> Response:
    typed, page = visit.text("q"), visit.number("trang")
    order = visit.text("xep", most=10)
    order = order if order in ORDERS else ORDERS[0]
    rows = await visit.site.ask(lookup.portals)
    found = arranged(rows, typed, order)
    pages = max(1, -(-len(found) // _SIZE))
    if page > pages:
        return message.not_found(visit)

    def address(number: int = 1, by: str = order) -> str:
        query = {"q": typed, "xep": by if by != ORDERS[0] else "", "trang": str(number) if number > 1 else ""}
        kept = {name: value for name, value in query.items() if value}
        return visit.link("/cong") + (f"?{urlencode(kept)}" if kept else "")

    body = visit.render(
        "portals.html",
        rows=found[(page - 1) * _SIZE : page * _SIZE],
        total=len(found),
        typed=typed,
        order=order,
        orders=ORDERS,
        page=page,
        pages=pages,
        address=address,
    )
    return answer.page(visit.request, body)


def arranged(rows: list[lookup.Row], typed: str, order: str) -> list[lookup.Row]:
    """The portals whose name or address holds every word typed, marks aside, in an order of ``ORDERS``."""
    wanted = [bare(word) for word in typed.split()]
    named = [(bare(f"{row['name']} {row['home_url']}"), row) for row in rows]
    found = [row for name, row in named if all(word in name for word in wanted)]
    found.sort(key=lambda row: alphabet.order(row["name"] or row["home_url"]))
    if order == "moi":
        found.sort(key=lambda row: row["newest"] or "", reverse=True)
    elif order == "nhieu":
        found.sort(key=lambda row: -row["articles"])
    return found


async def one(visit: Visit) -> Response:
    portal_id = lengthen(visit.request.url_vars["portal"])
    if portal_id is None:
        return message.not_found(visit)

    def read(connection: sqlite3.Connection) -> tuple[lookup.Portal | None, Any]:
        found = lookup.portal(connection, portal_id, newest=_NEWEST, crawls=_CRAWLS)
        return found, lookup.withdrawn(connection, found.row["home_url"]) if found else None

    found, takedown = await visit.site.ask(read)
    if takedown is not None:
        return message.gone(visit, takedown)
    if found is None:
        return message.not_found(visit)
    original = prose.safe_link(found.row["home_url"])
    return answer.page(visit.request, visit.render("portal.html", found=found, original=original))
