"""Lists of articles on portals whose pager is made of links."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from quynhon_crawler.extract import attachments, dates, images
from quynhon_crawler.extract.text import clean
from quynhon_crawler.model import Listing, ListingItem
from quynhon_crawler.portals.sheet import Sheet, text_of
from quynhon_crawler.urls import canonical, host_of

# /page-2/ of NukeViet, /page/2/ of WordPress, ?page=2 and ?paged=2 of many.
_PAGE_IN_PATH = re.compile(r"/(?:page|trang)[-/]([0-9]{1,5})(?=/|$)", re.IGNORECASE)
_PAGE_IN_QUERY = re.compile(
    r"(?:^|&)(?:page|paged|p|trang|pageindex|pagenumber)=([0-9]{1,5})(?=&|$)", re.IGNORECASE
)
#: More blocks than any list page shows.
_MOST = 1_000
_DATE = "time,.date,.post-date,.entry-date,.news-date,[class*='date'],[class*='time'],[class*='ngay']"
_LEAD = ".hometext,.entry-summary,.excerpt,.summary,.sapo,[class*='desc'],[class*='intro'],[class*='sum'],p"


def page_number(url: str) -> tuple[str, int]:
    """The address of the section itself, and which page of it this is, from 1."""
    parts = urlsplit(canonical(url))
    match = _PAGE_IN_PATH.search(parts.path)
    if match:
        path = parts.path[: match.start()] + parts.path[match.end() :]
        return parts._replace(path=path or "/").geturl(), int(match[1])
    match = _PAGE_IN_QUERY.search(parts.query)
    if match:
        query = (parts.query[: match.start()] + parts.query[match.end() :]).strip("&")
        return parts._replace(query=query).geturl(), int(match[1])
    return parts.geturl(), 1


def items(sheet: Sheet, blocks: list[LexborNode], anchors: str) -> tuple[ListingItem, ...]:
    """One item for each block that holds a link matching ``anchors``; each address once."""
    found: dict[str, ListingItem] = {}
    for block in blocks[:_MOST]:
        anchor = next(
            (node for node in block.css(anchors) if text_of(node) or node.attributes.get("title")), None
        )
        href = anchor.attributes.get("href") if anchor is not None else None
        url = sheet.follow.join(href) if href else None
        if anchor is None or url is None or url in found or host_of(url) != host_of(sheet.page.url):
            continue
        if attachments.purpose_of(url) != "page":
            continue
        title = text_of(anchor) or clean(anchor.attributes.get("title") or "") or None
        picture = block.css_first("img")
        source = images.source(picture.attributes) if picture is not None else None
        shown = sheet.follow.join(source) if source else None
        day = next((value for node in block.css(_DATE) if (value := _day(node))), None)
        lead = next((text for node in block.css(_LEAD) if (text := text_of(node)) and len(text) > 40), None)
        found[url] = ListingItem(
            url=url,
            title=title,
            published_on=day,
            lead=lead if lead != title else None,
            image_url=images.full_size(shown) if shown else None,
        )
    return tuple(found.values())


def _day(node: LexborNode) -> str | None:
    value = dates.meta_time(node.attributes.get("datetime")).value
    return value[:10] if value else dates.printed_day(text_of(node)).value


def listing(sheet: Sheet, found: tuple[ListingItem, ...], title: str | None) -> Listing | None:
    """A Listing of at least two items; None for fewer."""
    if len(found) < 2:
        return None
    url, number = page_number(sheet.url)
    return Listing(url=url, list_id="main", page_no=number, items=found, title=title)
