"""What most pages give alike, whatever made them: the head's fields, printed dates, tags, microdata."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from quynhon_crawler.extract import meta
from quynhon_crawler.extract.text import clean, fold
from quynhon_crawler.model import Section
from quynhon_crawler.portals.assemble import Parts
from quynhon_crawler.portals.breadcrumb import breadcrumb
from quynhon_crawler.portals.sheet import Sheet, holds, text_of

_TITLE_TAIL = re.compile(r"\s+[-–—|«»:]\s+[^-–—|«»]{3,80}$")
_DAY = re.compile(
    r"(?<![0-9/])[0-3]?[0-9][/.-][01]?[0-9][/.-](?:19|20)[0-9]{2}(?![0-9])|ngày [0-3]?[0-9] tháng [01]?[0-9]|"
    r"[0-3]?[0-9] tháng \w{1,4}(?: \w{3})?,? (?:19|20)[0-9]{2}|"
    r"tháng \w{1,4}(?: \w{3})? [0-3]?[0-9], (?:19|20)[0-9]{2}",
    re.I,
)


# A sentence of the text that tells of a day, and no date of publication.
_TOLD = re.compile(
    r"^(?:(?:vào )?(?:sáng|trưa|chiều|tối|đêm|ngày|từ ngày|trong)\b.*[\w)]{3}[.…]|.{30,}[.…])$", re.IGNORECASE
)


def parts(sheet: Sheet, title: LexborNode | None = None) -> Parts:
    """Parts filled from the head and from microdata; a profile then sets what it knows better.

    Order of belief: what is printed, microdata and ``<time>`` of the article, JSON-LD, Open Graph, Dublin
    Core.
    """
    head = sheet.head
    heading = text_of(title)
    ld = head.json_ld
    return Parts(
        title=heading
        or head.first("og:title", "dc.title", "twitter:title")
        or _ld_text(ld, "headline")
        or untailed(head.title),
        meta_dates=(
            head.first("article:published_time", "article:published"),
            _ld_text(ld, "datePublished"),
            _itemprop(sheet, "datePublished"),
            head.first("dc.date.issued", "dc.date.created", "dc.date", "dcterms.created", "date", "pubdate"),
        ),
        writers=(
            meta.author_name(ld),
            _itemprop(sheet, "author"),
            head.first("dc.creator", "article:author", "dcterms.creator"),
            head.metas.get("author"),
        ),
        sections=sections(sheet, heading),
        tags=tuple(dict.fromkeys(head.tags)),
        portal_names=(
            *(
                head.metas.get(name)
                for name in ("og:site_name", "copyright", "dc.publisher", "publisher", "generator")
            ),
            publisher(ld),
            _tail(head.title),
        ),
    )


def untailed(title: str | None) -> str | None:
    """``Tiêu đề`` of ``Tiêu đề - Cổng thông tin``."""
    return _TITLE_TAIL.sub("", title) or title if title else None


def _tail(title: str | None) -> str | None:
    match = _TITLE_TAIL.search(title) if title else None
    return match[0].strip(" -–—|«»:") if match else None


def sections(sheet: Sheet, title: str | None) -> tuple[Section, ...]:
    """The breadcrumb, else the one section that the head names."""
    found = breadcrumb(sheet, title)
    if found:
        return found
    named = sheet.head.metas.get("article:section") or _ld_text(sheet.head.json_ld, "articleSection")
    return (Section(named, None),) if named else ()


def _ld_text(ld: dict[str, object], key: str) -> str | None:
    value = ld.get(key)
    if isinstance(value, list) and value:
        value = value[0]
    return clean(value) or None if isinstance(value, str) else None


def publisher(ld: dict[str, object]) -> str | None:
    value = ld.get("publisher")
    name = value.get("name") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None


def _itemprop(sheet: Sheet, name: str) -> str | None:
    node = sheet.tree.css_first(f'[itemprop="{name}"]')
    if node is None:
        return None
    attributes = node.attributes
    return attributes.get("content") or attributes.get("datetime") or text_of(node)


def category(sheet: Sheet, selector: str) -> tuple[Section, ...]:
    """The first category link as the one section."""
    node = sheet.tree.css_first(selector)
    name = text_of(node)
    if node is None or not name:
        return ()
    return (Section(name, sheet.follow.join(node.attributes.get("href") or "")),)


def tags(sheet: Sheet, selector: str) -> tuple[str, ...]:
    """Texts of the tag links, each once, without the marks around them."""
    texts = ((text_of(node) or "").strip(" ,#;") for node in sheet.tree.css(selector))
    return tuple(dict.fromkeys(text for text in texts if text))


def date_near(title: LexborNode) -> str | None:
    """The first short text with a date after the title, or above it; None when there is none near.

    Printed dates stand in the heading, in a line under it, or in the block that holds both.
    """
    node: LexborNode | None = title
    for _ in range(4):
        if node is None or node.tag in ("body", "html"):
            return None
        for sibling in (*_following(node, 6), *_preceding(node, 3)):
            text = clean(sibling.text(deep=True)[:600])
            if len(text) <= 200 and (_DAY.search(text) or sibling.tag == "time") and not _TOLD.match(text):
                return text
            for inner in sibling.css("time,span,div,p,small,em,i,li")[:40]:
                text = clean(inner.text(deep=True)[:300])
                if len(text) <= 120 and _DAY.search(text) and not _TOLD.match(text):
                    return text
        node = node.parent
    return None


def lead_above(content: LexborNode, title: LexborNode) -> str | None:
    """The sentences between a title and the text, where nothing names them a lead."""
    found: str | None = None
    node = content.prev
    for _ in range(24):
        if node is None:
            return None
        if node.is_element_node:
            if node.mem_id == title.mem_id or holds(node, title):
                return found
            text = text_of(node)
            told = text and 60 <= len(text) <= 1200 and text.endswith((".", "!", "?", "…", "”", '"'))
            if told and found is None and node.css_first("a") is None:
                found = text
        node = node.prev
    return None


def _following(node: LexborNode, count: int) -> list[LexborNode]:
    found: list[LexborNode] = []
    after = node.next
    while after is not None and len(found) < count:
        if after.is_element_node:
            found.append(after)
        after = after.next
    return found


def _preceding(node: LexborNode, count: int) -> list[LexborNode]:
    found: list[LexborNode] = []
    before = node.prev
    while before is not None and len(found) < count:
        if before.is_element_node:
            found.append(before)
        before = before.prev
    return found


def repeats_title(sheet: Sheet, wanted: str | None) -> LexborNode | None:
    """The innermost element that says exactly the page's title and is no heading, link or crumb."""
    if not wanted or not 8 <= len(wanted) <= 300:
        return None
    folded = fold(wanted)
    for node in sheet.tree.css("div,span,td,p,b,strong,font,h3,h4")[:3_000]:
        text = node.text(deep=True)
        if len(wanted) <= len(text) <= len(wanted) + 60 and fold(clean(text)) == folded:
            inner = node.css_first("a,li")
            if inner is None:
                return node
    return None


def same_title(one: str | None, other: str | None) -> bool:
    return bool(one and other and fold(one) == fold(other))
