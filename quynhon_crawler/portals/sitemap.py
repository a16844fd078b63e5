"""Sitemaps (sitemaps.org), RSS 2.0 and Atom: addresses of pages, and when they changed.

Read with patterns, not with an XML parser: half of what portals send is not well-formed, and entities of a
document type have no place in a list of addresses.
"""

from __future__ import annotations

import html
import re

from quynhon_crawler.extract.text import decode
from quynhon_crawler.model import Fetch, Page, Purpose, Reading
from quynhon_crawler.urls import absolute

NAME = "sitemap"
#: sitemaps.org allows 50,000 addresses a file.
_MOST = 50_000
_ROOT = re.compile(rb"<(urlset|sitemapindex|rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_ENTRY = re.compile(r"<(url|sitemap|item|entry)[\s>]", re.IGNORECASE)
_ADDRESS = re.compile(
    r"<(?:loc|link)\b[^<>]{0,500}?(?:href\s*=\s*[\"']([^\"'<>]{1,2000})[\"'][^<>]{0,500}>"
    r"|>\s{0,200}(?:<!\[CDATA\[)?\s{0,200}([^<>\s\]]{1,2000}))",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"<(?:lastmod|pubDate|updated|dc:date)\b[^<>]{0,200}>\s{0,200}(?:<!\[CDATA\[)?([^<>\]]{4,60})",
    re.IGNORECASE,
)


def claims(page: Page) -> bool:
    """An XML document whose root is one of those, near its begin."""
    start = page.content[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start[:1] == b"<" and b"<html" not in start.lower() and _ROOT.search(start) is not None


def read(page: Page) -> Reading:
    """The addresses, in the order of the file; those of a sitemap index are lists themselves."""
    text = decode(page.content, page.header("Content-Type")).text
    starts = [match for _, match in zip(range(_MOST + 1), _ENTRY.finditer(text), strict=False)]
    found: dict[str, Fetch] = {}
    for number, match in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        entry = text[match.start() : min(end, match.start() + 20_000)]
        address = _ADDRESS.search(entry)
        url = absolute(page.url, html.unescape(address[1] or address[2])) if address else None
        if url is None or url in found:
            continue
        said = _TIME.search(entry)
        purpose: Purpose = "listing" if match[1].lower() == "sitemap" else "page"
        found[url] = Fetch(url, purpose, priority=10, modified=said[1].strip() if said else None)
    return Reading(NAME, "other", follow=tuple(found.values()))
