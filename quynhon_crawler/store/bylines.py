"""The writer that only a listing names (VHV: the hidden ``span.artile-author``), given to the article."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.extract import bylines as printed
from quynhon_crawler.store.merge import stamp_of
from quynhon_crawler.store.names import Names

_LISTED = """
    SELECT author, field_stamps, id FROM listing_items WHERE author IS NOT NULL AND url_id IN
        (SELECT ?1 UNION SELECT url_id FROM sightings WHERE article_id = ?1)"""


class Bylines:
    """An article's own page comes first; without a byline there, the newest listing that has one counts."""

    def __init__(self, connection: sqlite3.Connection, names: Names) -> None:
        self._connection = connection
        self._names = names

    def register(self, text: str) -> int | None:
        """The author that a listing's text names; None when it names nobody."""
        found = printed.parse(text, labelled=True)
        return self._names.add_author(found.author) if found and found.author else None

    def derive(self, article_id: int) -> None:
        """Fill the byline from listings, if the newest page gives none."""
        sql = "SELECT 1 FROM _article_state WHERE article_id = ? AND page_byline IS NULL"
        if self._connection.execute(sql, (article_id,)).fetchone() is None:
            return
        listed = self._connection.execute(_LISTED, (article_id,)).fetchall()
        found: tuple[str | None, int | None] = (None, None)
        for text, _, _ in sorted(listed, key=lambda row: (*stamp_of(row[1], "author"), row[2])):
            author_id = self.register(text)
            if author_id is not None:
                found = (text, author_id)
        byline_from = "listing" if found[0] else None
        self._connection.execute(
            "UPDATE articles SET byline = ?, author_id = ?, byline_from = ? WHERE id = ? AND byline IS NOT ?",
            (*found, byline_from, article_id, found[0]),
        )
