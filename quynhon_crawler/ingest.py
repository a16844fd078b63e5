"""One stored exchange into the database: the same for a live crawl, after a crash, and in a rebuild.

What it needs is on disk: the answer, the question, and nothing of Scrapy.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass, replace
from io import BytesIO

from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from quynhon_crawler import portals
from quynhon_crawler.home import Home
from quynhon_crawler.model import Capture, Fetch, Page, PageKind, Reading
from quynhon_crawler.store import Store
from quynhon_crawler.urls import absolute, url_key
from quynhon_crawler.warc.reader import Record, payload

_READABLE = (
    "text/html",
    "application/xhtml+xml",
    "text/css",
    "application/xml",
    "text/xml",
    "text/plain",
    "application/rss+xml",
    "application/atom+xml",
)
_REDIRECTS = (301, 302, 303, 307, 308)
FETCH_ERROR = "fetchError"


@dataclass(frozen=True, slots=True)
class Understood:
    """What one answer means, before it is written down. Made without the database, so in any process.

    ``is_file`` tells a picture or document from a page; its ``size`` is in pixels, or None.
    """

    capture: Capture
    reading: Reading
    is_file: bool = False
    size: tuple[int, int] | None = None


def ingest(store: Store, page: Page, *, portal_id: int, home_url: str) -> Reading:
    """Put one answer into the database; returns what was read, with what to ask for next.

    ``page.capture`` must be set. Bad content never raises: it becomes a row of ``failures``.
    """
    understood = understand(page, home_url=home_url)
    put(store, understood, portal_id=portal_id)
    return understood.reading


def understand(page: Page, *, home_url: str, follow: bool = True) -> Understood:
    """Read one answer, whatever it is. Pure: no database, no disk. ``follow``: with what to ask for next."""
    capture = page.capture
    assert capture is not None
    if capture.truncated:
        reading = _problem(f"cut short ({capture.truncated}) after {capture.bytes:,} bytes")
    elif page.status in _REDIRECTS:
        reading = _redirect(page, home_url)
    elif capture.method == "HEAD":  # only others' WARC files hold these: no body says nothing of a page
        reading = Reading("none", "other")
    elif page.status in (200, 203):
        media_type = page.media_type or ""
        if media_type and media_type not in _READABLE:
            size = _picture_size(page.content) if media_type.startswith("image/") else None
            return Understood(capture, Reading("file", "other"), True, size)
        binary = _is_binary(page.content)
        reading = _problem("declared a page, but is no text") if binary else portals.read(page, follow=follow)
    elif page.status == 204:
        reading = Reading("none", "other")
    elif page.status == 0:
        reading = _problem("the answer is not HTTP")
    else:
        reading = _problem(f"answered {page.status}", kind="not-a-page")
    return Understood(capture, reading)


def put(store: Store, understood: Understood, *, portal_id: int) -> None:
    """Write down what was understood."""
    capture, reading = understood.capture, understood.reading
    store.add_capture(capture)
    if understood.is_file:
        width, height = understood.size or (None, None)
        store.add_file(capture, width=width, height=height)
    elif reading.kind != "other" or reading.article or reading.documents:
        store.add_reading(capture, reading, portal_id=portal_id)
    if reading.problem:
        store.add_failure(
            url=capture.url,
            stage="extract" if capture.status == 200 and not capture.truncated else "fetch",
            error=reading.problem,
            seen_at=capture.captured_at,
            capture_id=capture.id,
        )


def refers_to(record: Record) -> tuple[str, str] | None:
    """(URL, WARC-Date) of the record that holds a revisit's body (WARC 1.1, 6.7); None for other records."""
    if record.type != "revisit":
        return None
    url = record.headers.get("warc-refers-to-target-uri", record.url).strip("<>").strip()
    date = record.headers.get("warc-refers-to-date")
    return (url, date) if date else None


def resolve(store: Store, home: Home, page: Page, refers: tuple[str, str]) -> Page:
    """A revisit with the body that it stands for, out of the record that it refers to.

    The page comes back as it is when that record is not in the archive (yet).
    """
    held = store.find_capture(*refers)
    return page if held is None or page.capture is None else embodied(home, page, held)


def embodied(home: Home, page: Page, held: Capture) -> Page:
    """A revisit with the body of the capture that it stands for. Raises RecordError."""
    assert page.capture is not None
    stored = payload(home.warc_path(held.warc_file), held.warc_offset, held.warc_length)
    unchanged = page.status == 304
    return replace(
        page,
        content=stored.content,
        status=200 if unchanged else page.status,
        headers=stored.headers if unchanged else page.headers,
        capture=replace(page.capture, body_sha256=held.body_sha256, bytes=held.bytes),
    )


def ingest_fetch_error(store: Store, record: Record) -> None:
    """A metadata record of a fetch that gave no byte, into ``failures``."""
    if not record.headers.get("content-type", "").startswith("application/json"):
        return
    try:
        said = json.loads(record.block)
    except ValueError:
        return
    if isinstance(said, dict) and FETCH_ERROR in said:
        store.add_failure(
            url=record.url,
            stage=str(said.get("stage", "fetch")),
            error=str(said[FETCH_ERROR]),
            seen_at=record.date,
            capture_id=None,
        )


def _is_binary(content: bytes) -> bool:
    """NULs do not stand in text, but for UTF-16, which begins with its mark (WHATWG, MIME Sniffing, 7.2)."""
    return b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff"))


def _picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, from the head of the file; the picture itself is not decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PillowImage.DecompressionBombWarning)
            with PillowImage.open(BytesIO(content)) as picture:
                return picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, PillowImage.DecompressionBombError):
        return None


def _redirect(page: Page, home_url: str) -> Reading:
    target = absolute(page.url, page.header("Location") or "")
    if target is None:
        return _problem(f"answered {page.status} without an address to go to")
    follow = (Fetch(target),)
    # Portals send what is gone to their home page (portal-facts: soft errors). No failure: most are old
    # names of the home page itself. The store marks an article that was there as gone.
    if url_key(target) == url_key(home_url) != url_key(page.url):
        return Reading("redirect", "not-a-page", follow=follow)
    return Reading("redirect", "other", follow=follow)


def _problem(text: str, *, kind: PageKind = "other") -> Reading:
    return Reading("none", kind, problem=text)
