"""Model values as rows: the one place that names the columns written. Pure; no connection.

Every function returns a dict, or a list of them, whose keys are columns of the table in its name.
"""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any

from quynhon_crawler.model import (
    Article,
    Author,
    Capture,
    Document,
    Image,
    Listing,
    ListingItem,
    Section,
    stable_id,
)
from quynhon_crawler.urls import url_key

Row = dict[str, Any]

# What makes a new version of an article (contract.md, article_versions); nothing else does.
VERSIONED = ("title", "lead", "body", "byline", "published_at")
# What a crawl knows at its end.
CRAWL_OUTCOME = (
    "finished_at", "outcome", "requests", "bytes", "articles_new", "articles_changed", "articles_gone",
    "failures", "listed_total", "listed_captured",
)  # fmt: skip
_SHORT = attrgetter(*(field.name for field in fields(Article) if field.name not in ("body", "body_html")))
# A text shorter than this is too common to tell that two pages are one article.
_TELLING = 80


def url_id(url: str) -> int:
    """The number of an address: equal for http and https, with and without www and tracking parameters."""
    return stable_id(url_key(url))


def capture_row(capture: Capture) -> Row:
    return {
        "id": capture.id,
        "url": capture.url,
        "url_key": capture.url_key,
        "captured_at": capture.captured_at,
        "method": capture.method,
        "status": capture.status,
        "media_type": capture.media_type,
        "record_type": capture.record_type,
        "body_sha256": capture.body_sha256,
        "bytes": capture.bytes,
        "truncated": capture.truncated,
        "warc_file": capture.warc_file,
        "warc_offset": capture.warc_offset,
        "warc_length": capture.warc_length,
        "warc_record_id": capture.warc_record_id,
        "crawl_id": capture.crawl_id,
    }


def capture_of(row: Row) -> Capture:
    return Capture(**{name: value for name, value in row.items() if name != "id"})


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
    if article.title is None or len(article.body) < _TELLING:
        return None
    return stable_id(f"{squeezed(article.title)}\n{(article.published_at or '')[:10]}")


def squeezed(text: str) -> str:
    """Without spaces and case, which generations of a portal set differently."""
    return "".join(text.split()).casefold()


def section_rows(sections: tuple[Section, ...], *, portal_id: int) -> list[Row]:
    """The breadcrumb from the top down; a step that comes twice counts once."""
    rows: list[Row] = []
    for section in sections:
        parent = rows[-1]["id"] if rows else None
        place = url_key(section.url) if section.url else f"{parent}\n{section.title.casefold()}"
        number = stable_id(f"section\n{portal_id}\n{place}")
        if all(row["id"] != number for row in rows):
            row = {"id": number, "portal_id": portal_id, "title": section.title, "url": section.url}
            rows.append({**row, "parent_id": parent})
    return rows


def author_row(author: Author) -> Row:
    """A person of a unit is one author, however the two are written together; else the byline is the key."""
    key = f"{author.name}\n{author.unit_code or author.unit_name or ''}" if author.name else author.byline
    return {
        "id": stable_id(f"author\n{key.casefold()}"),
        "name": author.name,
        "unit_code": author.unit_code,
        "unit_name": author.unit_name,
        "byline": author.byline,
    }


def tag_row(name: str) -> Row:
    return {"id": stable_id(f"tag\n{name.casefold()}"), "name": name}


def image_rows(article_id: int, images: tuple[Image, ...]) -> list[Row]:
    rows: list[Row] = []
    counted: dict[int, int] = {}
    for image in images:
        file_id = url_id(image.url)
        nth = counted[file_id] = counted.get(file_id, 0) + 1
        rows.append(
            {
                "id": stable_id(f"image\n{article_id}\n{file_id}\n{nth}"),
                "article_id": article_id,
                "position": image.position,
                "url": image.url,
                "code": image.code,
                "code_event": image.code_event,
                "code_month": image.code_month,
                "code_number": image.code_number,
                "caption": image.caption,
                "alt": image.alt,
                "original_name": image.original_name,
                "uploaded_at": image.uploaded_at,
                "width": image.width,
                "height": image.height,
                "file_id": file_id,
                "picture_id": _picture_id(image, file_id),
            }
        )
    return rows


def _picture_id(image: Image, file_id: int) -> int:
    """One number for a picture under the file names of every portal generation.

    A name alone (``1.jpg``) tells nothing; with its upload time to the second it does, and a code does.
    """
    if image.original_name and image.uploaded_at:
        return stable_id(f"picture\n{image.original_name.casefold()}\n{image.uploaded_at}")
    return stable_id(f"picture\n{image.code.casefold()}") if image.code else file_id


def attachment_rows(article: Article, article_id: int) -> list[Row]:
    rows: dict[int, Row] = {}
    for attachment in article.attachments:
        file_id = url_id(attachment.url)
        row: Row = {"id": stable_id(f"attachment\n{article_id}\n{file_id}"), "article_id": article_id}
        row |= {"position": len(rows), "url": attachment.url, "title": attachment.title, "file_id": file_id}
        rows.setdefault(file_id, row)
    return list(rows.values())


def document_row(document: Document, *, portal_id: int, listed_at: str | None) -> Row:
    """A document without a page of its own is known by its number or file on the page that lists it.

    ``listed_at`` is the address of that page; None when the page is about this one document.
    """
    own = url_key(document.url)
    if listed_at is not None and own == url_key(listed_at):
        own += f"\n{document.number or document.attachment_url}"
    file_url = document.attachment_url
    return {
        "id": stable_id(f"document\n{own}"),
        "portal_id": portal_id,
        "number": document.number,
        "kind": document.kind,
        "issued_on": document.issued_on,
        "issuer": document.issuer,
        "signer": document.signer,
        "abstract": document.abstract,
        "url": document.url,
        "url_id": url_id(document.url),
        "attachment_url": file_url,
        "attachment_id": url_id(file_url) if file_url else None,
    }


def listing_row(listing: Listing, *, portal_id: int) -> Row:
    return {
        "id": stable_id(f"listing\n{url_key(listing.url)}\n{listing.list_id}"),
        "portal_id": portal_id,
        "url": listing.url,
        "list_id": listing.list_id,
        "title": listing.title,
        "total_items": listing.total_items,
        "items_per_page": listing.items_per_page,
    }


def listing_item_row(item: ListingItem, *, listing_id: int) -> Row:
    address = url_id(item.url)
    return {
        "id": stable_id(f"item\n{listing_id}\n{address}"),
        "listing_id": listing_id,
        "url_id": address,
        "url": item.url,
        "title": item.title,
        "author": item.author,
        "published_on": item.published_on,
        "lead": item.lead,
        "image_url": item.image_url,
    }


def file_row(capture: Capture, *, width: int | None, height: int | None) -> Row:
    return {
        "id": url_id(capture.url),
        "url": capture.url,
        "media_type": capture.media_type,
        "bytes": capture.bytes,
        "sha256": capture.body_sha256,
        "width": width,
        "height": height,
        "captured_at": capture.captured_at,
        "capture_id": capture.id,
    }


def failure_row(url: str, stage: str, error: str, seen_at: str, capture_id: int | None) -> Row:
    number = stable_id(f"failure\n{url}\n{stage}\n{error}\n{seen_at}\n{capture_id}")
    return {
        "id": number,
        "url": url,
        "capture_id": capture_id,
        "stage": stage,
        "error": error,
        "seen_at": seen_at,
    }
