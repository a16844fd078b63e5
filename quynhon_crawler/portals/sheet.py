"""A page opened for reading: decoded, tamed, parsed once, with the places that every profile asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from quynhon_crawler.extract import images, legacy, meta
from quynhon_crawler.extract.links import Follow, collect
from quynhon_crawler.extract.references import join
from quynhon_crawler.extract.tags import BLOCKS
from quynhon_crawler.extract.tame import harmless, shorten, tame
from quynhon_crawler.extract.text import clean, decode
from quynhon_crawler.extract.walk import HIDDEN
from quynhon_crawler.model import Article, Document, Listing, Page, PageKind, Reading
from quynhon_crawler.urls import absolute, canonical, host_of

_BREAKS = "br,p,div,li,td"
_MAY_BE_HIDDEN = "[hidden],[style*=none i],[style*=hidden i],[style*=mso-hide i]"
_NOISE_IN_FRAGMENTS = "script,style,noscript,template,select,textarea,button"


@dataclass
class Sheet:
    """One page. ``html`` is the markup that was parsed; ``notes`` tell what was odd about its bytes.

    Without ``collects`` its links are not gathered: nobody asks for them.
    """

    page: Page
    html: str
    tree: LexborHTMLParser
    notes: list[str] = field(default_factory=list)
    tamed: str | None = None
    collects: bool = True

    @cached_property
    def head(self) -> meta.Head:
        return meta.read(self.tree)

    @cached_property
    def base(self) -> str:
        """What relative references are joined to."""
        declared = self.head.base
        return (absolute(self.page.url, declared) if declared else None) or self.page.url

    @cached_property
    def url(self) -> str:
        """The article's address: the page's canonical link when it is of the same host, else the page's own.

        A canonical link to the home page on another page is ignored: portals print it on every page.
        """
        own = canonical(self.page.url)
        declared = join(self.base, self.head.canonical) if self.head.canonical else None
        if declared is None or declared == self.page.url or host_of(declared) != host_of(own):
            return own
        path = urlsplit(declared).path
        if path in ("", "/") and urlsplit(own).path not in ("", "/"):
            return own
        return canonical(declared)

    @cached_property
    def follow(self) -> Follow:
        follow = Follow(self.base)
        if self.collects:
            collect(self.tree, follow)
        return follow

    @property
    def is_home(self) -> bool:
        parts = urlsplit(self.page.url)
        return not parts.query and parts.path.rstrip("/").lower() in (
            "",
            "/index.html",
            "/index.php",
            "/trang-chu",
            "/trang-chu.html",
            "/default.aspx",
            "/home",
            "/vi",
        )

    def reading(
        self,
        profile: str,
        kind: PageKind,
        *,
        article: Article | None = None,
        listing: Listing | None = None,
        documents: tuple[Document, ...] = (),
        problem: str | None = None,
    ) -> Reading:
        """The Reading of this page, with everything that it points at."""
        return Reading(
            profile,
            kind,
            article=article,
            listing=listing,
            documents=documents,
            follow=self.follow.fetches(),
            portal_name=self.head.portal_name,
            problem=problem,
        )

    def markup_of(self, node: LexborNode) -> str:
        """The element's markup without scripts, styles, form parts and what readers do not see; lazy pictures
        and addresses resolved.

        A note is made when it had to be cut.
        """
        join = self.follow.join
        for noise in node.css(_NOISE_IN_FRAGMENTS):
            noise.decompose()
        for tag in reversed(node.css(_MAY_BE_HIDDEN)):  # inner ones first: they go with the outer ones
            said = tag.attributes
            if tag != node and ("hidden" in said or HIDDEN.search(said.get("style") or "")):
                tag.decompose()
        for picture in node.css("img"):
            shown = images.source(picture.attributes)
            url = join(shown) if shown else None
            if url is None:
                picture.decompose()
            else:
                picture.attrs["src"] = url
        for anchor in node.css("a[href]"):
            anchor.attrs["href"] = join(anchor.attrs.get("href") or "") or ""
        markup, note = shorten(node.html or "")
        if note:
            self.notes.append(note)
        return markup

    def first(self, *selectors: str) -> LexborNode | None:
        """The first element that the first matching selector finds."""
        return next(
            (node for selector in selectors if (node := self.tree.css_first(selector)) is not None), None
        )

    def text(self, *selectors: str) -> str | None:
        """Clean text of ``first``; None when there is none."""
        return text_of(self.first(*selectors))


def text_of(node: LexborNode | None) -> str | None:
    """Clean text of an element, words of neighbouring elements kept apart; None when empty."""
    if node is None:
        return None
    if node.css_first(_BREAKS) is not None:
        return clean(_with_breaks(node)[:20_000]) or None
    return clean(node.text(deep=True, separator="")[:20_000]) or None


def _with_breaks(node: LexborNode) -> str:
    """The text with a space where a reader sees a new line."""
    pieces: list[str] = []
    length = 0
    for inner in node.traverse(include_text=True):
        if inner.is_text_node:
            text = inner.text(deep=False) or ""
            pieces.append(text)
            length += len(text)
        elif inner.tag in BLOCKS or inner.tag == "br":
            pieces.append(" ")
        if length > 20_000 or len(pieces) > 20_000:
            break
    return "".join(pieces)


def holds(outer: LexborNode, inner: LexborNode) -> bool:
    """``inner`` stands somewhere inside ``outer``."""
    node = inner.parent
    for _ in range(400):
        if node is None:
            return False
        if node.mem_id == outer.mem_id:
            return True
        node = node.parent
    return False


def open_sheet(page: Page, *, follow: bool) -> Sheet:
    """Decodes and parses. Never raises on any bytes."""
    decoded = decode(page.content, page.header("Content-Type"))
    text, font = legacy.convert_markup(decoded.text)
    if b"\x00" in page.content:
        text = text.replace("\x00", "")
    exact = text is decoded.text and decoded.encoding == "utf-8" and decoded.note is None
    html, tamed = (text, None) if exact and harmless(page.content) else tame(text)
    exact = exact and html is text
    notes = [note for note in (decoded.note, tamed, font and f"text was typed in a {font} font") if note]
    return Sheet(
        page,
        html,
        LexborHTMLParser(page.content if exact else html.encode("utf-8", "replace")),
        notes,
        tamed,
        follow,
    )
