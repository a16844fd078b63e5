"""Which profile reads a page. Evidence in the page decides, never the host: captures come from many hosts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from quynhon_crawler.extract import links
from quynhon_crawler.extract.text import decode
from quynhon_crawler.model import Page, Reading
from quynhon_crawler.portals import (
    aspnet,
    generic,
    not_a_page,
    nukeviet,
    sitemap,
    vhv,
    vhv_listing,
    wordpress,
)
from quynhon_crawler.portals.sheet import Sheet, open_sheet

_TEXTS = frozenset(("text/plain", "application/octet-stream", "text/xml", "application/xml"))
_STARTS = (
    b"<!doctype",
    b"<html",
    b"<!--",
    b"<head",
    b"<body",
    b"<meta",
    b"<title",
    b"<div",
    b"<article",
    b"<script",
)
_PROFILES: tuple[tuple[Callable[[Sheet], bool], Callable[[Sheet], Reading]], ...] = (
    (vhv.claims, vhv.read),
    (nukeviet.claims, nukeviet.read),
    (wordpress.claims, wordpress.read),
    (aspnet.claims, aspnet.read),
)
#: Systems whose themes differ so much that no list of places is complete.
_LEAVE_TO_GENERIC = (nukeviet.read, wordpress.read, aspnet.read)
#: An article of fewer words that also looks like an error page is taken for one.
_THIN = 60


def read(page: Page, *, follow: bool = True) -> Reading:
    """What the page says and what to ask for next. Never raises, whatever the bytes.

    Who asks for nothing says ``follow=False``: to look at hundreds of links is an eighth of the time.
    A reading that fails is a Reading with a ``problem``: one line for the table of failures.
    """
    try:
        reading = _read(page, follow=follow)
    except Exception as error:  # the contract of this function: a page is never lost to a bug in a profile
        said = " ".join(str(error).split())[:200]
        return Reading("none", "other", problem=f"could not be read: {type(error).__name__}: {said}")
    return reading if follow else replace(reading, follow=())


def _read(page: Page, *, follow: bool) -> Reading:
    media = page.media_type
    if media == "text/css":
        return Reading(
            "css",
            "other",
            follow=links.of_style_sheet(decode(page.content, page.header("Content-Type")).text, page.url),
        )
    if page.status == 200 and sitemap.claims(page):
        return sitemap.read(page)
    if not _is_html(page, media):
        return Reading("file", "other")
    if page.status >= 400:
        return Reading("none", "not-a-page")
    if not vhv_listing.is_fragment(page) and (seen := not_a_page.verdict_on_bytes(page.content)):
        return Reading("none", seen[0], problem=seen[1])
    sheet = open_sheet(page, follow=follow)
    reading = _profile(sheet)
    dated = reading.article is not None and reading.article.published_at is not None
    if _may_be_no_page(reading) and (judged := not_a_page.verdict(sheet, dated=dated)):
        return Reading(reading.profile, judged[0], problem=judged[1])
    if sheet.tamed and reading.problem is None:
        reading = replace(reading, problem=sheet.tamed)
    return reading


def _profile(sheet: Sheet) -> Reading:
    read_it = next((read_it for claims, read_it in _PROFILES if claims(sheet)), generic.read)
    reading = read_it(sheet)
    if reading.kind == "other" and read_it in _LEAVE_TO_GENERIC:
        # A theme that the profile does not know: the generic reader may still find the text.
        again = generic.read(sheet)
        if again.article is not None:
            return replace(again, profile=reading.profile)
    return reading


def _may_be_no_page(reading: Reading) -> bool:
    """Lists with items, documents, and articles with a text are pages, whatever their headings say."""
    if reading.listing is not None or reading.documents:
        return False
    found = reading.article
    if found is None:
        return True
    return found.word_count < _THIN and not found.images and not found.attachments


def _is_html(page: Page, media: str | None) -> bool:
    """By the declared type, and by the first bytes when the type says little."""
    if media in ("text/html", "application/xhtml+xml"):
        return True
    if media is not None and media not in _TEXTS:
        return False
    return page.content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_STARTS)
