"""Legal documents."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.publish.lookup.rows import Row, many
from quynhon_crawler.store.finder import Finder
from quynhon_crawler.store.words import terms, unwanted

_TEXTS = ("number", "abstract", "issuer", "signer", "kind")
# All ways of writing the day: 2019-08-07, 07/08/2019 as it is printed, 7/8/2019.
_DAYS = (
    "issued_on",
    "strftime('%d/%m/%Y', issued_on)",
    "ltrim(strftime('%d/', issued_on), '0') || ltrim(strftime('%m/%Y', issued_on), '0')",
)


def has_documents(connection: sqlite3.Connection) -> bool:
    """Whether there is any."""
    return connection.execute("select 1 from documents limit 1").fetchone() is not None


def documents(connection: sqlite3.Connection, typed: str, *, skip: int, size: int) -> tuple[int, list[Row]]:
    """Legal documents that hold what was typed, marks aside; the latest first. How many, and one page.

    Words in quotes, beginnings (``giao*``) and a minus mean what they mean in the search of articles.
    """
    if typed and not terms(typed):
        return 0, []
    wanted, without = Finder(terms(typed)), Finder(unwanted(typed))
    connection.create_function(
        "meant", 1, lambda text: wanted.all_in(text) and not without.any_in(text), deterministic=True
    )
    texts = (f"coalesce({text}, '')" for text in (*_TEXTS, *_DAYS))
    where = f"""meant({" || ' ' || ".join(texts)})"""
    total = connection.execute(f"select count(*) from documents where {where}").fetchone()[0]  # noqa: S608
    rows = many(
        connection,
        f"""select documents.*, files.capture_id as file_capture, files.bytes as file_bytes,
                     files.media_type as file_type
              from documents left join files on files.id = documents.attachment_id
             where {where} order by issued_on desc, number limit ? offset ?""",  # noqa: S608
        size,
        skip,
    )
    return total, rows
