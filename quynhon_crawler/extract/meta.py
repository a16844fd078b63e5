"""What the head of a page says of itself: meta tags, JSON-LD, links. Kept raw; profiles weigh it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from quynhon_crawler.extract.text import clean

_ARTICLE_TYPES = ("Article", "NewsArticle", "BlogPosting", "Report", "WebPage", "LiveBlogPosting")
_WANTED = frozenset(
    (
        *("author", "copyright", "date", "generator", "pubdate", "publisher"),
        *("article:author", "article:published", "article:published_time", "article:section", "article:tag"),
        *("dc.creator", "dc.date", "dc.date.created", "dc.date.issued", "dc.publisher", "dc.title"),
        *("dcterms.created", "dcterms.creator", "og:site_name", "og:title", "og:type", "twitter:title"),
    )
)
_ELEMENTS = 'meta[content],title,link[rel~="canonical"],base[href]'
_CONTROL = re.compile(r"[\x00-\x1f]+")


@dataclass(slots=True)
class Head:
    """``metas`` maps lower-case names to the first non-empty content; ``tags`` are all ``article:tag``;
    ``json_ld`` is the article's object."""

    title: str | None = None
    canonical: str | None = None
    base: str | None = None
    language: str | None = None
    metas: dict[str, str] = field(default_factory=dict)
    json_ld: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    def first(self, *names: str) -> str | None:
        """The first of the names that has a content."""
        return next((value for name in names if (value := self.metas.get(name))), None)

    @property
    def portal_name(self) -> str | None:
        return self.first("og:site_name", "copyright", "author", "dc.publisher")


def read(tree: LexborHTMLParser) -> Head:
    """Head of a parsed page. Never raises."""
    head = Head()
    root, top = tree.root, tree.head
    if root is not None:
        language = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "").strip().lower()
        head.language = language.replace("_", "-").split("-")[0][:8] or None
    # A stray element in the head ends it for the parser: then what follows stands in the body.
    nodes = top.css(_ELEMENTS) if top is not None else []
    for node in nodes if len(nodes) > 2 else tree.css(_ELEMENTS):
        tag, attributes = node.tag, node.attributes
        if tag == "meta":
            name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
            name = name.strip().lower()
            if name in _WANTED and (value := clean((attributes.get("content") or "")[:5000])):
                head.metas.setdefault(name, value)
                if name == "article:tag":
                    head.tags.append(value)
        elif tag == "title":
            head.title = head.title or clean(node.text(deep=True)[:1000]) or None
        elif tag == "link":
            head.canonical = head.canonical or (attributes.get("href") or "").strip() or None
        elif tag == "base":
            head.base = head.base or (attributes.get("href") or "").strip() or None
    for node in tree.css('script[type="application/ld+json"]'):
        head.json_ld = head.json_ld or _article_object(node.text(deep=True))
    return head


def _article_object(text: str) -> dict[str, Any]:
    """The first object of an article type in a JSON-LD block, however it is wrapped."""
    if len(text) > 300_000:
        return {}
    try:
        data = json.loads(_CONTROL.sub(" ", text))
    except (ValueError, RecursionError):
        return {}
    queue: list[object] = [data]
    for _ in range(500):
        if not queue:
            break
        item = queue.pop(0)
        if isinstance(item, list):
            queue.extend(item)
        elif isinstance(item, dict):
            kind = item.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(name in _ARTICLE_TYPES[:4] for name in kinds if isinstance(name, str)):
                return item
            queue.extend(value for key, value in item.items() if key in ("@graph", "mainEntity", "hasPart"))
    return {}


def author_name(json_ld: dict[str, Any]) -> str | None:
    """The writer's name in a JSON-LD article; None for organisations."""
    author = json_ld.get("author")
    if isinstance(author, list) and author:
        author = author[0]
    if isinstance(author, dict):
        name = author.get("name")
        return clean(name) if isinstance(name, str) and author.get("@type") != "Organization" else None
    return clean(author) if isinstance(author, str) else None
