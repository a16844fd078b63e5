"""Which rows may leave the archive: all but those of items that were taken down.

An item goes with all that tells of it: its versions, pictures, captures (``reach``), failures, its place in
lists, names and tags that no other article bears. A row that may be shown and was read from a capture that
may not (a section is known from the newest page that shows it) stays, without the capture.
"""

from __future__ import annotations

import sqlite3

from quynhon_crawler.store import fulltext, reach
from quynhon_crawler.store.content import columns_of, public_tables
from quynhon_crawler.urls import url_key

# {taken} is what the takedowns themselves name; the others are what is hidden with it.
_NAMES = {
    "articles": "SELECT id FROM temp.hidden_article",
    "files": "SELECT id FROM temp.hidden_file",
    "captures": "SELECT id FROM temp.hidden_capture",
    "addresses": "SELECT id FROM temp.hidden_address",
    "hidden_urls": "SELECT url FROM temp.hidden_url",
}
_REACH = {
    "hidden": _NAMES["articles"],
    "taken": "SELECT id FROM temp.taken",
    "keys": "SELECT key FROM temp.taken",
    "urls": "SELECT url FROM temp.taken",
    "mine": "hidden_",
}
_OF_ARTICLE = "article_id NOT IN ({articles})"
_OF_ADDRESS = "url_id NOT IN ({addresses})"
_CONDITIONS = {
    "articles": "id NOT IN ({articles})",
    **dict.fromkeys(("article_versions", "sightings", "article_tags"), _OF_ARTICLE),
    # Its capture is part of a change's key: with an address that showed a hidden article, it goes.
    "changes": f"{_OF_ARTICLE} AND capture_id NOT IN ({{captures}})",
    **dict.fromkeys(("listing_items", "url_events"), _OF_ADDRESS),
    **dict.fromkeys(("images", "attachments"), f"{_OF_ARTICLE} AND file_id NOT IN ({{taken}})"),
    "same_as": f"{_OF_ARTICLE} AND same_as_id NOT IN ({{articles}})",
    "files": "id NOT IN ({files})",
    "documents": "url_id NOT IN ({taken}) AND coalesce(attachment_id, 0) NOT IN ({taken})",
    "captures": "id NOT IN ({captures})",
    "failures": "coalesce(capture_id, 0) NOT IN ({captures}) AND url NOT IN ({hidden_urls})",
    "authors": "id NOT IN (SELECT id FROM temp.hidden_author)",
    "tags": "id NOT IN (SELECT id FROM temp.hidden_tag)",
    # Addresses and reasons are for who asks for the item itself; the table is closed on the site too.
    "takedowns": "FALSE",
}
_NOTES = {
    "hidden_article(id)": "SELECT article_id FROM hidden_articles",
    "hidden_key(key)": reach.KEYS,
    "hidden_file(id)": reach.FILES,
    "hidden_capture(id)": reach.CAPTURES,
    "hidden_address(id)": reach.ADDRESSES,
    "hidden_url(url)": reach.URLS,
    "hidden_author(id)": """SELECT author_id FROM articles WHERE id IN ({hidden}) AND author_id IS NOT NULL
        EXCEPT SELECT author_id FROM articles WHERE id NOT IN ({hidden})""",
    "hidden_tag(id)": """SELECT tag_id FROM article_tags WHERE article_id IN ({hidden})
        EXCEPT SELECT tag_id FROM article_tags WHERE article_id NOT IN ({hidden})""",
}


def note(connection: sqlite3.Connection) -> None:
    """Write down on this connection what is hidden; ``condition`` needs it. Works on read-only ones."""
    if connection.execute("SELECT 1 FROM temp.sqlite_master WHERE name = 'taken'").fetchone():
        return
    reach.teach(connection)
    taken = [(*row, url_key(row[1])) for row in connection.execute("SELECT id, url FROM takedowns")]
    connection.execute("CREATE TEMP TABLE taken(id INTEGER PRIMARY KEY, url TEXT, key TEXT)")
    connection.executemany("INSERT INTO temp.taken VALUES (?, ?, ?)", taken)
    for table, question in _NOTES.items():
        name, _, column = table.rstrip(")").partition("(")
        connection.execute(f"CREATE TEMP TABLE {name}({column} PRIMARY KEY) WITHOUT ROWID")
        connection.execute(f"INSERT OR IGNORE INTO temp.{name} {question.format(**_REACH)}")


def withdrawn(connection: sqlite3.Connection) -> frozenset[str]:
    """The keys (``urls.url_key``) of all addresses of which no record may leave the archive."""
    note(connection)
    return frozenset(row[0] for row in connection.execute("SELECT key FROM temp.hidden_key"))


def condition(table: str) -> str:
    """SQL for WHERE: true for rows that may be shown, on a connection that ``note`` has seen."""
    return _CONDITIONS.get(table, "TRUE").format(**_NAMES, **_REACH)


def bereft(connection: sqlite3.Connection, table: str) -> bool:
    """Whether rows of a table may be shown, and the captures that they were read from may not."""
    if table in ("captures", "failures") or "capture_id" not in columns_of(connection, table):
        return False
    sql = f"SELECT 1 FROM {table} WHERE capture_id IN ({_NAMES['captures']}) AND {condition(table)} LIMIT 1"
    return connection.execute(sql).fetchone() is not None


def selected(connection: sqlite3.Connection, table: str) -> str:
    """The public columns of a table for SELECT: no row points to a capture that stays behind."""
    columns = ", ".join(columns_of(connection, table))
    if not bereft(connection, table):
        return columns
    kept = f"CASE WHEN capture_id NOT IN ({_NAMES['captures']}) THEN capture_id END AS capture_id"
    return columns.replace("capture_id", kept)


def delete_hidden(connection: sqlite3.Connection) -> bool:
    """Remove from a copy what may not leave the archive, out of its indexes too; tells whether it did."""
    note(connection)
    if connection.execute("SELECT 1 FROM temp.taken LIMIT 1").fetchone() is None:
        return False
    for table in public_tables(connection):
        if bereft(connection, table):
            _loosen(connection, table)
            sql = f"UPDATE {table} SET capture_id = NULL WHERE capture_id IN ({_NAMES['captures']})"
            connection.execute(f"{sql} AND {condition(table)}")
    for table in _CONDITIONS:
        connection.execute(f"DELETE FROM {table} WHERE NOT ({condition(table)})")
    for index in fulltext.NAMES:
        # Words of deleted articles stay in an index until its parts are merged.
        connection.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")
    return True


def _loosen(connection: sqlite3.Connection, table: str) -> None:
    """Let a capture be unknown; SQLite's own way to drop a constraint (lang_altertable.html, 8)."""
    connection.execute("PRAGMA writable_schema = ON")
    was, becomes = "capture_id INTEGER NOT NULL", "capture_id INTEGER"
    sql = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?"
    connection.execute(sql, (was, becomes, table))
    connection.execute("PRAGMA writable_schema = RESET")
