"""What a body is made of, before any markup, and the plain text that a reader should get from it."""

from __future__ import annotations

from dataclasses import dataclass

from .photos import Paper, Photo


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. ``strong`` is a part of ``text`` set in bold; ``link`` is (part of text, href)."""

    text: str
    strong: str | None = None
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A line in bold between paragraphs. It is text of the body."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    photo: Photo


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of data: its text belongs to the body, row by row."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class File:
    """A paragraph that names a file (``before`` + link + ``.``); a viewer when the file has no title."""

    paper: Paper
    before: str = ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Text that no reader sees (``display:none``)."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty paragraph (``&nbsp;``), as editors leave them."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A picture that was lost: the CMS's placeholder stands in its place."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A film of another host in a frame."""

    address: str


Block = Paragraph | Heading | Bullets | Picture | Grid | File | Hidden | Gap | Missing | Clip


def plain_text(blocks: tuple[Block, ...]) -> str:
    """The body as contract.md wants it: paragraphs separated by a blank line, no captions, nothing hidden.

    A row of a table is a paragraph, its cells joined by `` | ``; an item of a list is a paragraph.
    """
    parts: list[str] = []
    for block in blocks:
        match block:
            case Paragraph(text=text) | Heading(text=text):
                parts.append(text)
            case Bullets(items=items):
                parts.extend(items)
            case Grid(rows=rows):
                parts.extend(" | ".join(row) for row in rows)
            case File(paper=paper, before=before) if paper.title:
                parts.append(f"{before}{paper.title}.")
            case _:
                pass
    return "\n\n".join(" ".join(part.split()) for part in parts)
