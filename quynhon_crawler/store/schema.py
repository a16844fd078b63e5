"""The schema of quynhon.db as numbered migrations (sqlite-utils). A published migration never changes."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from quynhon_crawler.store import fulltext, tables
from quynhon_crawler.store.rows import content_key_of, picture_id_of
from quynhon_crawler.store.settle import settle
from quynhon_crawler.store.twins import pair

migrations = Migrations("quynhon_crawler")

# "QYNH": marks a database as ours (PRAGMA application_id).
APPLICATION_ID = 0x51594E48


@migrations()
def m001_tables(db: Database) -> None:
    """What is kept."""
    for statement in (*tables.TABLES, *tables.INDEXES, *tables.VIEWS):
        db.conn.execute(statement)


@migrations()
def m002_search(db: Database) -> None:
    """Full-text search over what is kept; indexes the articles that are there already."""
    for statement in (*fulltext.INDEXES, *fulltext.triggers(), *fulltext.REBUILD):
        db.conn.execute(statement)


@migrations()
def m003_one_form(db: Database) -> None:
    """Archives of before the first release get the columns, indexes, views and pairs of today.

    From here on a change of tables.py or fulltext.py is a migration of its own, and all of these stay.
    """
    settle(db.conn)
    keys: set[int] = set()
    sql = "SELECT id, title, published_at, length(body) FROM articles"
    for number, title, published_at, length in db.conn.execute(sql).fetchall():
        key = content_key_of(title, published_at, length)
        keys |= set() if key is None else {key}
        db.conn.execute("UPDATE _article_state SET content_key = ? WHERE article_id = ?", (key, number))
    pair(db.conn, sorted(keys))


@migrations()
def m004_many_portals(db: Database) -> None:
    """Indexes by portal and by crawl, so that a portal among a thousand is found without reading the others.

    The steps above make them too where they make everything anew. What is hidden is found without reading
    every article. A picture whose code is written in parts (hnbch_08_2019_001) is the same without them.
    """
    for statement in tables.VIEWS:
        if "VIEW hidden_articles" in statement:
            db.conn.execute("DROP VIEW hidden_articles")
            db.conn.execute(statement)
    for statement in tables.INDEXES:
        db.conn.execute(statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))
    sql = "SELECT id, original_name, uploaded_at, code, file_id FROM images WHERE code IS NOT NULL"
    for number, *named in db.conn.execute(sql).fetchall():
        db.conn.execute("UPDATE images SET picture_id = ? WHERE id = ?", (picture_id_of(*named), number))


@migrations()
def m005_titles(db: Database) -> None:
    """An index of the titles alone: schema 6 made it one of titles and leads."""


@migrations()
def m006_heads(db: Database) -> None:
    """An index of titles and leads, which the triggers keep right too, and one of what narrows a search."""
    for statement in tables.INDEXES:
        db.conn.execute(statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))
    names = {row[0] for row in db.conn.execute("SELECT name FROM sqlite_master")}
    if "articles_heads" in names:
        return
    db.conn.execute("DROP TABLE IF EXISTS articles_titles")
    db.conn.execute(fulltext.HEADS)
    for name in ("articles_ai", "articles_ad", "articles_au"):
        db.conn.execute(f"DROP TRIGGER {name}")
    for statement in (*fulltext.triggers(), *(each for each in fulltext.REBUILD if "articles_heads" in each)):
        db.conn.execute(statement)


VERSION = 6
