"""What belongs to an article beside its own row: pictures, attachments, tags, and the files behind them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.model import Article
from quynhon_crawler.store import rows

# Told by the file, once it is here.
_OF_THE_FILE = frozenset({"width", "height"})


def different_parts(connection: sqlite3.Connection, article_id: int, article: Article) -> Iterator[str]:
    """Which of them are not what the article's page says."""
    for table, wanted in (
        ("images", rows.image_rows(article_id, article.images)),
        ("attachments", rows.attachment_rows(article, article_id)),
    ):
        names = [name for name in wanted[0] if name not in _OF_THE_FILE] if wanted else ["id"]
        sql = f"SELECT {', '.join(names)} FROM {table} WHERE article_id = ? ORDER BY id"  # noqa: S608 - names above
        held = connection.execute(sql, (article_id,)).fetchall()
        if held != sorted(tuple(row[name] for name in names) for row in wanted):
            yield table
    tagged = connection.execute("SELECT tag_id FROM article_tags WHERE article_id = ?", (article_id,))
    if {number for (number,) in tagged} != {rows.tag_row(name)["id"] for name in article.tags}:
        yield "tags"


def check_parts(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Pictures and attachments that say other things of their file than its capture does."""
    for table in ("images", "attachments"):
        sql = f"""SELECT part.url, c.warc_file, c.warc_offset FROM {table} part
            JOIN captures c ON c.id = part.capture_id
            WHERE part.sha256 IS NOT c.body_sha256 OR part.bytes IS NOT c.bytes"""  # noqa: S608 - names above
        for url, file, offset in connection.execute(sql):
            what = (
                f"{table}: length or SHA-256 are not those of its capture; `quynhon rebuild` brings it level"
            )
            yield Problem("row", what, file, offset, url)
