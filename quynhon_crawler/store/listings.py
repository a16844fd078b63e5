"""What lists say: their own totals, their items, and rows of legal documents."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.model import Capture, Document, Listing
from quynhon_crawler.store import rows
from quynhon_crawler.store.bylines import Bylines
from quynhon_crawler.store.merge import merge


class Listings:
    """Writes listings and documents, column by column the newest page that tells it (merge.py)."""

    def __init__(self, connection: sqlite3.Connection, bylines: Bylines) -> None:
        self._connection = connection
        self._bylines = bylines
        self._registered: set[str] = set()

    def put_listing(self, capture: Capture, listing: Listing, portal_id: int) -> None:
        stamp = (capture.captured_at, capture.id)
        row = rows.listing_row(listing, portal_id=portal_id)
        merge(self._connection, "listings", row, stamp)
        for item in listing.items:
            item_row = rows.listing_item_row(item, listing_id=row["id"])
            changed = merge(self._connection, "listing_items", item_row, stamp)
            if item.author and item.author not in self._registered:
                self._registered.add(item.author)
                self._bylines.register(item.author)
            if "author" in changed:
                for article_id in self._articles_at(item_row["url_id"]):
                    self._bylines.derive(article_id)

    def put_documents(
        self, capture: Capture, documents: tuple[Document, ...], portal_id: int, listed: bool
    ) -> None:
        """``listed`` tells that the page is a list, not about one document."""
        stamp = (capture.captured_at, capture.id)
        listed_at = capture.url if listed or len(documents) > 1 else None
        for document in documents:
            row = rows.document_row(document, portal_id=portal_id, listed_at=listed_at)
            merge(self._connection, "documents", row, stamp)

    def _articles_at(self, url_id: int) -> list[int]:
        sql = """SELECT article_id FROM _article_state WHERE article_id = ?1
            UNION SELECT article_id FROM sightings WHERE url_id = ?1"""
        return [row[0] for row in self._connection.execute(sql, (url_id,))]
