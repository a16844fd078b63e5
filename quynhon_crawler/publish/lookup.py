"""Every question that the screens ask of the database. Connections in, rows out; no HTML, no addresses.

Each function takes a ``sqlite3.Connection`` whose rows answer to column names.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from quynhon_crawler.model import stable_id
from quynhon_crawler.urls import url_key

Row = sqlite3.Row

_CARD = """
  articles.id, articles.kind, articles.title, articles.lead, articles.published_at, articles.byline,
  articles.gone_at, articles.changed_at, sections.id as section_id, sections.title as section,
  (select images.capture_id from images where images.article_id = articles.id
    and images.sha256 is not null order by images.position limit 1) as picture
  from articles left join sections on sections.id = articles.section_id
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an article. ``capture_id`` is None when the file was never captured."""

    position: int
    url: str
    name: str
    capture_id: int | None
    caption: str | None
    alt: str | None
    code: str | None
    width: int | None
    height: int | None
    bytes: int | None
    sha256: str | None

    @property
    def spoken_alt(self) -> str | None:
        """The alternative text of the page, unless it only repeats the file's name or code."""
        alt = (self.alt or "").strip()
        stem = self.name.rpartition(".")[0] or self.name
        return (
            None if alt.lower() in ("", stem.lower(), self.name.lower(), (self.code or "").lower()) else alt
        )


def one(connection: sqlite3.Connection, sql: str, *values: Any) -> Row | None:
    """The first row, or None."""
    found: Row | None = connection.execute(sql, values).fetchone()
    return found


def many(connection: sqlite3.Connection, sql: str, *values: Any) -> list[Row]:
    """Every row."""
    return connection.execute(sql, values).fetchall()


def newest(connection: sqlite3.Connection, limit: int) -> list[Row]:
    """The articles that the portal published last."""
    return many(connection, f"select {_CARD} order by articles.published_at desc, articles.id limit ?", limit)


def sections(connection: sqlite3.Connection) -> list[Row]:
    """Sections that hold articles, with how many, the fullest first."""
    return many(
        connection,
        """select sections.id, sections.title, count(*) as articles, max(articles.published_at) as newest
             from articles join sections on sections.id = articles.section_id
            group by sections.id order by articles desc, sections.title""",
    )


def numbers(connection: sqlite3.Connection) -> Row | None:
    """How much the archive holds, and since when."""
    return one(
        connection,
        """select (select count(*) from articles) as articles,
                  (select count(*) from images where sha256 is not null) as images,
                  (select count(*) from attachments where sha256 is not null) as attachments,
                  (select count(*) from captures) as captures,
                  (select min(published_at) from articles) as oldest,
                  (select max(captured_at) from captures) as last_capture""",
    )


def section(
    connection: sqlite3.Connection, section_id: int, page: int, size: int
) -> tuple[Row, list[Row]] | None:
    """A section with its number of articles, and one page of them, the newest first; None: none such."""
    found = one(
        connection,
        """select sections.*, (select count(*) from articles where section_id = sections.id) as articles,
                  portals.name as portal
             from sections left join portals on portals.id = sections.portal_id where sections.id = ?""",
        section_id,
    )
    if found is None:
        return None
    cards = many(
        connection,
        f"""select {_CARD} where articles.section_id = ?
            order by articles.published_at desc, articles.id limit ? offset ?""",
        section_id,
        size,
        (page - 1) * size,
    )
    return found, cards


def covers(connection: sqlite3.Connection, ids: list[int]) -> dict[int, int]:
    """For each of some articles that has an archived picture, the capture of its first."""
    places = ",".join("?" * len(ids))
    rows = many(
        connection,
        f"""select article_id, capture_id, min(position) from images
             where article_id in ({places}) and sha256 is not null group by article_id""",  # noqa: S608
        *ids,
    )
    return {row["article_id"]: row["capture_id"] for row in rows}


@dataclass(frozen=True, slots=True)
class Story:
    """An article with all that its page shows."""

    article: Row
    path: list[Row]
    pictures: list[Picture]
    attachments: list[Row]
    tags: list[str]
    versions: list[Row]
    captures: list[Row]
    earlier: Row | None
    later: Row | None


def story(connection: sqlite3.Connection, article_id: int) -> Story | None:
    """Everything of one article; None when there is no such article."""
    article = one(
        connection,
        """select articles.*, portals.name as portal, portals.rights,
                  authors.name as author_name, authors.unit_code, authors.unit_name,
                  captures.captured_at, captures.warc_file, captures.warc_offset, captures.warc_length,
                  captures.body_sha256, captures.status, captures.url_key
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


def pictures(connection: sqlite3.Connection, article_id: int) -> list[Picture]:
    """The pictures of an article in order of appearance."""
    return [
        Picture(
            position=row["position"],
            url=row["url"],
            name=row["original_name"] or row["url"].rpartition("/")[2] or "anh",
            capture_id=row["capture_id"] if row["sha256"] else None,
            caption=row["caption"],
            alt=row["alt"],
            code=row["code"],
            width=row["width"],
            height=row["height"],
            bytes=row["bytes"],
            sha256=row["sha256"],
        )
        for row in many(connection, "select * from images where article_id = ? order by position", article_id)
    ]


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
        row = one(connection, "select id, title, parent_id from sections where id = ?", section_id)
        if row is None:
            break
        path.insert(0, row)
        section_id = row["parent_id"]
    return path


def _tags(connection: sqlite3.Connection, article_id: int) -> list[str]:
    rows = many(
        connection,
        """select tags.name from article_tags join tags on tags.id = article_tags.tag_id
            where article_tags.article_id = ? order by tags.name""",
        article_id,
    )
    return [row["name"] for row in rows]


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
