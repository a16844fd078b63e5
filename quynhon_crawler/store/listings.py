"""What lists say: their own totals, their items, and rows of legal documents."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.model import Capture, Listing, Reading
from quynhon_crawler.store import rows
from quynhon_crawler.store.bylines import Bylines
from quynhon_crawler.store.lives import Lives
from quynhon_crawler.store.merge import merge


class Listings:
    """Writes listings and documents, column by column the newest page that tells it (merge.py)."""

    def __init__(self, connection: sqlite3.Connection, bylines: Bylines) -> None:
        self._connection = connection
        self._bylines = bylines
        self._lives = Lives(connection)
        self._registered: set[str] = set()

    def clear(self) -> None:
        """Forget what was done in a transaction that was given up."""
        self._registered.clear()

    def put(self, capture: Capture, reading: Reading, portal_id: int) -> None:
        """The list and the documents of one page."""
        if reading.listing is not None:
            self._put_list(capture, reading.listing, portal_id)
        # A page with several documents is a list, not about one of them.
        listed = reading.listing is not None or len(reading.documents) > 1
        for document in reading.documents:
            row = rows.document_row(document, portal_id=portal_id, listed_at=capture.url if listed else None)
            merge(self._connection, "documents", row, (capture.captured_at, capture.id))

    def _put_list(self, capture: Capture, listing: Listing, portal_id: int) -> None:
        stamp = (capture.captured_at, capture.id)
        row = rows.listing_row(listing, portal_id=portal_id)
        merge(self._connection, "listings", row, stamp)
        for item in listing.items:
            item_row = rows.listing_item_row(item, listing_id=row["id"])
            told = merge(self._connection, "listing_items", item_row, stamp)
            if item.author and item.author not in self._registered:
                self._registered.add(item.author)
                self._bylines.register(item.author)
            if "author" in told:
                for article_id in self._lives.at(item_row["url_id"]):
                    self._bylines.derive(article_id)
