"""The blocks of an article put in their places: lead, paragraphs, byline, pictures."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._lxml import LXMLTreeBuilder

from quynhon_crawler.extract import captions, foot, images, walk
from quynhon_crawler.extract.blocks import Block, Picture
from quynhon_crawler.extract.bylines import Byline
from quynhon_crawler.extract.text import clean

_RELATED = re.compile(
    r"^(?:(?:các )?(?:tin|bài)(?: viết)?(?:,? bài)?|xem|đọc)\s(?:bài )?"
    r"(?:liên quan|khác|thêm|cùng chủ đề)\W{0,3}$",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"^(?:tin liên quan|các tin khác|tin khác|bài viết khác|chia sẻ|in trang|"
    r"in bài viết|gửi email|đánh giá bài viết|"
    r"lượt xem:? ?\d*|quay lại|về trang trước|xem thêm|tags?|từ khóa):?$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Body:
    """``lead`` is filled only when the fragment itself begins with one (bold first paragraph): whole, where
    the page cuts it short elsewhere."""

    paragraphs: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    byline: Byline | None = None
    lead: str | None = None
    links: list[tuple[str, str, bool]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


class _Builder(LXMLTreeBuilder):
    """bs4's lxml builder without XML namespaces, which HTML has none of: a fifth of its time."""

    def start(self, tag: Any, attrs: Any, nsmap: Any = None) -> None:
        assert self.soup is not None
        self.soup.handle_starttag(tag, None, None, dict(attrs), namespaces={})

    def end(self, tag: Any) -> None:
        assert self.soup is not None
        self.soup.handle_endtag(tag)


# lxml asks for it whenever a parser is made; worked out anew it takes longer than a short paragraph.
setattr(_Builder.start, "__signature__", inspect.signature(_Builder.start))  # noqa: B010


def soup_of(markup: str) -> BeautifulSoup:
    """A fragment parsed. It comes from lexbor and is sound, so that lxml, the fastest, keeps its tree."""
    return (
        BeautifulSoup(markup, builder=_Builder, multi_valued_attributes=None)
        if markup
        else BeautifulSoup("", "html.parser")
    )


def read(
    soup: BeautifulSoup,
    *,
    lead: str | None = None,
    find_lead: bool = False,
    above: tuple[str | None, ...] = (),
) -> Body:
    """Body of a parsed article fragment.

    ``lead`` is the one found elsewhere on the page: a first paragraph that repeats it is left out.
    ``find_lead`` allows a bold first paragraph to be the lead. ``above`` are title and printed date: lines at
    the beginning that only repeat them are left out.
    """
    fragment = walk.read(soup)
    found = Body(links=fragment.links)
    lines = captions.bind(_without_codes(fragment.blocks))
    found.pictures = [picture for block in lines for picture in block.pictures]
    texts = [block for block in lines if block.text]
    _drop_related(texts)
    while texts and _FURNITURE.match(texts[-1].text):
        texts.pop()
    found.byline = foot.take_byline(texts)
    known = {clean(text) for text in above if text}
    while len(texts) > 1 and clean(texts[0].text) in known:
        texts.pop(0)
    if texts and lead and _same(texts[0].text, lead):
        texts.pop(0)
    elif len(texts) > 1 and texts[0].strong and _is_lead(texts, lead, find_lead=find_lead):
        found.lead = " ".join(texts.pop(0).text.split())
    found.paragraphs = _paragraphs(texts)
    return found


def _same(one: str, other: str) -> bool:
    return clean(one) == clean(other)


def _is_lead(texts: list[Block], lead: str | None, *, find_lead: bool) -> bool:
    """A bold first paragraph: where no lead is known, or where the known one is its beginning, cut short."""
    first = texts[0].text
    if not lead:
        return find_lead and len(first) > 40 and not texts[1].strong
    kept = clean(lead).rstrip(".…")
    return len(kept) > 30 and kept != clean(lead) and clean(first).startswith(kept)


def _drop_related(texts: list[Block]) -> None:
    """Links to other articles at the end, under a heading of their own: furniture that editors paste."""
    end = len(texts)
    while end and (texts[end - 1].linked or _FURNITURE.match(texts[end - 1].text)):
        end -= 1
        if _RELATED.match(texts[end].text):
            del texts[end:]
    if 0 < end < len(texts) and _RELATED.match(texts[end - 1].text):
        del texts[end - 1 :]


def _without_codes(lines: list[Block]) -> list[Block]:
    """A line that is nothing but an image code names the picture beside it, and is not read."""
    kept: list[Block] = []
    for index, block in enumerate(lines):
        code = None if " " in block.text or block.pictures else images.image_code(block.text)
        if code is None or code.code != block.text:
            kept.append(block)
            continue
        neighbours = [*reversed(lines[max(0, index - 2) : index]), *lines[index + 1 : index + 2]]
        for neighbour in neighbours:
            if neighbour.pictures:
                picture = neighbour.pictures[0]
                picture.title = picture.title or code.code
                break
    return kept


def _paragraphs(texts: list[Block]) -> list[str]:
    """Paragraphs in order; the cells of a table row share one."""
    result: list[str] = []
    index = 0
    while index < len(texts):
        block = texts[index]
        if block.cell is None:
            result.append(block.text)
            index += 1
            continue
        table = block.cell[0]
        end = index
        while end < len(texts) and (cell := texts[end].cell) is not None and cell[0] == table:
            end += 1
        result.extend(_table(texts[index:end]))
        index = end
    return result


def _table(cells: list[Block]) -> list[str]:
    """Each row a paragraph, its cells apart by " | "; one column only lays out paragraphs."""
    rows: dict[int, dict[int, list[str]]] = {}
    for block in cells:
        if block.cell is not None:
            columns = rows.setdefault(block.cell[1], {})
            columns.setdefault(block.cell[2], []).append(" ".join(block.text.split()))
    if all(len(columns) == 1 for columns in rows.values()):
        return [block.text for block in cells]
    return [" | ".join(" ".join(cell) for cell in columns.values()) for columns in rows.values()]
