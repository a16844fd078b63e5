"""ASP.NET portals: WebForms and DotNetNuke, such as the city's portal of about 2019.

Their exact markup is not known. What is known is how such portals name things: ids like
``dnn_ctr541_ViewDetail_lblTitle`` and classes like ``ArticleContent`` end in Title, Date, Summary, Sapo,
Body, Content and the Vietnamese words for them. So the reader leans on these endings and on structure.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from quynhon_crawler.extract import documents
from quynhon_crawler.model import Reading
from quynhon_crawler.portals import lists, usual
from quynhon_crawler.portals.assemble import article
from quynhon_crawler.portals.sheet import Sheet, holds, text_of

NAME = "aspnet"
_TITLE = re.compile(
    r"(?:title|tieude(?:tin|bai)?|headline|heading|tieu_de|tentin|tenbai(?:viet)?)$", re.IGNORECASE
)
_NOT_TITLE = re.compile(
    r"(?:module|site|page|block|box|menu|container|dnn|panel|portal|widget|sub|other|section|cate?gory|related)[_-]?title$|^title[_-]?(?:module|box)",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:date|ngay(?:dang|tao|xb|thang|gio)?|time|posted|thoigian|dateline|created)$", re.IGNORECASE
)
_LEAD = re.compile(
    r"(?:summary|sapo|sub_?title|lead|intro|description|desc|tomtat|trichdan|mota|abstract|brief|chapeau)$",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"(?:body|content|contents|noidung(?:tin|bai(?:viet)?)?|detail|details|chitiet|fulltext|text|rtestate-field|richhtmlfield|htmlfield|htmlcontent|article)$",
    re.IGNORECASE,
)
_WRITER = re.compile(r"(?:author|tacgia|writer|nguoidang|byline|butdanh)$", re.IGNORECASE)
_SOURCE = re.compile(r"(?:source|nguon|nguontin)$", re.IGNORECASE)
_OUTER = frozenset(("html", "body", "form", "main"))
_NUMBERED = re.compile(r"[_-]?[0-9]+$")


def claims(sheet: Sheet) -> bool:
    """View state, DotNetNuke's marks, or the generator."""
    html = sheet.html
    return (
        "__VIEWSTATE" in html
        or "dnn_" in html
        or "DotNetNuke" in html
        or "asp.net" in sheet.head.metas.get("generator", "").lower()
    )


def read(sheet: Sheet) -> Reading:
    """An article, a legal document or a list of them, the home page, or another page."""
    if sheet.is_home:
        return sheet.reading(NAME, "home")
    body = sheet.tree.body
    if body is None:
        return sheet.reading(NAME, "other")
    named = _named(body)
    title = _title(sheet, named)
    content = _content(named, title)
    if title is not None and content is not None:
        return _article(sheet, named, title, content)
    law = documents.detail(body, sheet.follow.join, sheet.url)
    if law is not None:
        return sheet.reading(NAME, "document", documents=(law,))
    laws = documents.rows(body, sheet.follow.join)
    blocks = sheet.tree.css("[class*='item'],[class*='Item'],[class*='news'] li,[class*='News'] li,tr")
    anchors = "a[id$='Title'],a[class*='itle'],a[id$='lnkTitle'],h2 a[href],h3 a[href],h4 a[href]"
    listed = lists.listing(sheet, lists.items(sheet, blocks, anchors), sheet.text("h1")) if not laws else None
    return sheet.reading(NAME, "listing" if listed or laws else "other", listing=listed, documents=laws)


def _named(body: LexborNode) -> list[tuple[list[str], LexborNode]]:
    """Elements with the last parts of their ids and classes, in document order."""
    found: list[tuple[list[str], LexborNode]] = []
    for node in body.css("[id],[class],[itemprop]"):
        attributes = node.attributes
        names = [_NUMBERED.sub("", name) for name in (attributes.get("class") or "").split()]
        identity = attributes.get("id")
        if identity:
            names.append(_NUMBERED.sub("", identity))
        if names and node.tag not in _OUTER:
            found.append((names, node))
    return found


def _matching(named: list[tuple[list[str], LexborNode]], pattern: re.Pattern[str]) -> list[LexborNode]:
    return [node for names, node in named if any(pattern.search(name) for name in names)]


def _title(sheet: Sheet, named: list[tuple[list[str], LexborNode]]) -> LexborNode | None:
    """An element named a title that repeats the page's title, else the first one, else the h1."""
    wanted = usual.untailed(sheet.head.first("og:title") or sheet.head.title)
    candidates = [
        node
        for names, node in named
        if any(_TITLE.search(name) and not _NOT_TITLE.search(name) for name in names)
        and node.tag not in ("a", "ul", "li", "table", "input", "title", "header")
        and (text := text_of(node))
        and 8 <= len(text) <= 300
    ]
    candidates += [node for node in sheet.tree.css("h1,h2") if 8 <= len(text_of(node) or "") <= 300]
    exact = next((node for node in candidates if usual.same_title(text_of(node), wanted)), None)
    return exact or usual.repeats_title(sheet, wanted) or next(iter(candidates), None)


def _content(named: list[tuple[list[str], LexborNode]], title: LexborNode | None) -> LexborNode | None:
    """The innermost element named a body that has nearly all the words of the largest without the title."""
    if title is None:
        return None
    order = {node.mem_id: index for index, (_, node) in enumerate(named)}
    sized = []
    for node in _matching(named, _BODY):
        if node.tag in ("a", "span", "input", "h1", "h2", "h3", "label") and len(node.css("p,div,br")) < 2:
            continue
        if node.mem_id == title.mem_id or holds(node, title):
            continue
        words = len((node.text(deep=True) or "").split())
        linked = sum(len((anchor.text(deep=True) or "").split()) for anchor in node.css("a"))
        if words >= 20 and linked * 2 < words:
            sized.append((words, order[node.mem_id], node))
    if not sized:
        return None
    most = max(words for words, _, _ in sized)
    near = [entry for entry in sized if entry[0] >= 0.8 * most]
    return max(near, key=lambda entry: entry[1])[2]


def _article(
    sheet: Sheet, named: list[tuple[list[str], LexborNode]], title: LexborNode, content: LexborNode
) -> Reading:
    parts = usual.parts(sheet, title)

    def text_of_first(pattern: re.Pattern[str], longest: int) -> str | None:
        for node in _matching(named, pattern):
            text = text_of(node)
            if not text or len(text) > longest or node.mem_id == content.mem_id:
                continue
            if not (holds(content, node) or holds(node, title) or holds(node, content)):
                return text
        return None

    parts.lead = text_of_first(_LEAD, 2000)
    parts.printed_date = text_of_first(_DATE, 120) or usual.date_near(title)
    parts.writers = (text_of_first(_WRITER, 120), *parts.writers)
    parts.source = text_of_first(_SOURCE, 120)
    for node in _matching(named, _LEAD):
        if holds(content, node) and parts.lead is None:
            parts.lead = text_of(node)
            node.decompose()
            break
    parts.lead = parts.lead or usual.lead_above(content, title)
    parts.tags = usual.tags(sheet, "[id*='Tags'] a,[class*='tags'] a,[class*='Tags'] a") or parts.tags
    parts.files = [
        (node.attributes.get("href") or "", text_of(node))
        for node in sheet.tree.css(
            "[id*='ttach'] a[href],[class*='ttach'] a[href],[id*='dinhkem'] a[href],a[download]"
        )
    ]
    parts.player = content.css_first("video,iframe[src*='youtube'],object,embed") is not None
    parts.markup = sheet.markup_of(content)
    return sheet.reading(NAME, "article", article=article(sheet, parts))
