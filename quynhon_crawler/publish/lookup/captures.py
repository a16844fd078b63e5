"""Captures, the bodies behind them, and what was withdrawn."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.model import stable_id
from quynhon_crawler.publish.lookup.rows import Row, one
from quynhon_crawler.urls import url_key


def capture(connection: sqlite3.Connection, capture_id: int) -> Row | None:
    """A capture with the article that its address belongs to, also one that is withdrawn."""
    return one(
        connection,
        """select captures.*, articles.id as article_id, articles.title as article_title,
                  portals.name as portal
             from main.captures
             left join articles on articles.capture_id = captures.id
             left join portals on portals.id = articles.portal_id
            where captures.id = ?""",
        capture_id,
    )


def body_of(connection: sqlite3.Connection, capture_id: int) -> Row | None:
    """The capture that holds a capture's body: itself, or for a revisit the response that it repeats."""
    found = one(connection, "select * from captures where id = ?", capture_id)
    if found is None or found["record_type"] != "revisit":
        return found
    return one(
        connection,
        """select * from captures where body_sha256 = ? and record_type <> 'revisit'
            order by captured_at limit 1""",
        found["body_sha256"],
    )


def withdrawn(connection: sqlite3.Connection, url: str) -> Row | None:
    """The takedown of an address: its own, or that of the only articles it belongs to; None: public."""
    return one(
        connection,
        """with used as (select article_id from main.images where file_id = ?1
                         union all select article_id from main.attachments where file_id = ?1),
                hidden as (select article_id from main.hidden_articles)
           select * from main.takedowns where id = ?1
           union all
           select * from main.takedowns
            where exists (select 1 from main.sightings join hidden using (article_id) where url_id = ?1)
               or (exists (select 1 from used where article_id in hidden)
                   and not exists (select 1 from used where article_id not in hidden))
           limit 1""",
        stable_id(url_key(url)),
    )


def visible_capture(connection: sqlite3.Connection, capture_id: int) -> Row | None:
    """A capture that may be shown; None when there is none or it was withdrawn."""
    found = one(connection, "select * from main.captures where id = ?", capture_id)
    return None if found is None or withdrawn(connection, found["url"]) else found


def withdrawn_article(connection: sqlite3.Connection, article_id: int) -> Row | None:
    """The takedown of an article, by its own id or through ``hidden_articles``; None when public."""
    return one(
        connection,
        """select * from main.takedowns where id = ?1
            union all
           select id, url, reason, at from main.takedowns where exists
             (select 1 from main.hidden_articles where article_id = ?1) limit 1""",
        article_id,
    )


def withdrawn_at(connection: sqlite3.Connection) -> str | None:
    """When something was withdrawn last; None: nothing is."""
    row = one(connection, "select max(at) as at from main.takedowns")
    return None if row is None else row["at"]
