"""``/anh``: pictures of the archive, by event code and month."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from datasette import Response

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.alphabet import order
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.site import Visit

_SIZE = 24
_MONTH = re.compile(r"\d{4}-\d{2}")


async def show(visit: Visit) -> Response:
    event = visit.text("ma", most=20)
    month = visit.text("thang", most=7)
    month = month if _MONTH.fullmatch(month) else ""
    page = visit.number("trang")

    def read(connection: sqlite3.Connection) -> tuple[list[lookup.Row], int, list[lookup.Row]]:
        return (
            lookup.events(connection),
            *lookup.gallery(connection, event, month, (page - 1) * _SIZE, _SIZE),
        )

    events, total, rows = await visit.site.ask(read)
    codes: Counter[str] = Counter()
    months: Counter[str] = Counter()
    for row in events:
        if month in ("", row["code_month"]):
            codes[row["code_event"]] += row["images"]
        if row["code_month"] and event in ("", row["code_event"]):
            months[row["code_month"]] += row["images"]

    def address(**changed: Any) -> str:
        query = {"ma": event, "thang": month, "trang": 1, **changed}
        kept = {name: value for name, value in query.items() if value and value != 1}
        return visit.link("/anh") + (f"?{urlencode(kept)}" if kept else "")

    pages = max(1, -(-total // _SIZE))
    if page > pages or (not total and (event or month)):
        return message.not_found(visit)
    body = visit.render(
        "gallery.html",
        codes=sorted(codes.items(), key=lambda item: order(item[0])),
        years=[
            (year, list(items))
            for year, items in groupby(sorted(months.items(), reverse=True), key=lambda item: item[0][:4])
        ],
        rows=rows,
        total=total,
        event=event,
        month=month,
        page=page,
        pages=pages,
        address=address,
        page_address=lambda number: address(trang=number),
    )
    return answer.page(visit.request, body)
