"""An HTML fragment walked into blocks: paragraphs, pictures, captions.

The walk keeps its own stack, so depth of markup costs no recursion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from quynhon_crawler.extract import tags
from quynhon_crawler.extract.blocks import Block, Fragment, Picture
from quynhon_crawler.extract.pictures import picture_of
from quynhon_crawler.extract.text import clean

#: In a ``style``: readers do not see the element.
HIDDEN = re.compile(
    r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|mso-hide\s{0,3}:\s{0,3}all", re.IGNORECASE
)
_ALIGN = re.compile(r"text-align\s{0,3}:\s{0,3}(center|right|left|justify)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s{0,3}:\s{0,3}italic", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s{0,3}:\s{0,3}(?:bold|[6-9]00)", re.IGNORECASE)
_CAPTION_CLASS = re.compile(
    r"caption|chu-?thich|image-?desc|img-?desc|photo-?desc|pic-?desc|media-?desc|anh-?chu", re.IGNORECASE
)
_PLAIN = frozenset(("br", "div", "p", "span", "tbody", "ul", "ol"))
# Between the words of one emphasis: not counted when telling whether all of a paragraph is emphasised.
_BLANK = " \u00a0\n\t\r.,;:"


@dataclass(slots=True)
class _State:
    """What holds inside an element."""

    align: str | None
    strong: bool
    slanted: bool
    caption: bool
    figure: int
    cell: tuple[int, int, int] | None
    link: str | None
    item: bool = False


class _Line:
    """The paragraph that is being gathered."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.strong = self.slanted = self.caption = self.linked = True
        self.pictures: list[Picture] = []
        self.words = False
        self.state: _State | None = None

    def add(self, text: str, state: _State) -> None:
        self.pieces.append(text)
        if text.strip(_BLANK):
            self.words = True
            self.strong &= state.strong
            self.slanted &= state.slanted
            self.caption &= state.caption
            if self.linked and state.link is None:
                # A date behind a link in a list of links is no text of its own.
                self.linked = not any(map(str.isalpha, text))
        if self.state is None and text.strip():
            self.state = state


def read(soup: BeautifulSoup | Tag) -> Fragment:
    """Blocks of a parsed fragment. Hidden elements, scripts, buttons and comments are left out."""
    walk = _Walk()
    for event, node in _events(soup, walk.enters):
        walk.step(event, node)
    walk.flush()
    return Fragment([block for block in walk.blocks if block.text or block.pictures], walk.links)


def _events(root: Tag, enters: Callable[[Tag], bool]) -> Iterator[tuple[str, Tag | NavigableString]]:
    """``in`` and ``out`` of every element that is entered, ``text`` of every string; no recursion."""
    stack: list[tuple[Tag, Iterator[object]]] = [(root, iter(root.contents))]
    while stack:
        element, children = stack[-1]
        for child in children:
            if isinstance(child, Tag):
                if enters(child):
                    yield "in", child
                    stack.append((child, iter(child.contents)))
                    break
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                yield "text", child
        else:
            stack.pop()
            if stack:
                yield "out", element


class _Walk:
    """Turns the events of one fragment into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.links: list[tuple[str, str, bool]] = []
        self.line = _Line()
        self.states = [_State(None, False, False, False, 0, None, None)]
        self.figures = 0
        self.tables = 0
        self.table_stack: list[list[int]] = []
        self.breaks = 0

    def enters(self, tag: Tag) -> bool:
        name = tag.name
        if name in tags.DROPPED or "hidden" in tag.attrs:
            return False
        style = tag.attrs.get("style")
        return not (style and HIDDEN.search(str(style)))

    def step(self, event: str, node: Tag | NavigableString) -> None:
        if event == "text":
            self._text(str(node))
        elif isinstance(node, Tag):
            if event == "in":
                self._enter(node)
            else:
                self._leave(node)

    def _text(self, text: str) -> None:
        if text.strip():
            self.breaks = 0
        self.line.add(text.replace("\n", " ").replace("\r", " "), self.states[-1])

    def _enter(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self._break()
        elif name == "img":
            self._picture(tag)
        elif name in tags.PLAYERS:
            source = tag.attrs.get("src") or tag.attrs.get("data")
            if source:
                self.links.append((str(source), "", False))
        if name in tags.BLOCKS:
            self.flush()
        self.states.append(self._state(tag))

    def _leave(self, tag: Tag) -> None:
        name = tag.name
        if name in tags.BLOCKS:
            self.flush()
        if name == "table" and self.table_stack:
            self.table_stack.pop()
        if name == "a":
            href = tag.attrs.get("href")
            if href:
                self.links.append((str(href), clean(tag.get_text(" ")), "download" in tag.attrs))
        self.states.pop()

    def _break(self) -> None:
        self.breaks += 1
        if self.breaks >= 2 or (self.line.pictures and not self.line.words):
            self.flush()
        else:
            self.line.pieces.append("\n")

    def _state(self, tag: Tag) -> _State:
        outer = self.states[-1]
        name, attributes = tag.name, tag.attrs
        if not attributes and name in _PLAIN:
            return outer
        align = str(attributes.get("align") or "").lower() or None
        slanted = outer.slanted or name in tags.SLANTED
        strong = outer.strong or name in tags.STRONG
        caption = outer.caption or name in ("figcaption", "caption")
        style = attributes.get("style")
        if style:
            style = str(style)[:2000]
            match = _ALIGN.search(style)
            align = match[1].lower() if match else align
            slanted = slanted or bool(_ITALIC.search(style))
            strong = strong or bool(_BOLD.search(style))
        classes = attributes.get("class")
        if classes:
            joined = " ".join(classes) if isinstance(classes, list) else str(classes)
            if _CAPTION_CLASS.search(joined) and name != "table" and not _holds_picture(tag):
                caption = True
            if "text-center" in joined:
                align = "center"
            elif "text-right" in joined:
                align = "right"
        if name == "center":
            align = "center"
        figure, cell = outer.figure, outer.cell
        if name == "figure":
            self.figures += 1
            figure = self.figures
        elif name == "table":
            self.tables += 1
            self.table_stack.append([self.tables, 0, 0])
        elif name == "tr" and self.table_stack:
            self.table_stack[-1][1] += 1
            self.table_stack[-1][2] = 0
        elif name in ("td", "th") and self.table_stack:
            self.table_stack[-1][2] += 1
            table, row, column = self.table_stack[-1]
            cell = (table, row, column)
        link = str(attributes.get("href") or "") if name == "a" else outer.link
        item = outer.item or name == "li"
        return _State(align or outer.align, strong, slanted, caption, figure, cell, link, item)

    def _picture(self, tag: Tag) -> None:
        picture = picture_of({key: str(value) for key, value in tag.attrs.items()})
        if picture is None:
            return
        self.breaks = 0
        picture.link = self.states[-1].link
        if self.line.words:
            # Text before a picture in one paragraph is a block of its own: it may be the paragraph's text.
            self.flush()
        self.line.pictures.append(picture)
        self.line.state = self.line.state or self.states[-1]

    def flush(self) -> None:
        line, self.line = self.line, _Line()
        self.breaks = 0
        text = "\n".join(part for raw in "".join(line.pieces).split("\n") if (part := clean(raw)))
        if not text and not line.pictures:
            return
        state = line.state or self.states[-1]
        self.blocks.append(
            Block(
                text=text,
                pictures=line.pictures,
                align=state.align,
                strong=line.words and line.strong,
                slanted=line.words and line.slanted,
                linked=line.words and line.linked,
                caption=line.words and line.caption,
                item=state.item,
                figure=state.figure,
                cell=state.cell,
            )
        )


def _holds_picture(tag: Tag) -> bool:
    """A frame around picture and caption, and no caption itself. Only the near ones are looked at: linear."""
    return any(isinstance(inner, Tag) and inner.name == "img" for inner in islice(tag.descendants, 100))
