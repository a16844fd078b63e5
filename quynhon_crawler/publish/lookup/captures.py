"""Captures, the bodies behind them, and what was withdrawn."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.extract.images import full_size
from quynhon_crawler.model import stable_id
from quynhon_crawler.publish.lookup.rows import Row, one
from quynhon_crawler.urls import url_key


def capture(connection: sqlite3.Connection, capture_id: int) -> Row | None:
    """A capture that may be shown, with the article that its address belongs to."""
    return one(
        connection,
        """select captures.*, articles.id as article_id, articles.title as article_title,
                  portals.name as portal
             from captures
             left join articles on articles.capture_id = captures.id
             left join portals on portals.id = articles.portal_id
            where captures.id = ?""",
        capture_id,
    )


def body_of(connection: sqlite3.Connection, found: Row) -> Row | None:
    """The capture that holds a capture's body: itself, or for a revisit the response that it repeats.

    Also one that is withdrawn: the bytes are those of the capture that may be shown. Of several the newest:
    what was damaged is fetched again.
    """
    if found["record_type"] != "revisit":
        return found
    return one(
        connection,
        """select * from main.captures where body_sha256 = ? and record_type <> 'revisit'
            order by captured_at desc limit 1""",
        found["body_sha256"],
    )


# The takedown that names what is asked for, or a hidden article of {showing}, an address that showed it, its
# twin in another portal, or a document of which it is the file.
_TAKEDOWN = """
    with asked(id) as (select ?1 union select ?2),
        used as (select file_id, article_id from main.images where file_id in asked
            union all select file_id, article_id from main.attachments where file_id in asked),
        hidden as (select article_id from main.hidden_articles),
        first(id) as (select id from ({showing}) where id in hidden),
        mine(id) as (select id from first
            union select same_as_id from main.same_as where article_id in first),
        twins(id) as (select id from mine union select article_id from main.same_as where same_as_id in mine),
        names(id) as (select id from asked union select id from twins
            union select url_id from main.sightings where article_id in twins {documents})
    select * from main.takedowns where id in names order by at limit 1"""
_OF_ARTICLE = _TAKEDOWN.format(showing="select ?1 as id", documents="")
_OF_ADDRESS = _TAKEDOWN.format(
    showing="""select ?1 as id
        union select article_id from main.sightings where url_id = ?1 and url_id <> article_id
        union select article_id from used where not exists (select 1 from used as other
            where other.file_id = used.file_id and other.article_id not in hidden)""",
    documents="union select url_id from main.documents where attachment_id in asked",
)


def withdrawn(connection: sqlite3.Connection, url: str) -> Row | None:
    """The takedown of an address: its own, or that of what alone it belongs to; None: public.

    A smaller copy of a picture goes with the picture, a file with its document.
    """
    return one(connection, _OF_ADDRESS, stable_id(url_key(url)), stable_id(url_key(full_size(url))))


def shown(connection: sqlite3.Connection, capture_id: int) -> tuple[Row | None, Row | None]:
    """A capture that may be shown, or the takedown that hides it; neither: there is none."""
    found = one(connection, "select * from captures where id = ?", capture_id)
    if found is not None:
        return found, None
    hidden = one(connection, "select url from main.captures where id = ?", capture_id)
    return None, hidden and withdrawn(connection, hidden["url"])


def withdrawn_article(connection: sqlite3.Connection, article_id: int) -> Row | None:
    """The takedown of an article, of an address of it or of its twin; None when public."""
    return one(connection, _OF_ARTICLE, article_id, article_id)
