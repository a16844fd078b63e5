"""Legal documents."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.publish.lookup.rows import Row, many
from quynhon_crawler.store.words import bare


def has_documents(connection: sqlite3.Connection) -> bool:
    """Whether there is any."""
    return connection.execute("select 1 from documents limit 1").fetchone() is not None


def documents(connection: sqlite3.Connection, typed: str, *, skip: int, size: int) -> tuple[int, list[Row]]:
    """Legal documents that hold every word typed, marks aside; the latest first. How many, and one page."""
    connection.create_function("bare", 1, lambda text: bare(text or ""), deterministic=True)
    texts = "coalesce(number, '') || ' ' || coalesce(abstract, '') || ' ' || coalesce(issuer, '') || ' ' ||"
    texts += " coalesce(signer, '') || ' ' || coalesce(kind, '') || ' ' ||"
    # Both ways of writing the day: 2019-08-27, and 27/08/2019 as it is printed.
    texts += " coalesce(issued_on, '') || ' ' || coalesce(strftime('%d/%m/%Y', issued_on), '')"
    wanted = [bare(word) for word in typed.split()[:8]]
    where = " and ".join(f"instr(bare({texts}), ?)" for _ in wanted) or "1"
    total = connection.execute(f"select count(*) from documents where {where}", wanted).fetchone()[0]  # noqa: S608
    rows = many(
        connection,
        f"""select documents.*, files.capture_id as file_capture, files.bytes as file_bytes,
                     files.media_type as file_type
              from documents left join files on files.id = documents.attachment_id
             where {where} order by issued_on desc, number limit ? offset ?""",  # noqa: S608
        *wanted,
        size,
        skip,
    )
    return total, rows
