"""The timelines of articles in the database: read, stepped, folded anew and written (timeline.py folds).

Tables ``sightings`` and ``url_events`` hold what was seen; ``article_versions``, ``changes`` and the times in
``articles`` follow from them.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

from quynhon_crawler.store.timeline import Change, Event, Life, State, Version, fold, step

_STATE = """
    SELECT s.event_at, s.event_capture_id, s.seen_at, s.seen_capture_id, s.seen_url_id, s.text_digest,
        a.first_seen_at, a.last_seen_at, a.changed_at, a.gone_at, a.version,
        s.reading_digest, s.content_key, s.page_byline
    FROM _article_state s JOIN articles a ON a.id = s.article_id WHERE s.article_id = ?"""
_TIMES = """
    UPDATE articles SET first_seen_at = ?, last_seen_at = ?, changed_at = ?, gone_at = ?, version = ?,
        capture_id = ? WHERE id = ?"""
# SQLite rewrites the index of every column that is named, whether its value changes or not.
_SEEN_AGAIN = "UPDATE articles SET last_seen_at = ?, capture_id = ? WHERE id = ?"
_SAVE_SEEN = """
    UPDATE _article_state SET event_at = ?, event_capture_id = ?, seen_at = ?, seen_capture_id = ?,
        seen_url_id = ? WHERE article_id = ?"""
_SAVE = """
    INSERT OR REPLACE INTO _article_state(article_id, event_at, event_capture_id, seen_at, seen_capture_id,
        seen_url_id, text_digest, reading_digest, content_key, page_byline)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
# An article's own address has its number, so that only others need an index (sightings_url).
_EVENTS = """
    SELECT seen_at, capture_id, url_id, 'seen', text_digest, NULL FROM sightings WHERE article_id = :id
    UNION ALL
    SELECT seen_at, capture_id, url_id, state, 0, reason FROM url_events WHERE url_id IN
        (SELECT :id UNION SELECT url_id FROM sightings WHERE article_id = :id)"""
_VERSION = """
    INSERT INTO article_versions(article_id, version, seen_at, capture_id, text_digest, title, byline,
        published_at, lead, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_CHANGE = "INSERT INTO changes(article_id, at, kind, version, capture_id, reason) VALUES (?, ?, ?, ?, ?, ?)"

Texts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered of an article between two events."""

    state: State
    reading_digest: int
    content_key: int | None
    page_byline: str | None

    @property
    def says(self) -> tuple[int | str | None, ...]:
        """What lasts until the page changes."""
        return self.state.text_digest, self.reading_digest, self.content_key, self.page_byline


class Lives:
    """Reads and writes timelines."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def kept(self, article_id: int) -> Kept | None:
        """What is known of an article; None when there is none."""
        row = self._connection.execute(_STATE, (article_id,)).fetchone()
        if row is None:
            return None
        at, capture_id, seen_at, seen_capture_id, seen_url_id, digest, first, last, changed, gone, version = (
            row[:11]
        )
        state = State(
            article_id,
            (at, capture_id),
            (seen_at, seen_capture_id),
            seen_url_id,
            first,
            last,
            changed,
            gone,
            version,
            digest,
        )
        return Kept(state, *row[11:])

    def has_events(self, *url_ids: int) -> bool:
        """Whether anything is known of these addresses beside sightings."""
        marks = ", ".join("?" * len(url_ids))
        sql = f"SELECT 1 FROM url_events WHERE url_id IN ({marks}) LIMIT 1"
        return self._connection.execute(sql, url_ids).fetchone() is not None

    def at(self, url_id: int) -> list[int]:
        """The articles that an address stands for, or once did."""
        sql = """SELECT article_id FROM _article_state WHERE article_id = ?1
            UNION SELECT article_id FROM sightings WHERE url_id = ?1 AND url_id <> article_id"""
        return [row[0] for row in self._connection.execute(sql, (url_id,))]

    def happened(self, article_id: int, event: Event) -> None:
        """An answer without a reading (304, 404...) from one of its addresses; in url_events already."""
        kept = self.kept(article_id)
        assert kept is not None
        if (event.at, event.capture_id) > kept.state.last:
            life = Life(kept.state)
            life.state = step(kept.state, event, life.versions, life.changes)
            self.append(life, {})
        else:
            life = self.refolded(article_id)
            self.rewrite(life, self.texts(article_id))
        self.save(replace(kept, state=life.state), kept)
        self.save_times(life.state, kept.state)

    def refolded(self, article_id: int) -> Life:
        """Folded from all that is known."""
        found = self._connection.execute(_EVENTS, {"id": article_id})
        return fold(article_id, (Event(*row) for row in found))

    def texts(self, article_id: int) -> dict[int, Texts]:
        """The versioned texts of an article by digest."""
        sql = """SELECT v.text_digest, v.title, v.byline, v.published_at,
                CASE WHEN v.body IS NULL THEN a.lead ELSE v.lead END, coalesce(v.body, a.body)
            FROM article_versions v JOIN articles a ON a.id = v.article_id WHERE v.article_id = ?"""
        found = self._connection.execute(sql, (article_id,))
        return {row[0]: dict(zip(_TEXT_COLUMNS, row[1:], strict=True)) for row in found}

    def keep_first_text(self, article_id: int) -> None:
        """Before the first change: the only version's text stands in ``articles`` alone until then."""
        self._connection.execute(
            """UPDATE article_versions SET (lead, body) = (SELECT lead, body FROM articles WHERE id = ?1)
                WHERE article_id = ?1 AND version = 1 AND body IS NULL""",
            (article_id,),
        )

    def append(self, life: Life, texts: dict[int, Texts]) -> None:
        """What came about beyond what is written; a first version's text stays in ``articles``."""
        for version in life.versions:
            self._write_version(
                life.state.article_id, version, texts[version.text_digest], version.number > 1
            )
        self._write_changes(life.state.article_id, life.changes)

    def rewrite(self, life: Life, texts: dict[int, Texts]) -> None:
        """All of it anew."""
        article_id = life.state.article_id
        self._connection.execute("DELETE FROM article_versions WHERE article_id = ?", (article_id,))
        self._connection.execute("DELETE FROM changes WHERE article_id = ?", (article_id,))
        for version in life.versions:
            self._write_version(article_id, version, texts[version.text_digest], len(life.versions) > 1)
        self._write_changes(article_id, life.changes)

    def save(self, kept: Kept, before: Kept | None) -> None:
        """Where the fold stands; ``before`` is where it stood."""
        state = kept.state
        seen = (*state.last, *state.seen, state.seen_url_id)
        if before is not None and kept.says == before.says:
            self._connection.execute(_SAVE_SEEN, (*seen, state.article_id))
        else:
            self._connection.execute(_SAVE, (state.article_id, *seen, *kept.says))

    def save_times(self, state: State, before: State) -> None:
        """The columns of ``articles`` that follow from its life; ``before`` is what they show."""
        if _lasting(state) == _lasting(before):
            self._connection.execute(_SEEN_AGAIN, (state.last_seen_at, state.seen[1], state.article_id))
            return
        values = (state.first_seen_at, state.last_seen_at, state.changed_at, state.gone_at, state.version)
        self._connection.execute(_TIMES, (*values, state.seen[1], state.article_id))

    def _write_version(self, article_id: int, version: Version, texts: Texts, whole: bool) -> None:
        shown = [texts["title"], texts["byline"], texts["published_at"]]
        long = [texts["lead"], texts["body"]] if whole else [None, None]
        place = (article_id, version.number, version.at, version.capture_id, version.text_digest)
        self._connection.execute(_VERSION, (*place, *shown, *long))

    def _write_changes(self, article_id: int, changes: list[Change]) -> None:
        for change in changes:
            values = (change.at, change.kind, change.version, change.capture_id, change.reason)
            self._connection.execute(_CHANGE, (article_id, *values))


def _lasting(state: State) -> tuple[str | int | None, ...]:
    return state.first_seen_at, state.changed_at, state.gone_at, state.version


_TEXT_COLUMNS = ("title", "byline", "published_at", "lead", "body")
