"""VHV CMS: what a list shows, on its page and in the fragments that its pager brings."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from quynhon_crawler.extract import dates, documents, images
from quynhon_crawler.extract.text import clean
from quynhon_crawler.model import Document, Listing, ListingItem
from quynhon_crawler.portals import vhv_listing
from quynhon_crawler.portals.breadcrumb import breadcrumb
from quynhon_crawler.portals.sheet import Sheet, text_of

#: The CMS gives at most 100 a page.
_MOST = 1_000
_SIDE = ".col-right,.frame-tinlquan"


def articles(root: LexborNode, sheet: Sheet) -> tuple[ListingItem, ...]:
    """The ``article`` items of one list, each address once."""
    found: dict[str, ListingItem] = {}
    for node in (root.css(".article-news,.article-item,.news-item") or root.css("article"))[:_MOST]:
        anchor = node.css_first("a.article-title,.article-title a,.common-title a,a.common-title")
        anchor = anchor or node.css_first("h2 a,h3 a,h4 a,a[title]")
        href = anchor.attributes.get("href") if anchor is not None else None
        url = sheet.follow.join(href) if href else None
        if url is None or anchor is None or url in found:
            continue
        picture = node.css_first("img")
        source = images.source(picture.attributes) if picture is not None else None
        shown = sheet.follow.join(source) if source else None
        found[url] = ListingItem(
            url=url,
            title=text_of(anchor) or clean(anchor.attributes.get("title") or "") or None,
            author=text_of(node.css_first(".artile-author,.article-author")),
            published_on=dates.printed_day(text_of(node.css_first(".article-date,.post-date"))).value,
            lead=text_of(node.css_first(".article-brief,.common-brief")),
            image_url=images.full_size(shown) if shown else None,
        )
    return tuple(found.values())


def _laws(root: LexborNode, sheet: Sheet) -> tuple[tuple[Document, ...], tuple[ListingItem, ...]]:
    """The rows of a list of legal documents, as documents and as items of the list."""
    found = documents.rows(root, sheet.follow.join)
    items = tuple(
        ListingItem(url=law.url, title=law.number, published_on=law.issued_on, lead=law.abstract)
        for law in found
    )
    return found, items


def listing(sheet: Sheet) -> tuple[Listing, tuple[Document, ...]] | None:
    """The main list of a page and the documents in it; None when the page has no list with a pager.

    ``sheet.follow`` gets the POSTs that bring the rest.
    """
    call = vhv_listing.main_list(sheet.html)
    if call is None:
        return None
    root = sheet.first(f'[id="module{call.module_id}"]') if call.module_id.isdigit() else None
    items = articles(root, sheet) if root is not None else ()
    laws: tuple[Document, ...] = ()
    if root is not None and not items:
        laws, items = _laws(root, sheet)
    if not items and sheet.tree.body is not None:
        _ = sheet.follow  # made before the side bar goes, so that its links are in it
        for side in sheet.tree.css(_SIDE):
            side.decompose()
        items = articles(sheet.tree.body, sheet)
    site = vhv_listing.site_of(sheet.html)
    if site is not None and call.module_id:
        sheet.follow.extend_posts(vhv_listing.questions(call, sheet.page, sheet.url, site, len(items)))
    steps = breadcrumb(sheet, title="")
    title = sheet.text("h1") or (steps[-1].title if steps else None) or sheet.head.title
    return Listing(
        url=sheet.url,
        list_id=call.module_id,
        page_no=1,
        items=items,
        total_items=call.total,
        items_per_page=call.per_page,
        title=title,
    ), laws


def fragment(sheet: Sheet) -> tuple[Listing, tuple[Document, ...]]:
    """The answer to a list's POST: items alone, without a page around them."""
    question = vhv_listing.asked(sheet.page)
    body = sheet.tree.body
    items: tuple[ListingItem, ...] = ()
    laws: tuple[Document, ...] = ()
    if body is not None:
        items = articles(body, sheet)
    if not items and "<tr" in sheet.html:
        # Rows without their table: a parser drops them unless they stand in one.
        bare = "<table" not in sheet.html
        tree = LexborHTMLParser(f"<table>{sheet.html}</table>") if bare else sheet.tree
        if tree.body is not None:
            laws, items = _laws(tree.body, sheet)
            for law in laws if bare else ():
                sheet.follow.add(law.url, "page")
                sheet.follow.add(law.attachment_url, "attachment")
    sheet.follow.extend_posts(vhv_listing.next_question(question, sheet.page, len(items)))
    return Listing(
        url=question.section_url,
        list_id=question.call.module_id,
        page_no=question.page_no,
        items=items,
        total_items=question.total,
        items_per_page=question.per_page,
    ), laws
