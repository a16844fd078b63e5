"""One article with all that its page shows, also what lies beside it: in time, and by its tags."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from quynhon_crawler.publish.alphabet import order
from quynhon_crawler.publish.lookup.articles import Picture, pictures
from quynhon_crawler.publish.lookup.rows import Row, many, one

_RELATED = 5
# Of a tag with more articles than these, the first ones of an index of hashed ids are a fair sample.
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Story:
    """An article with all that its page shows."""

    article: Row
    path: list[Row]
    pictures: list[Picture]
    attachments: list[Row]
    tags: list[str]
    related: list[Row]
    versions: list[Row]
    captures: list[Row]
    earlier: Row | None
    later: Row | None


def story(connection: sqlite3.Connection, article_id: int) -> Story | None:
    """Everything of one article; None when there is no such article."""
    article = one(
        connection,
        """select articles.*, coalesce(portals.name, portals.home_url) as portal, portals.rights,
                  authors.name as author_name, authors.unit_code, authors.unit_name,
                  captures.captured_at, captures.warc_file, captures.warc_offset, captures.warc_length,
                  captures.body_sha256, captures.status, captures.url_key, captures.media_type,
                  captures.url as capture_url
             from articles
             left join portals on portals.id = articles.portal_id
             left join authors on authors.id = articles.author_id
             left join captures on captures.id = articles.capture_id
            where articles.id = ?""",
        article_id,
    )
    if article is None:
        return None
    return Story(
        article=article,
        path=_path(connection, article["section_id"]),
        pictures=pictures(connection, article_id),
        attachments=many(
            connection, "select * from attachments where article_id = ? order by position", article_id
        ),
        tags=_tags(connection, article_id),
        related=related(connection, article_id, _RELATED),
        versions=many(
            connection,
            "select * from article_history where article_id = ? order by version desc",
            article_id,
        ),
        captures=many(
            connection,
            """select id, captured_at, status, record_type from captures
                where url_key = ? and method = 'GET' order by captured_at desc limit 50""",
            article["url_key"],
        ),
        earlier=_neighbour(connection, article, "<", "desc"),
        later=_neighbour(connection, article, ">", "asc"),
    )


def related(connection: sqlite3.Connection, article_id: int, limit: int) -> list[Row]:
    """Articles with tags of this one: those that share most, rare tags counting more; then the newest."""
    tags = many(
        connection,
        """select tag_id, (select count(*) from article_tags used where used.tag_id = mine.tag_id) as articles
             from article_tags mine where article_id = ? order by articles limit 12""",
        article_id,
    )
    shared: dict[int, float] = {}
    for tag in tags:
        for row in connection.execute(
            "select article_id from article_tags where tag_id = ? limit ?", (tag["tag_id"], _SAMPLE)
        ):
            shared[row[0]] = shared.get(row[0], 0) + 1 / tag["articles"]
    shared.pop(article_id, None)
    # Of many that share as much the newest are wanted: some more than are shown, and the rest by date.
    likely = sorted(shared, key=lambda number: (-shared[number], number))[: limit * 12]
    places = ",".join("?" * len(likely))
    rows = many(
        connection,
        f"select id, title, published_at from articles where id in ({places})",  # noqa: S608
        *likely,
    )
    rows.sort(key=lambda row: row["published_at"] or "", reverse=True)
    rows.sort(key=lambda row: -shared[row["id"]])
    return rows[:limit]


def _neighbour(connection: sqlite3.Connection, article: Row, side: str, order: str) -> Row | None:
    if not article["published_at"] or not article["section_id"]:
        return None
    return one(
        connection,
        f"""select id, title, published_at from articles where section_id = ? and published_at {side} ?
            order by published_at {order} limit 1""",  # noqa: S608
        article["section_id"],
        article["published_at"],
    )


def _path(connection: sqlite3.Connection, section_id: int | None) -> list[Row]:
    path: list[Row] = []
    while section_id is not None and len(path) < 8:
        row = one(connection, "select id, title, parent_id from main.sections where id = ?", section_id)
        if row is None:
            break
        path.insert(0, row)
        section_id = row["parent_id"]
    return path


def _tags(connection: sqlite3.Connection, article_id: int) -> list[str]:
    rows = many(
        connection,
        """select tags.name from article_tags join tags on tags.id = article_tags.tag_id
            where article_tags.article_id = ?""",
        article_id,
    )
    return sorted((row["name"] for row in rows), key=order)
