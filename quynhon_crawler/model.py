"""Plain types that the rooms hand to each other. No I/O, no library objects.

The line they travel (docs/architecture.md)::

    Fetch --wire--> bytes --writer--> Capture --reader--> Page --portal--> Reading --store--> rows

Times are strings as they stand in the database: what a portal prints is ISO 8601 with ``+07:00``, what
this program measures is ISO 8601 in UTC with ``Z``. Text is Unicode NFC.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Purpose = Literal["seed", "robots", "page", "listing", "image", "attachment", "requisite"]
ArticleKind = Literal["article", "album", "video", "notice"]
# "not-a-page": the portal says 200 and means that there is nothing here. "obstacle": something stands before
# the page (a firewall, maintenance, a login form), so nothing is known of the page itself.
PageKind = Literal["article", "listing", "document", "home", "not-a-page", "obstacle", "other"]


def stable_id(text: str) -> int:
    """A row id made from content: the first 53 bits of SHA-256, never 0.

    53 bits, because JSON readers keep numbers as doubles; two of a million texts collide with a chance of
    1 in 18,000. ``text`` is a canonical URL, a WARC record id or another key that names one thing for ever.
    """
    return (
        int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big") >> 11
    ) or 1


@lru_cache(maxsize=4096)
def _record_number(record_id: str) -> int:
    # Asked for many times between the arrival of a capture and its row.
    return stable_id(record_id)


@dataclass(frozen=True, slots=True)
class Fetch:
    """Something to ask the portal for. Data, so that the spider, the audit and tests can all read it.

    ``form`` is sent as application/x-www-form-urlencoded in this order; ``headers`` come on top of the
    crawl's own. Higher ``priority`` goes first. ``modified`` is when a sitemap says that it changed last, as
    it stands there.
    """

    url: str
    purpose: Purpose = "page"
    method: Literal["GET", "POST", "HEAD"] = "GET"
    form: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    priority: int = 0
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """Where one exchange lies in the archive, and what it was. A row of ``captures``.

    ``captured_at`` is the WARC-Date. ``body_sha256`` (hex) and ``bytes`` are of the decoded body: transfer
    and content encoding removed. ``truncated`` is the WARC-Truncated value (``length``, ``time``,
    ``disconnect``) or None. ``warc_file`` is the file's name inside ``warc/``, without ``.open``.
    """

    url: str
    url_key: str
    captured_at: str
    method: str
    status: int | None
    media_type: str | None
    record_type: str
    body_sha256: str | None
    bytes: int
    truncated: str | None
    warc_file: str
    warc_offset: int
    warc_length: int
    warc_record_id: str
    crawl_id: str | None = None

    @property
    def id(self) -> int:
        return _record_number(self.warc_record_id)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, decoded, with the question that it answers and where it lies.

    ``content`` is the body with transfer and content encoding removed, as bytes; text is made from it by
    ``extract.text.decode``. ``headers`` keep order, case and repeats. ``request_body`` is the form as it was
    sent: a listing fragment cannot be read without it. ``referer`` is the request's header: the section page
    that a listing fragment belongs to.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    method: str = "GET"
    request_body: bytes = b""
    capture: Capture | None = None
    referer: str | None = None

    def header(self, name: str) -> str | None:
        """The first value of a response header, any case; None when absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def media_type(self) -> str | None:
        """``text/html`` of ``text/html; charset=utf-8``; lower case; None when not declared."""
        declared = (self.header("Content-Type") or "").split(";")[0].strip().lower()
        return declared or None


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it. ``byline`` is what was printed (``Linh_VPTU``), the rest is read from it."""

    byline: str
    name: str | None = None
    unit_code: str | None = None
    unit_name: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One step of the breadcrumb. ``url`` is absolute; None when the step is not a link."""

    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article, in order of appearance from 0. Sizes are what the page declares.

    ``code`` is as printed (``HNBCH082019001``); ``code_month`` is ``2019-08``. ``original_name`` is the file
    name with the decorations of every portal generation stripped; ``uploaded_at`` comes from .NET ticks.
    """

    position: int
    url: str
    caption: str | None = None
    alt: str | None = None
    code: str | None = None
    code_event: str | None = None
    code_month: str | None = None
    code_number: int | None = None
    original_name: str | None = None
    uploaded_at: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a page offers for download. ``url`` is of the file itself, not of a viewer."""

    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A legal document of a listing table or a detail page. ``issued_on`` is a date (``2019-08-27``)."""

    url: str
    number: str | None = None
    kind: str | None = None
    issued_on: str | None = None
    issuer: str | None = None
    signer: str | None = None
    abstract: str | None = None
    attachment_url: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What one article page says. ``None`` where the page does not say.

    ``body`` is paragraphs separated by a blank line: no lead, captions, byline or page furniture.
    ``published_at`` is the printed time, ``published_meta`` the one in the head of the page; both are kept.
    ``sections`` is the breadcrumb from the top down, home left out. ``notes`` tell what was odd.
    """

    url: str
    kind: ArticleKind = "article"
    title: str | None = None
    lead: str | None = None
    body: str = ""
    body_html: str = ""
    byline: str | None = None
    author: Author | None = None
    source: str | None = None
    published_at: str | None = None
    published_meta: str | None = None
    event_date: str | None = None
    language: str | None = None
    word_count: int = 0
    sections: tuple[Section, ...] = ()
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListingItem:
    """One entry of a listing: what the portal says of an article without opening it."""

    url: str
    title: str | None = None
    author: str | None = None
    published_on: str | None = None
    lead: str | None = None
    image_url: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a section's list. ``total_items`` is the portal's own count, the truth for completeness.

    ``url`` is the section page; ``list_id`` tells two lists of one page apart (the CMS's module id).
    """

    url: str
    list_id: str
    page_no: int
    items: tuple[ListingItem, ...]
    total_items: int | None = None
    items_per_page: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a portal profile made of one page, and what it would ask for next.

    ``problem`` is one line when the page should have given something and did not; it becomes a row of
    ``failures``. ``follow`` is complete: the caller needs no link extraction of its own.
    """

    profile: str
    kind: PageKind
    article: Article | None = None
    listing: Listing | None = None
    documents: tuple[Document, ...] = ()
    follow: tuple[Fetch, ...] = ()
    portal_name: str | None = None
    problem: str | None = None
