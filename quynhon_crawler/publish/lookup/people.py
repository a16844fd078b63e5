"""Who wrote what: bylines, units, and their articles; pictures by their codes."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.publish.alphabet import Key, order
from quynhon_crawler.publish.lookup.articles import CARD
from quynhon_crawler.publish.lookup.rows import Row, many, one


def authors(connection: sqlite3.Connection) -> list[Row]:
    """Authors with articles, by unit, the most productive first; those without a unit last."""
    rows = many(
        connection,
        """select authors.*, count(*) as articles from articles
             join authors on authors.id = articles.author_id
            group by authors.id order by articles desc, authors.id limit 2000""",
    )

    def place(row: Row) -> tuple[bool, Key, int, Key]:
        unit_name = row["unit_name"] or row["unit_code"]
        return not unit_name, order(unit_name), -row["articles"], order(row["name"] or row["byline"])

    return sorted(rows, key=place)


def author(
    connection: sqlite3.Connection, author_id: int, skip: int, size: int
) -> tuple[Row, list[Row]] | None:
    """An author with the number of articles, and one page of them; None: none such."""
    found = one(
        connection,
        """select authors.*, (select count(*) from articles where author_id = authors.id) as articles
             from authors where id = ?""",
        author_id,
    )
    if found is None or not found["articles"]:
        return None
    cards = many(
        connection,
        f"""select {CARD} where articles.author_id = ?
             order by articles.published_at desc, articles.id limit ? offset ?""",
        author_id,
        size,
        skip,
    )
    return found, cards


def unit(connection: sqlite3.Connection, name: str, skip: int, size: int) -> tuple[int, list[Row]]:
    """Articles of all authors of a unit, by its name (its code where it has no name): how many, one page."""
    of_unit = "author_id in (select id from authors where coalesce(unit_name, unit_code) = ?)"
    total = connection.execute(f"select count(*) from articles where {of_unit}", (name,)).fetchone()[0]  # noqa: S608
    # The few that are shown first: looking for the picture of every article of a large unit takes long.
    cards = many(
        connection,
        f"""select {CARD} where articles.id in (
                select id from articles where {of_unit} order by published_at desc, id limit ? offset ?)
             order by articles.published_at desc, articles.id""",  # noqa: S608
        name,
        size,
        skip,
    )
    return total, cards


def events(connection: sqlite3.Connection) -> list[Row]:
    """Event codes and months of archived pictures, the latest month first."""
    return many(
        connection,
        """select code_event, code_month, count(*) as images from images
            where code_event > '' and sha256 is not null
            group by code_event, code_month order by code_month desc, code_event limit 5000""",
    )


def gallery(
    connection: sqlite3.Connection, event: str, month: str, skip: int, size: int
) -> tuple[int, list[Row]]:
    """Archived pictures of an event and month ("" for all), by code: how many, and one page of them."""
    where = """sha256 is not null and (?1 = '' or code_event = ?1) and (?2 = '' or code_month = ?2)"""
    total = connection.execute(f"select count(*) from images where {where}", (event, month)).fetchone()[0]  # noqa: S608
    rows = many(
        connection,
        f"""select images.capture_id, images.original_name, images.caption, images.code, images.article_id,
                   articles.title, articles.published_at
              from images join articles on articles.id = images.article_id
             where {where.replace("sha256", "images.sha256")}
             order by code_month desc, code_event, code_number, articles.published_at desc, images.id
             limit ?3 offset ?4""",  # noqa: S608
        event,
        month,
        size,
        skip,
    )
    return total, rows
