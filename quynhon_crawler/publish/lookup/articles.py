"""Articles: cards of lists, and everything of one article."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from quynhon_crawler.publish.alphabet import order
from quynhon_crawler.publish.lookup.rows import Row, many, one

CARD = """
  articles.id, articles.kind, articles.title, articles.lead, articles.published_at, articles.byline,
  articles.gone_at, articles.changed_at, sections.id as section_id, sections.title as section,
  coalesce(portals.name, portals.home_url) as portal,
  (select images.capture_id from images where images.article_id = articles.id
    and images.sha256 is not null order by images.position limit 1) as picture
  from articles left join main.sections on sections.id = articles.section_id
  left join portals on portals.id = articles.portal_id
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


def newest(connection: sqlite3.Connection, limit: int) -> list[Row]:
    """The articles that the portal published last."""
    return many(connection, f"select {CARD} order by articles.published_at desc, articles.id limit ?", limit)


def section(
    connection: sqlite3.Connection, section_id: int, page: int, size: int
) -> tuple[Row, list[Row]] | None:
    """A section with its number of articles, and one page of them, the newest first; None: none such."""
    found = one(
        connection,
        """select sections.*, (select count(*) from articles where section_id = sections.id) as articles,
                  coalesce(portals.name, portals.home_url) as portal
             from main.sections left join portals on portals.id = sections.portal_id where sections.id = ?""",
        section_id,
    )
    if found is None:
        return None
    cards = many(
        connection,
        f"""select {CARD} where articles.section_id = ?
            order by articles.published_at desc, articles.id limit ? offset ?""",
        section_id,
        size,
        (page - 1) * size,
    )
    return found, cards


def sections(connection: sqlite3.Connection, portal_id: int | None = None) -> list[Row]:
    """Sections (of one portal) that hold articles, with how many, the fullest first."""
    rows = many(
        connection,
        f"""select sections.id, sections.title, count(*) as articles, max(articles.published_at) as newest
             from articles join main.sections on sections.id = articles.section_id
            where {"1" if portal_id is None else "sections.portal_id = ?"}
            group by sections.id""",  # noqa: S608
        *(() if portal_id is None else (portal_id,)),
    )
    return sorted(rows, key=lambda row: (-row["articles"], order(row["title"])))


def section_title(connection: sqlite3.Connection, section_id: int) -> str | None:
    """The name of a section; None: there is none."""
    row = one(connection, "select title from main.sections where id = ?", section_id)
    return None if row is None else row["title"]


def recent(
    connection: sqlite3.Connection, section_id: int | None, limit: int, *, portal_id: int | None = None
) -> list[Row]:
    """Articles by their last change, else by when they were published, the newest first.

    Of a section, or of a portal, where one is named. When the archive saw them first counts where no date is
    printed, or a later one: a first crawl meets ten years of news in an order that says nothing. Each order
    has its index; sorting all took 130 ms of 50,000 articles.
    """
    inside = "(?1 is null or section_id = ?1)" if portal_id is None else "portal_id = ?1"
    card = CARD.replace(
        "articles.changed_at, sections.id",
        """coalesce(articles.changed_at, min(articles.first_seen_at, coalesce(
             strftime('%Y-%m-%dT%H:%M:%SZ', articles.published_at), articles.first_seen_at))) as updated_at,
           sections.id""",
    )
    return many(
        connection,
        f"""select {card} where articles.id in (
                select id from (select id from articles where changed_at is not null and {inside}
                                 order by changed_at desc limit ?2)
                union select id from (select id from articles where {inside}
                                       order by published_at desc limit ?2)
                union select id from (select id from articles where {inside}
                                       order by first_seen_at desc limit ?2))
             order by updated_at desc, articles.published_at desc, articles.id limit ?2""",  # noqa: S608
        section_id if portal_id is None else portal_id,
        limit,
    )


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


def versions(connection: sqlite3.Connection, article_id: int) -> list[Row]:
    """The versions of an article with their texts, the newest first."""
    return many(
        connection, "select * from article_history where article_id = ? order by version desc", article_id
    )


def article_count(connection: sqlite3.Connection) -> int:
    """How many articles there are."""
    return int(connection.execute("select count(*) from articles").fetchone()[0])


def addresses(connection: sqlite3.Connection, skip: int, size: int) -> list[Row]:
    """Ids of articles with the time of their last change, for sitemaps."""
    return many(
        connection,
        "select id, coalesce(changed_at, first_seen_at) as at from articles order by id limit ? offset ?",
        size,
        skip,
    )
