"""Everything a page points at, as Fetches: pages of the same site, pictures, files, and what shows it.

Link discovery runs on every page of a crawl, so what a reference means is remembered: menus and banners are
the same on all pages (measured: 400 links a page, 13 µs to join one).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from quynhon_crawler.extract import css, images
from quynhon_crawler.extract.references import (
    Meaning,
    fetch_of,
    join,
    of_anchor,
    of_frame,
    of_image,
    of_requisite,
)
from quynhon_crawler.model import Fetch, Purpose

#: Purposes that give way when the same address turns out to be a file of an article.
_WEAK = frozenset(("page", "requisite"))
_REMEMBERED = 4_096
_HOSTS = 64
#: A site map of a portal has fewer; more is a trap.
_MOST = 20_000
_LONGEST = 4_000
_ELEMENTS = (
    "link[href],script[src],img,source,iframe[src],frame[src],embed[src],object[data],"
    'video,audio,[style*="("],style,[background],input[type="image"],meta[http-equiv]'
)
_PICTURES = frozenset(("img", "source", "input", "video", "audio"))
_REQUISITE_RELS = frozenset(
    ("stylesheet", "icon", "shortcut", "apple-touch-icon", "preload", "manifest", "mask-icon", "image_src")
)
# Of the front page only: WordPress offers one for the comments of every article.
_FEEDS = frozenset(("application/rss+xml", "application/atom+xml"))
_PAGE_RELS = frozenset(("canonical", "next", "prev", "alternate"))
_REFRESH = re.compile(r"url\s{0,9}=\s{0,9}['\"]?\s{0,9}([^'\"\s]{1,2000})", re.IGNORECASE)

_memory: dict[tuple[Meaning, str], dict[str, tuple[Fetch, ...]]] = {}


def _remembered(meaning: Meaning, root: str) -> dict[str, tuple[Fetch, ...]]:
    """What rooted and absolute references were found to mean on the pages of one host."""
    known = _memory.get((meaning, root))
    if known is None or len(known) > _REMEMBERED:
        if len(_memory) > _HOSTS:
            _memory.clear()
        known = _memory[(meaning, root)] = {}
    return known


class Follow:
    """Collects Fetches of one page, each address once; a file's purpose wins over the others."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self._base = base
        self._root = f"{parts.scheme}://{parts.netloc}/"
        self._found: dict[str, Fetch] = {}
        self._posts: list[Fetch] = []

    @property
    def is_front(self) -> bool:
        """The page is the site's root."""
        return self._base.rstrip("/") == self._root.rstrip("/")

    def _place(self, reference: str) -> tuple[str, str] | None:
        """What to join with what. Rooted and absolute references mean the same on all pages of a host."""
        reference = reference.strip()
        if not reference or reference[0] == "#" or len(reference) > _LONGEST:
            return None
        if reference[0] == "/":
            rooted = reference[1:2] not in ("/", "\\")
        else:
            if reference.startswith(("javascript:", "mailto:", "tel:")):
                return None
            rooted = reference.startswith(("https://", "http://"))
        return (self._root if rooted else self._base), reference

    def join(self, reference: str) -> str | None:
        """The reference's absolute address; None when it is none to ask for."""
        place = self._place(reference)
        return join(*place) if place else None

    def add_all(self, references: Iterable[str | None], meaning: Meaning) -> None:
        """References that all mean the same kind of thing; each is looked at once."""
        found, known = self._found, _remembered(meaning, self._root)
        for reference in dict.fromkeys(references):
            if not reference or len(found) >= _MOST:
                continue
            fetches = known.get(reference)
            if fetches is None:
                fetches = self._look_up(reference, meaning, known)
            for fetch in fetches:
                before = found.get(fetch.url)
                if before is None or (before.purpose in _WEAK and fetch.purpose not in _WEAK):
                    found[fetch.url] = fetch

    def _look_up(
        self, reference: str, meaning: Meaning, known: dict[str, tuple[Fetch, ...]]
    ) -> tuple[Fetch, ...]:
        place = self._place(reference)
        fetches = meaning(*place) if place else ()
        if len(reference) < 500 and (place is None or place[0] is self._root):
            known[reference] = fetches
        return fetches

    def add(self, reference: str | None, purpose: Purpose) -> None:
        """A reference that a profile knows the purpose of; ``page`` lets its address decide."""
        if purpose == "page":
            self.add_all((reference,), of_anchor)
        elif purpose == "requisite":
            self.add_all((reference,), of_requisite)
        else:
            url = self.join(reference) if reference else None
            if url is not None and (url not in self._found or self._found[url].purpose in _WEAK):
                self._found[url] = fetch_of(url, purpose)

    def add_frame(self, reference: str | None) -> None:
        self.add_all((reference,), of_frame)

    def extend_posts(self, fetches: Iterable[Fetch]) -> None:
        self._posts.extend(fetches)

    def fetches(self) -> tuple[Fetch, ...]:
        """POSTs first, then addresses in the order of the page."""
        return (*self._posts, *self._found.values())


def collect(tree: LexborHTMLParser, follow: Follow) -> None:
    """Adds everything that the page points at to ``follow``."""
    follow.add_all((node.attrs.get("href") for node in tree.css("a[href],area[href]")), of_anchor)
    pictures: list[str] = []
    for node in tree.css(_ELEMENTS):
        attributes, tag = node.attributes, node.tag
        if tag in _PICTURES:
            pictures += images.references(attributes)
            if "poster" in attributes:
                follow.add(attributes["poster"], "requisite")
        elif tag == "link":
            _add_link(attributes, follow)
        elif tag == "script":
            follow.add(attributes.get("src"), "requisite")
        elif tag in ("iframe", "frame", "embed", "object"):
            follow.add_frame(attributes.get("src") or attributes.get("data"))
        elif tag == "meta":
            if (attributes.get("http-equiv") or "").lower() == "refresh":
                match = _REFRESH.search((attributes.get("content") or "")[:4000])
                follow.add(match[1] if match else None, "page")
        elif tag == "style":
            follow.add_all(css.pointers(node.text(deep=True)), of_requisite)
        if "background" in attributes:
            follow.add(attributes["background"], "requisite")
        if "style" in attributes and "(" in (style := attributes["style"] or ""):
            pictures += css.pointers(style)
    follow.add_all(pictures, of_image)


def _add_link(attributes: Mapping[str, str | None], follow: Follow) -> None:
    rels = set((attributes.get("rel") or "").lower().split())
    kind = attributes.get("type") or ""
    if rels & _REQUISITE_RELS:
        follow.add(attributes.get("href"), "requisite")
    elif "alternate" in rels and kind in _FEEDS and follow.is_front:
        follow.add(attributes.get("href"), "listing")
    elif rels & _PAGE_RELS and "xml" not in kind and "json" not in kind:
        follow.add(attributes.get("href"), "page")


def of_style_sheet(sheet: str, url: str) -> tuple[Fetch, ...]:
    """What a style sheet points at, all of it needed to show pages."""
    follow = Follow(url)
    follow.add_all(css.pointers(sheet), of_requisite)
    return follow.fetches()
