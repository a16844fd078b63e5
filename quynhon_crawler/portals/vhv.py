"""VHV CMS (quynhon.binhdinh.gov.vn 2023-2025, gialai.gov.vn and ward portals since 2025): pages and lists.

Markup checked on pages of 2022-2026. The class ``article-content`` stands twice on an article page: the outer
one holds the title, the inner one the body.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from quynhon_crawler.extract import dates, images
from quynhon_crawler.extract.text import clean
from quynhon_crawler.model import Article, ArticleKind, Listing, ListingItem, Reading, Section
from quynhon_crawler.portals import vhv_listing
from quynhon_crawler.portals.assemble import Parts, article
from quynhon_crawler.portals.sheet import Sheet, markup_of, text_of

NAME = "vhv"
_MARKS = ("ModuleWrapper", "moduleRootId", "VHV.using", "VHV.load", "/publish/thumbnail/")
_BODY = (
    "div.article-content.common-content",
    ".article-content.font-size-text",
    ".common-content",
    ".article-detail-content",
    ".article-content",
)
_SIDE = (
    ".frame-tinlquan,.col-right,.article-related,.article-tags,.article-brief,.common-brief,.article-title,h1,header,"
    ".post-date,.share,.social,.breadcrumb,.article-author-hidden"
)


def claims(sheet: Sheet) -> bool:
    """Two marks of the CMS in the markup."""
    return sum(mark in sheet.html for mark in _MARKS) >= 2 or "new-detail-layout-type" in sheet.html


def read(sheet: Sheet) -> Reading:
    """An article, a list, the home page, or another page of the CMS."""
    if vhv_listing.is_fragment(sheet.page):
        return read_fragment(sheet)
    if sheet.is_home:
        return Reading(NAME, "home", follow=sheet.follow.fetches(), portal_name=sheet.head.portal_name)
    found = _article(sheet)
    if found is not None:
        kind_problem = (
            None if found.body or found.images or found.attachments or found.lead else "no text found"
        )
        return Reading(
            NAME,
            "article",
            article=found,
            follow=sheet.follow.fetches(),
            portal_name=sheet.head.portal_name,
            problem=sheet.tamed or kind_problem,
        )
    listing = _listing(sheet)
    return Reading(
        NAME,
        "listing" if listing else "other",
        listing=listing,
        follow=sheet.follow.fetches(),
        portal_name=sheet.head.portal_name,
        problem=sheet.tamed,
    )


def _article(sheet: Sheet) -> Article | None:
    title = sheet.first("h1.article-title", "h1.title-detail", "h1.common-title-detail", ".title-detail")
    if title is None:
        return None
    # Everything is looked for inside the article's own module: related lists and side bars use the same classes.
    whole = _container(title)
    content = next(
        (node for selector in _BODY for node in whole.css(selector) if not _holds(node, title)), None
    )
    brief = whole.css_first(".article-brief") or whole.css_first(".common-brief")
    files = [
        (href, text_of(node))
        for node in whole.css("a[download],.article-attach a,.attach-file a,.file-attach a")
        if (href := node.attributes.get("href"))
    ]
    viewers = [
        (source, None)
        for node in whole.css("iframe[src]")
        if (source := node.attributes.get("src")) and "file=" in source
    ]
    date = whole.css_first(".post-date") or whole.css_first(".article-date") or whole.css_first("time")
    parts = Parts(
        title=text_of(title),
        lead=text_of(brief)
        if brief is not None and not (content is not None and _holds(content, brief))
        else None,
        printed_date=text_of(date),
        meta_dates=(
            sheet.head.metas.get("article:published_time"),
            sheet.head.first("dc.date", "dc.date.created", "dc.date.issued"),
        ),
        writers=(
            text_of(whole.css_first(".artile-author,.article-author,.author-name")),
            sheet.head.metas.get("dc.creator"),
        ),
        sections=breadcrumb(sheet),
        tags=tuple(
            dict.fromkeys(
                tag
                for node in whole.css(".article-tags a,.tags a.tag-news,a.tag-news")
                if (tag := text_of(node))
            )
        ),
        files=[*files, *viewers],
        kind=_kind(whole),
        portal_names=(
            sheet.head.metas.get("author"),
            sheet.head.metas.get("copyright"),
            sheet.head.metas.get("og:site_name"),
        ),
    )
    parts.markup = markup_of(content) if content is not None else ""
    return article(sheet, parts)


def _container(title: LexborNode) -> LexborNode:
    """The ``article`` element around the title, else its module, else three levels up."""
    node, levels = title.parent, 0
    fallback = title
    while node is not None and levels < 12 and node.tag not in ("body", "html", None):
        classes = (node.attributes.get("class") or "").split()
        if node.tag == "article" or "ModuleWrapper" in classes:
            return node
        fallback = node if levels < 3 else fallback
        node, levels = node.parent, levels + 1
    return fallback


def _holds(outer: LexborNode, inner: LexborNode) -> bool:
    """``inner`` stands somewhere inside ``outer``."""
    node = inner.parent
    for _ in range(60):
        if node is None:
            return False
        if node.mem_id == outer.mem_id:
            return True
        node = node.parent
    return False


def _kind(whole: LexborNode) -> ArticleKind:
    if whole.css_first("video,iframe[src*='youtube'],.video-detail,.article-video") is not None:
        return "video"
    if whole.css_first(".album-detail,.photo-detail,.article-album,.gallery-detail") is not None:
        return "album"
    return "article"


def breadcrumb(sheet: Sheet) -> tuple[Section, ...]:
    """Sections from the top down. Home, marked ``first-item`` or linked to the root, is left out, and so is a
    last step that repeats the title."""
    steps: list[Section] = []
    title = sheet.text("h1")
    crumbs = sheet.first("ol.breadcrumb,ul.breadcrumb", ".breadcrumb")
    if crumbs is None:
        return ()
    for item in crumbs.css("li") or crumbs.css("a"):
        anchor = item if item.tag == "a" else item.css_first("a[href]")
        name = text_of(item)
        url = sheet.follow.join(anchor.attributes.get("href") or "") if anchor is not None else None
        if not name or "first-item" in (item.attributes.get("class") or "") or name == title:
            continue
        if name.lower() in ("trang chủ", "home", "trang nhất") or (url and url.rstrip("/").count("/") == 2):
            continue
        if url is None and anchor is None and "last-item" in (item.attributes.get("class") or ""):
            url = sheet.url if title is None else None
        steps.append(Section(name.strip("»›/> "), url))
    return tuple(steps)


def items(root: LexborNode, sheet: Sheet) -> tuple[ListingItem, ...]:
    """The ``article`` items of one list, each address once."""
    found: dict[str, ListingItem] = {}
    for node in root.css(".article-news,.article-item,.news-item") or root.css("article"):
        anchor = node.css_first(
            "a.article-title,.article-title a,.common-title a,a.common-title"
        ) or node.css_first("h2 a,h3 a,h4 a,a[title]")
        href = anchor.attributes.get("href") if anchor is not None else None
        url = sheet.follow.join(href) if href else None
        if url is None or anchor is None or url in found:
            continue
        picture = node.css_first("img")
        source = images.source(picture.attributes) if picture is not None else None
        shown = sheet.follow.join(source) if source else None
        author = text_of(node.css_first(".artile-author,.article-author"))
        found[url] = ListingItem(
            url=url,
            title=text_of(anchor) or clean(anchor.attributes.get("title") or "") or None,
            author=author,
            published_on=dates.printed_day(text_of(node.css_first(".article-date,.post-date"))).value,
            lead=text_of(node.css_first(".article-brief,.common-brief")),
            image_url=images.full_size(shown) if shown else None,
        )
    return tuple(found.values())


def _listing(sheet: Sheet) -> Listing | None:
    call = vhv_listing.main_list(sheet.html)
    if call is None:
        return None
    root = sheet.first(f'[id="module{call.module_id}"]') if call.module_id.isdigit() else None
    shown = items(root, sheet) if root is not None else ()
    if not shown and sheet.tree.body is not None:
        for side in sheet.tree.css(".col-right,.frame-tinlquan"):
            side.decompose()
        shown = items(sheet.tree.body, sheet)
    # Links were not collected yet when the side bar went: ``follow`` is made before.
    site = vhv_listing.site_of(sheet.html)
    section = sheet.url
    if site is not None and call.module_id:
        sheet.follow.extend_posts(vhv_listing.questions(call, sheet.page, section, site, len(shown)))
    return Listing(
        url=section,
        list_id=call.module_id,
        page_no=1,
        items=shown,
        total_items=call.total,
        items_per_page=call.per_page,
        title=sheet.text("h1")
        or (breadcrumb(sheet)[-1].title if breadcrumb(sheet) else None)
        or sheet.head.title,
    )


def read_fragment(sheet: Sheet) -> Reading:
    """The answer to a listing's POST: items alone, without a page around them."""
    question = vhv_listing.asked(sheet.page)
    body = sheet.tree.body
    found = items(body, sheet) if body is not None else ()
    sheet.follow.extend_posts(vhv_listing.next_question(question, sheet.page, len(found)))
    listing = Listing(
        url=question.section_url,
        list_id=question.call.module_id,
        page_no=question.page_no,
        items=found,
        total_items=question.total,
        items_per_page=question.per_page,
    )
    return Reading(NAME, "listing", listing=listing, follow=sheet.follow.fetches())
