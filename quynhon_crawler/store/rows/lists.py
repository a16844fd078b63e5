"""Rows of lists, their items, and legal documents."""

from __future__ import annotations

from typing import Any

from quynhon_crawler.model import Document, Listing, ListingItem, stable_id
from quynhon_crawler.store.rows.addresses import url_id
from quynhon_crawler.urls import url_key

Row = dict[str, Any]


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
