"""Which profile reads a page. Evidence in the page decides, never the host: captures come from many hosts."""

from __future__ import annotations

from quynhon_crawler.extract import links
from quynhon_crawler.extract.text import decode
from quynhon_crawler.model import Page, Reading
from quynhon_crawler.portals import vhv
from quynhon_crawler.portals.sheet import open_sheet

_HTML = frozenset(
    ("text/html", "application/xhtml+xml", "application/xhtml", "text/plain", "application/octet-stream")
)


def read(page: Page) -> Reading:
    """What the page says and what to ask for next. Never raises, whatever the bytes.

    A reading that fails is a Reading with a ``problem``: one line for the table of failures.
    """
    try:
        return _read(page)
    except Exception as error:  # the contract of this function: a page is never lost to a bug in a profile
        return Reading(
            "none", "other", problem=f"could not be read: {type(error).__name__}: {str(error)[:200]}"
        )


def _read(page: Page) -> Reading:
    media = page.media_type
    if media == "text/css":
        sheet = decode(page.content, page.header("Content-Type")).text
        return Reading("css", "other", follow=links.of_style_sheet(sheet, page.url))
    if not _is_html(page, media):
        return Reading("file", "other")
    sheet_ = open_sheet(page)
    if page.status >= 400:
        return Reading("none", "not-a-page", follow=())
    return vhv.read(sheet_)


def _is_html(page: Page, media: str | None) -> bool:
    """By the declared type, and by the first bytes when the type says little."""
    if media in ("text/html", "application/xhtml+xml"):
        return True
    if media is not None and media not in _HTML:
        return False
    start = page.content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(
        (b"<!doctype", b"<html", b"<!--", b"<head", b"<body", b"<?xml", b"<div", b"<article", b"<script")
    )
