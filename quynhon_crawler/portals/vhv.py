"""VHV CMS (quynhon.binhdinh.gov.vn 2023-2025, gialai.gov.vn and ward portals since 2025).

Markup checked on pages of 2022-2026. The class ``article-content`` stands twice on an article page: the outer
one holds the title, the inner one the body.
"""

from __future__ import annotations

from itertools import islice

from selectolax.lexbor import LexborNode

from quynhon_crawler.extract import documents, meta
from quynhon_crawler.model import Article, Document, Reading
from quynhon_crawler.portals import usual, vhv_items, vhv_listing
from quynhon_crawler.portals.assemble import Parts, article
from quynhon_crawler.portals.breadcrumb import breadcrumb
from quynhon_crawler.portals.sheet import Sheet, holds, text_of

NAME = "vhv"
_MARKS = ("DC.Creator", "ModuleWrapper", "moduleRootId", "/publish/thumbnail/", "VHV.using", "VHV.load")
_TITLE = ("h1.article-title", "h1.title-detail", "h1.common-title-detail", ".title-detail")
_BODY = (
    "div.article-content.common-content",
    ".article-content.font-size-text",
    ".common-content",
    ".article-content",
)
_FILES = "a[download],.article-attach a[href],.attach-file a[href],.file-attach a[href],.article-file a[href]"
_PLAYER = "video,iframe[src*='youtube'],iframe[src*='video'],.video-detail,.article-video"


def claims(sheet: Sheet) -> bool:
    """A listing's answer, or two marks of the CMS in the markup."""
    if vhv_listing.is_fragment(sheet.page) or "new-detail-layout-type" in sheet.html:
        return True
    return len(list(islice((mark for mark in _MARKS if mark in sheet.html), 2))) == 2


def read(sheet: Sheet) -> Reading:
    """An article, a list, a legal document, the home page, or another page of the CMS."""
    if vhv_listing.is_fragment(sheet.page):
        listing, laws = vhv_items.fragment(sheet)
        return Reading(NAME, "listing", listing=listing, documents=laws, follow=sheet.follow.fetches())
    if sheet.is_home:
        return sheet.reading(NAME, "home")
    title = sheet.first(*_TITLE)
    if title is not None:
        # All is looked for inside the article's own module: related lists and side bars use the same classes.
        whole = _container(title)
        law = _law(title, whole, sheet)
        if law is not None:
            return sheet.reading(NAME, "document", documents=(law,))
        found = _article(sheet, title, whole)
        empty = not (found.body or found.images or found.attachments or found.lead)
        return sheet.reading(NAME, "article", article=found, problem="no text found" if empty else None)
    listed = vhv_items.listing(sheet)
    if listed is not None:
        return sheet.reading(NAME, "listing", listing=listed[0], documents=listed[1])
    return sheet.reading(NAME, "other")


def _article(sheet: Sheet, title: LexborNode, whole: LexborNode) -> Article:
    content = _content(title, whole)
    brief = whole.css_first(".article-brief") or whole.css_first(".common-brief")
    if brief is not None and content is not None and holds(content, brief):
        brief = None
    date = whole.css_first(".post-date") or whole.css_first(".article-date") or whole.css_first("time")
    metas = sheet.head.metas
    tags = (text_of(node) for node in whole.css(".article-tags a,.tags a.tag-news,a.tag-news"))
    player = whole.css_first(_PLAYER) is not None
    files = [(node.attributes.get("href") or "", text_of(node)) for node in whole.css(_FILES)]
    parts = Parts(
        title=text_of(title),
        lead=text_of(brief),
        printed_date=text_of(date),
        meta_dates=(metas.get("article:published_time"), metas.get("dc.date"), metas.get("dc.date.created")),
        writers=(
            text_of(whole.css_first(".artile-author,.article-author,.author-name")),
            metas.get("dc.creator"),
            meta.author_name(sheet.head.json_ld),
            metas.get("article:author"),
        ),
        sections=breadcrumb(sheet),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
        files=files,
        player=player,
        portal_names=(metas.get("author"), metas.get("copyright"), metas.get("og:site_name")),
    )
    if not any(parts.meta_dates):
        # The head has none of this system's own fields: then JSON-LD, microdata and the rest.
        parts.meta_dates = usual.parts(sheet, title).meta_dates
    parts.markup = sheet.markup_of(content) if content is not None else ""
    return article(sheet, parts)


def _content(title: LexborNode, whole: LexborNode) -> LexborNode | None:
    """The body: the element named so that does not hold the title as well."""
    return next((node for selector in _BODY for node in whole.css(selector) if not holds(node, title)), None)


def _law(title: LexborNode, whole: LexborNode, sheet: Sheet) -> Document | None:
    """A page that gives one legal document label by label, and no article's body with a text."""
    content = _content(title, whole)
    if content is not None and content.text(deep=True).strip():
        return None
    return documents.detail(whole, sheet.follow.join, sheet.url)


def _container(title: LexborNode) -> LexborNode:
    """The ``article`` element around the title, else its module, else three levels up."""
    node, levels, fallback = title.parent, 0, title
    while node is not None and levels < 12 and node.tag not in ("body", "html", None):
        if node.tag == "article" or "ModuleWrapper" in (node.attributes.get("class") or "").split():
            return node
        fallback = node if levels < 3 else fallback
        node, levels = node.parent, levels + 1
    return fallback
