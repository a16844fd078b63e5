"""Which rows may leave the archive: all but those of items that were taken down.

An item goes with all that tells of it: its versions, pictures, captures, failures, its place in lists, names
and tags that no other article bears. What stays is the tombstone, and a capture that a visible row rests on.
"""

from __future__ import annotations

import sqlite3

from quynhon_crawler.store import fulltext
from quynhon_crawler.store.content import public_tables
from quynhon_crawler.urls import url_key

# {taken} is what the takedowns themselves name; the others are what is hidden with it.
_NAMES = {
    "articles": "SELECT id FROM temp.hidden_article",
    "files": "SELECT id FROM temp.hidden_file",
    "captures": "SELECT id FROM temp.hidden_capture",
    "addresses": "SELECT id FROM temp.hidden_address",
    "urls": "SELECT url FROM temp.hidden_url",
    "taken": "SELECT id FROM temp.taken",
}
_OF_ARTICLE = "article_id NOT IN ({articles})"
_OF_ADDRESS = "url_id NOT IN ({addresses})"
_CONDITIONS = {
    "articles": "id NOT IN ({articles})",
    **dict.fromkeys(("article_versions", "changes", "sightings", "article_tags"), _OF_ARTICLE),
    **dict.fromkeys(("listing_items", "url_events"), _OF_ADDRESS),
    **dict.fromkeys(("images", "attachments"), f"{_OF_ARTICLE} AND file_id NOT IN ({{files}})"),
    "same_as": f"{_OF_ARTICLE} AND same_as_id NOT IN ({{articles}})",
    "files": "id NOT IN ({files})",
    "documents": "url_id NOT IN ({taken}) AND coalesce(attachment_id, 0) NOT IN ({taken})",
    "captures": "id NOT IN ({captures})",
    "failures": "coalesce(capture_id, 0) NOT IN ({captures}) AND url NOT IN ({urls})",
    "authors": "id NOT IN (SELECT id FROM temp.hidden_author)",
    "tags": "id NOT IN (SELECT id FROM temp.hidden_tag)",
}
_NOTES = (
    "CREATE TEMP TABLE hidden_article AS SELECT article_id AS id FROM hidden_articles",
    """CREATE TEMP TABLE hidden_address AS SELECT id FROM temp.taken UNION {articles}
        UNION SELECT url_id FROM sightings WHERE article_id IN ({articles})""",
    # A picture of a hidden article that no other shows.
    """CREATE TEMP TABLE hidden_file AS
        SELECT file_id AS id FROM images WHERE article_id IN ({articles})
        UNION SELECT file_id FROM attachments WHERE article_id IN ({articles})
        EXCEPT SELECT file_id FROM images WHERE article_id NOT IN ({articles})
        EXCEPT SELECT file_id FROM attachments WHERE article_id NOT IN ({articles})
        UNION SELECT id FROM temp.taken""",
    """CREATE TEMP TABLE hidden_author AS
        SELECT author_id AS id FROM articles WHERE id IN ({articles}) AND author_id IS NOT NULL
        EXCEPT SELECT author_id FROM articles WHERE id NOT IN ({articles})""",
    """CREATE TEMP TABLE hidden_tag AS
        SELECT tag_id AS id FROM article_tags WHERE article_id IN ({articles})
        EXCEPT SELECT tag_id FROM article_tags WHERE article_id NOT IN ({articles})""",
    """CREATE TEMP TABLE hidden_key AS SELECT key FROM temp.taken
        UNION SELECT c.url_key FROM sightings s JOIN captures c ON c.id = s.capture_id
            WHERE s.article_id IN ({articles})
        UNION SELECT c.url_key FROM files f JOIN captures c ON c.id = f.capture_id WHERE f.id IN ({files})""",
    """CREATE TEMP TABLE hidden_capture AS
        SELECT id FROM captures WHERE url_key IN (SELECT key FROM temp.hidden_key)""",
    """CREATE TEMP TABLE hidden_url AS
        SELECT url FROM temp.taken UNION SELECT url FROM captures WHERE id IN ({captures})""",
)


def note(connection: sqlite3.Connection) -> None:
    """Write down on this connection what is hidden; ``condition`` needs it. Works on read-only ones."""
    if connection.execute("SELECT 1 FROM temp.sqlite_master WHERE name = 'taken'").fetchone():
        return
    taken = [(*row, url_key(row[1])) for row in connection.execute("SELECT id, url FROM takedowns")]
    connection.execute("CREATE TEMP TABLE taken(id INTEGER PRIMARY KEY, url TEXT, key TEXT)")
    connection.executemany("INSERT INTO temp.taken VALUES (?, ?, ?)", taken)
    for statement in _NOTES:
        connection.execute(statement.format(**_NAMES))
    for table in public_tables(connection):
        # What stays: a section is known from the newest page that shows it, which may be the hidden one.
        if table not in ("captures", "failures") and _has_capture(connection, table):
            rests = f"SELECT capture_id FROM {table} WHERE capture_id IS NOT NULL AND {condition(table)}"
            connection.execute(f"DELETE FROM temp.hidden_capture WHERE id IN ({rests})")


def withdrawn(connection: sqlite3.Connection) -> frozenset[str]:
    """The keys (``urls.url_key``) of all addresses of which no record may leave the archive."""
    note(connection)
    return frozenset(row[0] for row in connection.execute("SELECT key FROM temp.hidden_key"))


def condition(table: str) -> str:
    """SQL for WHERE: true for rows that may be shown, on a connection that ``note`` has seen."""
    return _CONDITIONS.get(table, "TRUE").format(**_NAMES)


def delete_hidden(connection: sqlite3.Connection) -> bool:
    """Remove from a copy what may not leave the archive, out of its indexes too; tells whether it did."""
    note(connection)
    if connection.execute("SELECT 1 FROM temp.taken LIMIT 1").fetchone() is None:
        return False
    for table in _CONDITIONS:
        connection.execute(f"DELETE FROM {table} WHERE NOT ({condition(table)})")
    for index in fulltext.NAMES:
        # Words of deleted articles stay in an index until its parts are merged.
        connection.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")
    return True


def _has_capture(connection: sqlite3.Connection, table: str) -> bool:
    sql = "SELECT 1 FROM pragma_table_info(?) WHERE name = 'capture_id'"
    return connection.execute(sql, (table,)).fetchone() is not None
