"""``/thoi-gian``: when the portal published, as charts and as tables; ``/ngay/<day>``: what, on that day."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from datasette import Response

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.language import parse
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.short import lengthen, shorten
from quynhon_crawler.publish.site import Visit

# More colours than these cannot be told apart; the smaller sections are shown as one.
_SECTIONS = 6
_SIZE = 30


@dataclass(frozen=True, slots=True)
class Timeline:
    """A table of periods and sections. A section's id and title are None for all that are not named."""

    sections: list[tuple[int | None, str | None]]
    periods: list[tuple[str, list[int]]]


async def show(visit: Visit) -> Response:
    asked, section_id = _year(visit), lengthen(visit.text("muc", most=11))
    portal_id = lengthen(visit.text("cong", most=11))

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        rows = lookup.periods(connection, "", portal_id)
        years = sorted({row["period"] for row in rows if len(row["period"]) == 4 and row["period"].isdigit()})
        year = asked if asked in years else (years[-1] if years else "")
        months = lookup.periods(connection, year, portal_id)
        tables = [rows, months] if len(years) > 1 else [months]
        named = named_sections(*tables)
        return {
            "years": years,
            "year": year,
            "timeline": timeline(tables[0], named),
            "months": timeline(months, named) if len(years) > 1 else None,
            "colours": {number: place for place, number in enumerate(named, 1)},
            "days": lookup.days(connection, year, section_id, portal_id),
            "portal": None if portal_id is None else lookup.portal_name(connection, portal_id),
            "section": None if section_id is None else lookup.section_title(connection, section_id),
            "sections": lookup.sections(connection, portal_id)[:12],
        }

    found = await visit.site.ask(read)
    wrong = section_id is not None and found["section"] is None
    if wrong or (asked and asked != found["year"]) or (portal_id is not None and found["portal"] is None):
        return message.not_found(visit)

    def address(**changed: str) -> str:
        query = {
            "nam": asked,
            "muc": shorten(section_id) if section_id is not None else "",
            "cong": shorten(portal_id) if portal_id is not None else "",
            **changed,
        }
        kept = {name: value for name, value in query.items() if value}
        return visit.link("/thoi-gian") + (f"?{urlencode(kept)}" if kept else "")

    filled = {day[:7] for day in found["days"]}
    body = visit.render("calendar.html", **found, filled=filled, section_id=section_id, address=address)
    return answer.page(visit.request, body)


def _year(visit: Visit) -> str:
    text = visit.text("nam", most=5)
    return text if len(text) == 4 and text.isascii() and text.isdigit() else ""


async def day(visit: Visit) -> Response:
    span = visit.request.url_vars["day"]
    page = visit.number("trang")

    def read(connection: sqlite3.Connection) -> tuple[Any, ...]:
        return (
            *lookup.published(connection, span, (page - 1) * _SIZE, _SIZE),
            *lookup.beside(connection, span),
        )

    total, cards, before, after = await visit.site.ask(read)
    pages = max(1, -(-total // _SIZE))
    if page > pages or parse(span if len(span) == 10 else f"{span}-01") is None:
        return message.not_found(visit)
    body = visit.render(
        "day.html", span=span, total=total, cards=cards, page=page, pages=pages, before=before, after=after
    )
    # Days go on for ever; one without articles only says where there are some.
    return answer.page(visit.request, body, status=200 if total else 404)


def named_sections(*tables: list[lookup.Row]) -> dict[int, str]:
    """Titles of the sections that all charts of a page show by name, the fullest first.

    A section counts by its largest share of a table: neither the archive nor one year hides the other's.
    """
    shares: dict[int | None, float] = {}
    titles: dict[int, str] = {}
    for rows in tables:
        sums: Counter[int | None] = Counter()
        for row in rows:
            sums[row["section_id"]] += row["articles"]
            if row["section"]:
                titles[row["section_id"]] = row["section"]
        for number, count in sums.items():
            shares[number] = max(shares.get(number, 0), count / sums.total())
    ranked = sorted(titles, key=lambda number: -shares[number])
    kept = ranked if len(ranked) == len(shares) <= _SECTIONS + 1 else ranked[:_SECTIONS]
    return {number: titles[number] for number in kept}


def timeline(rows: list[lookup.Row], named: dict[int, str]) -> Timeline:
    """Counts of periods and sections as a table: those of the named that it has, the rest together."""
    present = {row["section_id"] for row in rows}
    sections: list[tuple[int | None, str | None]] = [pair for pair in named.items() if pair[0] in present]
    places = {number: place for place, (number, _) in enumerate(sections)}
    if not present <= places.keys():
        sections.append((None, None))
    table: dict[str, list[int]] = {}
    for row in rows:
        counts = table.setdefault(row["period"], [0] * len(sections))
        counts[places.get(row["section_id"], len(sections) - 1)] += row["articles"]
    return Timeline(sections, list(table.items()))
