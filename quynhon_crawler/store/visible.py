"""Which rows may leave the archive: all but those of items that were taken down."""

from __future__ import annotations

import sqlite3

_ARTICLE = "{} NOT IN (SELECT article_id FROM hidden_articles)"
_ADDRESS = "{} NOT IN (SELECT id FROM takedowns)"
_FILE = "({0} IS NULL OR {0} NOT IN (SELECT id FROM takedowns))"

# A table that is not named here holds nothing of an item but its address, as the takedown itself does.
_CONDITIONS = {
    "articles": _ARTICLE.format("id"),
    "article_versions": _ARTICLE.format("article_id"),
    "changes": _ARTICLE.format("article_id"),
    "sightings": _ARTICLE.format("article_id"),
    "article_tags": _ARTICLE.format("article_id"),
    "same_as": f"{_ARTICLE.format('article_id')} AND {_ARTICLE.format('same_as_id')}",
    "images": f"{_ARTICLE.format('article_id')} AND {_ADDRESS.format('file_id')}",
    "attachments": f"{_ARTICLE.format('article_id')} AND {_ADDRESS.format('file_id')}",
    "files": _ADDRESS.format("id"),
    "documents": f"{_ADDRESS.format('url_id')} AND {_FILE.format('attachment_id')}",
    "listing_items": f"{_ADDRESS.format('url_id')} AND {_ARTICLE.format('url_id')}",
}


def condition(table: str) -> str:
    """SQL for WHERE: true for rows that may be shown."""
    return _CONDITIONS.get(table, "TRUE")


def has_takedowns(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM takedowns LIMIT 1").fetchone() is not None


def delete_hidden(connection: sqlite3.Connection) -> None:
    """Remove from a copy what may not leave the archive, out of its full-text indexes too."""
    hidden = [row[0] for row in connection.execute("SELECT article_id FROM hidden_articles")]
    connection.execute("CREATE TEMP TABLE hiding AS SELECT value AS id FROM json_each(?)", (str(hidden),))
    # The view looks into the tables that are being emptied: the list above stands in for it.
    for table, visible in _CONDITIONS.items():
        listed = visible.replace("SELECT article_id FROM hidden_articles", "SELECT id FROM temp.hiding")
        connection.execute(f"DELETE FROM {table} WHERE NOT ({listed})")
    connection.execute("DROP TABLE temp.hiding")
    for index in ("articles_fts", "articles_exact"):
        # Words of deleted articles stay in an index until its parts are merged.
        connection.execute(f"INSERT INTO {index}({index}) VALUES ('optimize')")
