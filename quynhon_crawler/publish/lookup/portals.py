"""Portals: all of them with what they hold, and one with its sections, crawls and lists."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from quynhon_crawler.publish.lookup.archive import listings
from quynhon_crawler.publish.lookup.articles import CARD, sections
from quynhon_crawler.publish.lookup.rows import Row, many, one

_LAST = """(select id from crawls last
             where last.portal_id = portals.id and mode <> 'import' and started_at <> ''
             order by started_at desc limit 1)"""


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal with what its page shows."""

    row: Row
    sections: list[Row]
    cards: list[Row]
    crawls: list[Row]
    listings: list[Row]


def portal_count(connection: sqlite3.Connection) -> int:
    """How many portals there are."""
    return int(connection.execute("select count(*) from portals").fetchone()[0])


def portals(connection: sqlite3.Connection) -> list[Row]:
    """All portals, with how many articles they hold and when they published last: an index tells."""
    return many(
        connection,
        """select portals.id, coalesce(portals.name, portals.home_url) as name, portals.home_url,
                  coalesce(held.articles, 0) as articles, held.newest
             from portals left join
                  (select portal_id, count(*) as articles, max(published_at) as newest
                     from articles group by portal_id) held on held.portal_id = portals.id""",
    )


def portal_name(connection: sqlite3.Connection, portal_id: int) -> str | None:
    """The name of a portal; None: there is none."""
    row = one(connection, "select coalesce(name, home_url) as name from portals where id = ?", portal_id)
    return None if row is None else row["name"]


def portal(connection: sqlite3.Connection, portal_id: int, *, newest: int, crawls: int) -> Portal | None:
    """A portal with its newest articles and last crawls; None: none such."""
    row = one(
        connection,
        """select portals.*, coalesce(name, home_url) as name,
                  (select count(*) from articles where portal_id = portals.id) as articles,
                  (select count(*) from documents where portal_id = portals.id) as documents,
                  (select count(*) from articles
                    where portal_id = portals.id and changed_at is not null) as changed,
                  (select min(published_at) from articles where portal_id = portals.id) as oldest,
                  (select max(published_at) from articles where portal_id = portals.id) as newest
             from portals where id = ?""",
        portal_id,
    )
    if row is None:
        return None
    return Portal(
        row=row,
        sections=sections(connection, portal_id),
        cards=many(
            connection,
            f"""select {CARD} where articles.portal_id = ?
                order by articles.published_at desc, articles.id limit ?""",
            portal_id,
            newest,
        ),
        crawls=many(
            connection,
            "select * from crawls where portal_id = ? and started_at <> '' order by started_at desc limit ?",
            portal_id,
            crawls,
        ),
        listings=listings(connection, portal_id),
    )


def incomplete(connection: sqlite3.Connection, limit: int) -> list[Row]:
    """Portals whose last crawl did not find all that their lists count, those that miss most first."""
    return many(
        connection,
        f"""select portals.id, coalesce(portals.name, portals.home_url) as name,
                  crawls.listed_total, crawls.listed_captured
             from portals join crawls on crawls.id = {_LAST}
            where listed_captured < listed_total
            order by listed_total - listed_captured desc, name limit ?""",  # noqa: S608
        limit,
    )
