"""Everything a page points at, as Fetches: pages of the same site, pictures, files, and what it needs to be shown.

Link discovery runs on every page of a crawl, so addresses are joined through a cache: menus and banners are
the same on all pages (measured: 13 µs for one join, 400 links a page).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from quynhon_crawler.extract import attachments, css, images
from quynhon_crawler.model import Fetch, Purpose
from quynhon_crawler.urls import absolute, host_of

#: Higher goes first. What a page shows comes before the next page, so that an interrupted crawl leaves
#: whole articles; listings come first of all, because they tell what there is.
PRIORITY: dict[Purpose, int] = {
    "listing": 30,
    "requisite": 20,
    "image": 20,
    "attachment": 20,
    "page": 10,
}

_ELEMENTS = (
    "a[href],area[href],link[href],script[src],img,source,iframe[src],frame[src],embed[src],object[data],"
    'video,audio,[style],style,[background],input[type="image"],meta[http-equiv]'
)
_LINK_RELS = frozenset(
    ("stylesheet", "icon", "shortcut", "apple-touch-icon", "preload", "manifest", "mask-icon", "image_src")
)
_PAGE_RELS = frozenset(("canonical", "next", "prev", "alternate"))
_REFRESH = re.compile(r"url\s*=\s*['\"]?\s*([^'\"\s]+)", re.IGNORECASE)
# The same article once more, without its section and side bar; and actions that are not pages.
_NOT_FOLLOWED = re.compile(
    r"page=Article\.Print|/print/|[?&](?:print|inprint|replytocom|share)=|/(?:wp-login|wp-admin|xmlrpc)|[?&]page=Member\.|/users/(?:login|register|lostpass)",
    re.IGNORECASE,
)


@lru_cache(maxsize=65_536)
def join(base: str, reference: str) -> str | None:
    """``urls.absolute``, remembered."""
    return absolute(base, reference)


def joiner(base: str) -> Callable[[str], str | None]:
    """A function that joins references to one page's address; what starts with / is shared between pages."""
    parts = urlsplit(base)
    root = f"{parts.scheme}://{parts.netloc}/"

    def to_absolute(reference: str) -> str | None:
        reference = reference.strip()
        if not reference or reference[0] == "#" or len(reference) > 4_000:
            return None
        if reference[0] == "/" and reference[1:2] != "/":
            return join(root, reference)
        return join(base, reference)

    return to_absolute


class Follow:
    """Collects Fetches, each address once; the first purpose that is not ``page`` or ``requisite`` wins."""

    def __init__(self, base: str) -> None:
        self.join = joiner(base)
        self.host = host_of(base)
        self._found: dict[str, Purpose] = {}
        self._posts: list[Fetch] = []

    def add(self, reference: str | None, purpose: Purpose) -> str | None:
        """Adds a reference of the page; gives its absolute address, or None when it is none to ask for."""
        if not reference:
            return None
        url = self.join(reference)
        if url is None:
            return None
        if purpose == "page":
            if _NOT_FOLLOWED.search(url):
                return None
            hidden = attachments.behind_viewer(url)
            if hidden:
                self.add(hidden, "attachment")
            purpose = attachments.purpose_of(url)
            if purpose == "page" and host_of(url) != self.host:
                return url
        known = self._found.get(url)
        if known is None or (known in ("page", "requisite") and purpose in ("image", "attachment")):
            self._found[url] = purpose
        return url

    def add_image(self, reference: str | None) -> None:
        """A picture as the page shows it, and the full file behind a thumbnail."""
        url = self.join(reference) if reference else None
        if url is None:
            return
        full = images.full_size(url)
        if full != url:
            self.add(url, "requisite")
            self.add(full, "image")
        else:
            self.add(url, "requisite")

    def add_post(self, fetch: Fetch) -> None:
        self._posts.append(fetch)

    def extend_posts(self, fetches: Iterable[Fetch]) -> None:
        self._posts.extend(fetches)

    def fetches(self) -> tuple[Fetch, ...]:
        gets = (Fetch(url, purpose, priority=PRIORITY[purpose]) for url, purpose in self._found.items())
        return (*self._posts, *gets)


def collect(tree: LexborHTMLParser, follow: Follow) -> None:
    """Adds everything that the page points at to ``follow``."""
    for node in tree.css(_ELEMENTS):
        attributes = node.attributes
        tag = node.tag
        if tag in ("a", "area"):
            follow.add(attributes.get("href"), "page")
        elif tag in ("img", "source", "input", "video", "audio"):
            for reference in images.references(attributes):
                follow.add_image(reference)
            poster = attributes.get("poster")
            if poster:
                follow.add(poster, "requisite")
        elif tag == "link":
            _add_link(attributes, follow)
        elif tag == "script":
            follow.add(attributes.get("src"), "requisite")
        elif tag in ("iframe", "frame", "embed", "object"):
            _add_frame(attributes.get("src") or attributes.get("data"), follow)
        elif tag == "meta":
            if (attributes.get("http-equiv") or "").lower() == "refresh":
                match = _REFRESH.search((attributes.get("content") or "")[:4000])
                follow.add(match[1] if match else None, "page")
        elif tag == "style":
            for reference in css.pointers(node.text(deep=True) or ""):
                follow.add(reference, "requisite")
        follow.add(attributes.get("background"), "requisite")
        style = attributes.get("style")
        if style and "url" in style.lower():
            for reference in css.pointers(style):
                follow.add_image(reference)


def _add_link(attributes: dict[str, str | None], follow: Follow) -> None:
    rels = set((attributes.get("rel") or "").lower().split())
    if rels & _LINK_RELS:
        follow.add(attributes.get("href"), "requisite")
    elif (
        rels & _PAGE_RELS
        and "xml" not in (attributes.get("type") or "")
        and "json" not in (attributes.get("type") or "")
    ):
        follow.add(attributes.get("href"), "page")


def _add_frame(reference: str | None, follow: Follow) -> None:
    """A frame of the same site is part of the page; a viewer in it hides a file; a foreign player is left out."""
    url = follow.join(reference) if reference else None
    if url is None:
        return
    hidden = attachments.behind_viewer(url)
    if hidden:
        follow.add(hidden, "attachment")
    purpose = attachments.purpose_of(url)
    if purpose != "page" or host_of(url) == follow.host:
        follow.add(url, purpose if purpose != "page" else "requisite")


def of_style_sheet(sheet: str, url: str) -> tuple[Fetch, ...]:
    """What a style sheet points at, all of it needed to show pages."""
    follow = Follow(url)
    for reference in css.pointers(sheet):
        follow.add(reference, "requisite")
    return follow.fetches()
