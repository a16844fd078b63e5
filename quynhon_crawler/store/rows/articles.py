"""Rows of articles, and what tells two readings of one apart."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any

from quynhon_crawler.model import Article, Capture, stable_id
from quynhon_crawler.store.rows.names import author_row
from quynhon_crawler.urls import url_key

Row = dict[str, Any]

# What makes a new version of an article (contract.md, article_versions); nothing else does.
VERSIONED = ("title", "lead", "body", "byline", "published_at")
_SHORT = attrgetter(*(field.name for field in fields(Article) if field.name not in ("body", "body_html")))
# A text shorter than this is too common to tell that two pages are one article.
_TELLING = 80


def article_id(article: Article, capture: Capture) -> int:
    """The number of the article's own address, which mostly is the one that was captured."""
    return stable_id(capture.url_key if article.url == capture.url else url_key(article.url))


def article_row(article: Article, *, portal_id: int, section_id: int | None, capture_id: int) -> Row:
    """Of one reading; the columns that depend on other readings are the timeline's."""
    return {
        "portal_id": portal_id,
        "section_id": section_id,
        "kind": article.kind,
        "url": article.url,
        "title": article.title,
        "lead": article.lead,
        "byline": article.byline,
        "byline_from": None if article.byline is None else "page",
        "author_id": None if article.author is None else author_row(article.author)["id"],
        "source": article.source,
        "published_at": article.published_at,
        "published_meta": article.published_meta,
        "event_date": article.event_date,
        "language": article.language,
        "word_count": article.word_count,
        "capture_id": capture_id,
        "body": article.body,
        "body_html": article.body_html,
    }


def version_row(article: Article) -> Row:
    """The versioned texts of one reading."""
    return {name: getattr(article, name) for name in VERSIONED}


def text_digest(article: Article) -> int:
    """Tells whether two readings are of one version."""
    return stable_id("\x1f".join("\x00" if (v := getattr(article, n)) is None else v for n in VERSIONED))


def reading_digest(article: Article, portal_id: int) -> int:
    """Tells whether two readings are equal in every column they give."""
    # repr() of a long text costs more than its hash
    return stable_id("\x1f".join((repr((portal_id, *_SHORT(article))), article.body, article.body_html)))


def content_key(article: Article) -> int | None:
    """Equal for what may be one article in two generations of the portal: by title and day."""
    return content_key_of(article.title, article.published_at, len(article.body))


def content_key_of(title: str | None, published_at: str | None, length: int) -> int | None:
    """The same from the columns of ``articles``; ``length`` is the body's, in characters."""
    if title is None or length < _TELLING:
        return None
    return stable_id(f"{squeezed(title)}\n{(published_at or '')[:10]}")


def squeezed(text: str) -> str:
    """Without spaces and case, which generations of a portal set differently."""
    return "".join(text.split()).casefold()
