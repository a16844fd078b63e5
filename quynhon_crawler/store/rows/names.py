"""Rows of what articles share: sections, authors, tags."""

from __future__ import annotations

from typing import Any

from quynhon_crawler.model import Author, Section, stable_id
from quynhon_crawler.urls import url_key

Row = dict[str, Any]


def section_rows(sections: tuple[Section, ...], *, portal_id: int) -> list[Row]:
    """The breadcrumb from the top down; a step that comes twice counts once."""
    rows: list[Row] = []
    for section in sections:
        parent = rows[-1]["id"] if rows else None
        place = url_key(section.url) if section.url else f"{parent}\n{section.title.casefold()}"
        number = stable_id(f"section\n{portal_id}\n{place}")
        if all(row["id"] != number for row in rows):
            row = {"id": number, "portal_id": portal_id, "title": section.title, "url": section.url}
            rows.append({**row, "parent_id": parent})
    return rows


def author_row(author: Author) -> Row:
    """A person of a unit is one author, however the two are written together; else the byline is the key."""
    key = f"{author.name}\n{author.unit_code or author.unit_name or ''}" if author.name else author.byline
    return {
        "id": stable_id(f"author\n{key.casefold()}"),
        "name": author.name,
        "unit_code": author.unit_code,
        "unit_name": author.unit_name,
        "byline": author.byline,
    }


def tag_row(name: str) -> Row:
    return {"id": stable_id(f"tag\n{name.casefold()}"), "name": name}
