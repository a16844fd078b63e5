"""The archive as a whole: its numbers, what changed, how crawls went, its tables."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.publish.lookup.rows import Row, many, one
from quynhon_crawler.store.counts import LAST_CAPTURE

# Gone now, and listed once, by the last time.
_STILL = """and articles.gone_at is not null and not exists (select 1 from changes later
    where later.article_id = changes.article_id and later.kind = changes.kind and later.at > changes.at)"""


def numbers(connection: sqlite3.Connection) -> Row | None:
    """How much the archive holds, and since when."""
    return one(
        connection,
        f"""select (select count(*) from articles) as articles,
                  (select count(*) from images where sha256 is not null) as images,
                  (select count(*) from attachments where sha256 is not null) as attachments,
                  (select count(*) from captures) as captures,
                  (select min(published_at) from articles) as oldest,
                  ({LAST_CAPTURE}) as last_capture""",  # noqa: S608
    )


def changes(
    connection: sqlite3.Connection, kinds: tuple[str, ...], *, still: bool, skip: int, size: int
) -> list[Row]:
    """What happened to articles, the latest first; ``still``: only of articles that are gone now."""
    places = ",".join("?" * len(kinds))
    return many(
        connection,
        f"""select changes.*, articles.title, articles.published_at, sections.title as section,
                   coalesce(portals.name, portals.home_url) as portal
              from changes join articles on articles.id = changes.article_id
              left join main.sections on sections.id = articles.section_id
               left join portals on portals.id = articles.portal_id
             where changes.kind in ({places}) {_STILL if still else ""}
             order by changes.at desc, changes.article_id limit ? offset ?""",  # noqa: S608
        *kinds,
        size,
        skip,
    )


def crawls(connection: sqlite3.Connection, limit: int) -> list[Row]:
    """The last crawls."""
    return many(
        connection,
        """select crawls.*, portals.name as portal from crawls
             left join portals on portals.id = crawls.portal_id
            order by started_at desc limit ?""",
        limit,
    )


def listings(connection: sqlite3.Connection, portal_id: int | None = None) -> list[Row]:
    """The portals' own lists (of one portal): how many items each counts, how many of them are here."""
    return many(
        connection,
        f"""select listings.title, listings.url, listings.total_items, listings.seen_at,
                  count(listing_items.id) as listed,
                  count(articles.id) + count(documents.id) as kept
             from listings left join listing_items on listing_items.listing_id = listings.id
             left join articles on articles.id = listing_items.url_id
             left join documents on articles.id is null and documents.url_id = listing_items.url_id
            where listings.total_items is not null {"" if portal_id is None else "and listings.portal_id = ?"}
            group by listings.id order by listings.total_items desc limit 100""",  # noqa: S608
        *(() if portal_id is None else (portal_id,)),
    )


def failures(connection: sqlite3.Connection, limit: int) -> list[Row]:
    """Addresses that gave nothing: why, how often, when last. What the portal removed is no failure."""
    return many(
        connection,
        """select url, stage, error, max(seen_at) as seen_at, count(*) as times
             from (select * from failures order by seen_at desc limit 5000) lately
            where not exists (select 1 from url_events join articles on articles.id = url_events.url_id
                 where url_events.capture_id = lately.capture_id and url_events.state = 'gone'
                   and articles.gone_at is not null)
            group by url, stage, error order by 4 desc, url limit ?""",
        limit,
    )


def schema(connection: sqlite3.Connection) -> list[tuple[str, list[str]]]:
    """Tables and views with their columns."""
    rows = connection.execute(
        """select name from main.sqlite_master where type in ('table', 'view')
             and name not like 'sqlite_%' and name not like '\\_%' escape '\\' order by name"""
    ).fetchall()
    return [
        (
            row["name"],
            [column["name"] for column in connection.execute(f"pragma table_info([{row['name']}])")],
        )
        for row in rows
    ]
