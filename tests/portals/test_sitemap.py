"""Sitemaps, RSS and Atom, well-formed or not: addresses and times of change."""

from __future__ import annotations

import pytest

from quynhon_crawler import portals
from quynhon_crawler.model import Page

SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://a.vn/tin/b%C3%A0i.html</loc><lastmod>2026-09-30T19:13:34+07:00</lastmod></url>
<url><lastmod>2026-09-29</lastmod><loc> https://a.vn/tin?a=1&amp;b=2 </loc></url>
<url><loc>/tin/tuong-doi.html</loc></url><url><loc>javascript:alert(1)</loc></url>
<url><loc>https://a.vn/tin?a=1&amp;b=2</loc></url></urlset>"""
INDEX = "<sitemapindex><sitemap><loc>https://a.vn/s1.xml</loc><lastmod>2026-01-01</lastmod></sitemap></sitemapindex>"
RSS = """<rss version="2.0"><channel><link>https://a.vn/</link><item><title>Bài</title>
<link><![CDATA[https://a.vn/tin/1.html]]></link><pubDate>Tue, 27 Aug 2019 15:04:00 +0700</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://a.vn/"/><entry>
<link rel="alternate" href="https://a.vn/tin/2.html"/><updated>2026-01-01T00:00:00Z</updated></entry></feed>"""
CASES = {
    "sitemap": (
        SITEMAP,
        [
            ("https://a.vn/tin/b%C3%A0i.html", "page", "2026-09-30T19:13:34+07:00"),
            ("https://a.vn/tin?a=1&b=2", "page", "2026-09-29"),
            ("https://a.vn/tin/tuong-doi.html", "page", None),
        ],
    ),
    "index": (INDEX, [("https://a.vn/s1.xml", "listing", "2026-01-01")]),
    "rss": (RSS, [("https://a.vn/tin/1.html", "page", "Tue, 27 Aug 2019 15:04:00 +0700")]),
    "atom": (ATOM, [("https://a.vn/tin/2.html", "page", "2026-01-01T00:00:00Z")]),
    "cut off": (SITEMAP[: SITEMAP.index("<lastmod")], [("https://a.vn/tin/b%C3%A0i.html", "page", None)]),
}


def read(text: str, media: str) -> list[tuple[str, str, str | None]]:
    page = Page("https://a.vn/sitemap.xml", 200, (("Content-Type", media),), text.encode())
    return [(fetch.url, fetch.purpose, fetch.modified) for fetch in portals.read(page).follow]


@pytest.mark.parametrize(
    "media", ["application/xml", "text/xml; charset=utf-8", "application/rss+xml", "text/html"]
)
@pytest.mark.parametrize("name", CASES)
def test_addresses_and_times(name: str, media: str) -> None:
    text, expected = CASES[name]
    assert read(text, media) == expected


def test_entities_of_a_document_type_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "https://b.vn/"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    ((url, _, _),) = read(f"{bomb}<urlset><url><loc>&c;</loc></url></urlset>", "application/xml")
    assert url.startswith("https://a.vn/&c")


def test_other_files_are_none() -> None:
    page = Page("https://a.vn/x.svg", 200, (("Content-Type", "image/svg+xml"),), b"<svg><a href='/x'/></svg>")
    assert portals.read(page).profile == "file"
