"""Readings of article pages, written so that the rows are a function of the set of readings.

Two paths lead to the same rows. A reading later than all that is known of its article appends; any other is
put in its place by folding the article's events anew. What a page shows now (``articles``, ``images``...)
is told by the newest reading, ties broken by the capture's id.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

from quynhon_crawler.model import Article, Capture, stable_id
from quynhon_crawler.store import rows
from quynhon_crawler.store.bylines import Bylines
from quynhon_crawler.store.files import Files
from quynhon_crawler.store.fulltext import Indexed, Indexing
from quynhon_crawler.store.lives import Kept, Lives
from quynhon_crawler.store.names import Names
from quynhon_crawler.store.statements import insert, update
from quynhon_crawler.store.timeline import Event, Life, State, step

_SEE = """INSERT OR IGNORE INTO sightings(capture_id, article_id, url_id, seen_at, text_digest)
    VALUES (?, ?, ?, ?, ?)"""
_TEXTS = ("title", "lead", "body")


class Articles:
    """Writes readings. ``touched`` gathers the content keys whose pairs must be looked at (twins.py)."""

    def __init__(
        self, connection: sqlite3.Connection, names: Names, files: Files, bylines: Bylines, indexing: Indexing
    ) -> None:
        self._connection = connection
        self._indexing = indexing
        self._names = names
        self._files = files
        self._bylines = bylines
        self._lives = Lives(connection)
        self.touched: set[int] = set()

    def put(self, capture: Capture, article: Article, portal_id: int) -> None:
        """One reading. A capture that was put before changes nothing."""
        article_id, address = rows.article_id(article, capture), stable_id(capture.url_key)
        stamp = (capture.captured_at, capture.id)
        kept = self._lives.kept(article_id)
        told = rows.reading_digest(article, portal_id)
        equal = kept is not None and kept.reading_digest == told
        digest = kept.state.text_digest if kept and equal else rows.text_digest(article)
        sighting = (capture.id, article_id, address, capture.captured_at, digest)
        if not self._connection.execute(_SEE, sighting).rowcount:
            return
        event = Event(capture.captured_at, capture.id, address, "seen", digest)
        # An equal reading names nobody new, but a section follows the newest page.
        section_id = self._names.add_sections(article, portal_id, stamp)
        newest = kept is None or stamp > kept.state.seen
        author_id, tag_ids = None, []
        if not equal:
            author_id = self._names.add_author(article.author) if article.author else None
            tag_ids = self._names.add_tags(article.tags)
        moved = kept is None or kept.state.seen_url_id != address
        in_order = (kept is None or stamp > kept.state.last) and not (
            moved and self._lives.has_events(article_id, address)
        )
        texts = {digest: rows.version_row(article)}
        if in_order:
            life = Life(kept.state if kept else State(article_id))
            life.state = step(life.state, event, life.versions, life.changes)
            if kept and life.versions:
                self._lives.keep_first_text(article_id)
        else:
            life = self._lives.refolded(article_id)
            texts = self._lives.texts(article_id) | texts
        if newest and not equal:
            row = rows.article_row(article, portal_id=portal_id, section_id=section_id, capture_id=capture.id)
            row["author_id"] = author_id
            self._write(row, kept, life.state, digest)
            self._write_parts(article, article_id, tag_ids, fresh=kept is None)
        elif kept:
            self._lives.save_times(life.state, kept.state)
        if in_order:
            self._lives.append(life, texts)
        else:
            self._lives.rewrite(life, texts)
        self._save(article, kept, life.state, told, newest)
        if moved or (newest and not equal):
            self._bylines.derive(article_id)

    def happened(self, event: Event) -> None:
        """An answer without a reading, in url_events already."""
        for article_id in self._lives.at(event.url_id):
            self._lives.happened(article_id, event)

    def _save(self, article: Article, kept: Kept | None, state: State, told: int, newest: bool) -> None:
        if kept and (not newest or kept.reading_digest == told):
            after = replace(kept, state=state)
        else:
            after = Kept(state, told, rows.content_key(article), article.byline)
        self._lives.save(after, kept)
        before = (
            (kept.content_key, kept.state.text_digest, kept.state.first_seen_at) if kept else (None, 0, "")
        )
        if before != (after.content_key, state.text_digest, state.first_seen_at):
            if before[0] is not None:
                sql = "DELETE FROM same_as WHERE article_id = ?1 OR same_as_id = ?1"
                self._connection.execute(sql, (state.article_id,))
            self.touched |= {key for key in (before[0], after.content_key) if key is not None}

    def _write(self, row: dict[str, Any], kept: Kept | None, state: State, digest: int) -> None:
        times = {
            "first_seen_at": state.first_seen_at,
            "last_seen_at": state.last_seen_at,
            "changed_at": state.changed_at,
            "gone_at": state.gone_at,
            "version": state.version,
        }
        row = row | times | {"id": state.article_id}
        if kept is None:
            self._connection.execute(insert("articles", row), row)
            self._indexing.changes(None, Indexed(state.article_id, *(row[name] for name in _TEXTS)))
            return
        same_text = kept.state.text_digest == digest
        if not same_text:
            sql = "SELECT id, title, lead, body FROM articles WHERE id = ?"
            old = Indexed(*self._connection.execute(sql, (state.article_id,)).fetchone())
            self._indexing.changes(old, Indexed(state.article_id, *(row[name] for name in _TEXTS)))
        columns = [name for name in row if not (same_text and name in _TEXTS)]
        self._connection.execute(update("articles", columns), row)

    def _write_parts(self, article: Article, article_id: int, tag_ids: list[int], *, fresh: bool) -> None:
        if not fresh:
            for table in ("images", "attachments", "article_tags"):
                self._connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
        self._files.put_images(article_id, rows.image_rows(article_id, article.images))
        self._files.put_attachments(article_id, rows.attachment_rows(article, article_id))
        sql = "INSERT INTO article_tags(article_id, tag_id) VALUES (?, ?)"
        self._connection.executemany(sql, [(article_id, tag_id) for tag_id in tag_ids])
