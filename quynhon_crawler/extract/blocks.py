"""What an HTML fragment comes to: a flat list of blocks, in the order a reader sees them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Picture:
    """An ``<img>`` of the fragment: ``reference`` as the page gives it."""

    reference: str
    alt: str | None
    title: str | None
    width: int | None
    height: int | None
    caption: str | None = None
    link: str | None = None


@dataclass(slots=True)
class Block:
    """One paragraph's worth. ``strong``, ``slanted`` and ``linked`` hold when all of its words are so;
    ``item`` inside a list."""

    text: str = ""
    pictures: list[Picture] = field(default_factory=list)
    align: str | None = None
    strong: bool = False
    slanted: bool = False
    linked: bool = False
    item: bool = False
    caption: bool = False
    figure: int = 0
    cell: tuple[int, int, int] | None = None


@dataclass(slots=True)
class Fragment:
    """``links`` are the references of anchors, players and viewers in order, with the anchors' texts; the
    flag tells a link that says ``download``."""

    blocks: list[Block]
    links: list[tuple[str, str, bool]]
