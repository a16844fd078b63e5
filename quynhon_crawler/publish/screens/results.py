"""``/tim?q=``: cards with the words marked, exact spelling first, and chips that narrow."""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import Response
from markupsafe import Markup, escape

from quynhon_crawler.publish import answer, lookup, narrow
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.short import lengthen, shorten
from quynhon_crawler.publish.site import Visit
from quynhon_crawler.store.misspelt import corrected
from quynhon_crawler.store.search import search
from quynhon_crawler.store.snippet import Segment
from quynhon_crawler.store.spellings import meant
from quynhon_crawler.store.words import only_unwanted

PAGE_SIZE = 20
# Past these nobody reads on, and nobody asks how many more there are.
_MOST = 1_000
_SECTIONS = 60
# Letters of a question.
_LONGEST = 200
# What the address calls each filter; ids travel as short addresses.
_NAMES = {"portal": "cong", "section": "muc", "year": "nam", "author": "tacgia", "kind": "loai"}
_IDS = ("portal", "section", "author")
_KINDS = ("article", "album", "video", "notice")


async def show(visit: Visit) -> Response:
    typed = visit.text("q", most=_LONGEST)
    filters, unknown = _filters(visit)
    if unknown:  # all results would look as if they were filtered
        return answer.redirect(_without(visit, unknown))
    page = visit.number("trang")
    if page > _MOST // PAGE_SIZE:
        return message.not_found(visit)

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        found = search(
            connection,
            typed,
            portal=int(filters["portal"]) if "portal" in filters else None,
            section=int(filters["section"]) if "section" in filters else None,
            author=int(filters["author"]) if "author" in filters else None,
            year=int(filters["year"]) if "year" in filters else None,
            kind=filters.get("kind"),
            limit=PAGE_SIZE,
            offset=(page - 1) * PAGE_SIZE,
            most=_MOST,
        )
        named = lookup.named(connection, typed) if page == 1 and not filters else lookup.Named()
        other = meant(connection, typed, found.total) if found.total < PAGE_SIZE and not filters else None
        if other is None and not filters and not named:
            other = corrected(connection, typed, found.total)
        return {
            "found": found,
            "named": named,
            "meant": other,
            "pictures": lookup.covers(connection, [hit.id for hit in found.hits]),
            "choices": narrow.choices(connection, typed, filters) if found.total else {},
            "documents": lookup.has_documents(connection),
            "sections": [] if found.total else lookup.sections(connection)[:_SECTIONS],
        }

    read_out = await visit.site.ask(read)
    found = read_out["found"]
    pages = max(1, -(-found.total // PAGE_SIZE))
    if page > pages:
        return message.not_found(visit)
    body = visit.render(
        "results.html",
        q=typed,
        cut=_LONGEST if len(str(visit.request.args.get("q") or "").strip()) > _LONGEST else 0,
        filters=filters,
        found=found,
        named=read_out["named"],
        meant=read_out["meant"],
        pictures=read_out["pictures"],
        sections=read_out["sections"],
        documents=read_out["documents"],
        only_unwanted=only_unwanted(typed),
        chips=_chips(visit, typed, filters, read_out["choices"]),
        page=page,
        pages=pages,
        address=lambda number: _address(visit, typed, filters, page=number),
        marked=marked,
    )
    return answer.page(visit.request, body)


def marked(segments: tuple[Segment, ...]) -> Markup:
    """Segments as HTML, the found ones in ``<mark>``."""
    escaped = ((escape(text), found) for text, found in segments)
    return Markup("".join(f"<mark>{text}</mark>" if found else text for text, found in escaped))  # noqa: S704


def _filters(visit: Visit) -> tuple[dict[str, str], list[str]]:
    """The filters that the address asks for, and what it calls those that cannot be meant."""
    filters: dict[str, str] = {}
    unknown: list[str] = []
    for name, called in _NAMES.items():
        value = asked = visit.text(called, most=20)
        if name in _IDS:
            number = lengthen(value)
            value = str(number) if number is not None else ""
        elif name == "year":
            value = value if len(value) == 4 and value.isascii() and value.isdigit() else ""
        elif value not in _KINDS:
            value = ""
        if value:
            filters[name] = value
        elif asked:
            unknown.append(called)
    return filters, unknown


def _without(visit: Visit, names: list[str]) -> str:
    """The address of this very search without some of its filters, from its first page."""
    asked = parse_qsl(visit.request.query_string, keep_blank_values=True)
    kept = [(name, value) for name, value in asked if name not in (*names, "trang")]
    return visit.link("/tim") + (f"?{urlencode(kept)}" if kept else "")


def _address(visit: Visit, typed: str, filters: dict[str, str], *, page: int = 1) -> str:
    """The address of a search."""
    query: dict[str, str | int] = {"q": typed}
    for name, value in filters.items():
        query[_NAMES[name]] = shorten(int(value)) if name in _IDS else value
    if page > 1:
        query["trang"] = page
    return visit.link("/tim?" + urlencode(query))


def _chips(
    visit: Visit, typed: str, filters: dict[str, str], choices: dict[str, list[narrow.Choice]]
) -> list[tuple[str, list[dict[str, Any]]]]:
    groups = []
    for name, values in choices.items():
        chips = []
        for choice in values:
            on = filters.get(name) == choice.value
            others = {key: value for key, value in filters.items() if key != name}
            chips.append(
                {
                    "label": visit.words(f"article.kind_{choice.label}") if name == "kind" else choice.label,
                    "count": choice.count,
                    "on": on,
                    "address": _address(visit, typed, others if on else {**others, name: choice.value}),
                }
            )
        groups.append((name, chips))
    return groups
