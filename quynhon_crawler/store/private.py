"""What an earlier database knows and the WARC files do not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

# Takedowns are decisions of people; everything else is read again.
_COPIED = ("takedowns",)


def copy(connection: sqlite3.Connection, old: Path) -> None:
    """Copy rows that are missing here. Nothing happens when there is no such database; its own errors do."""
    if not old.exists():
        return
    source = sqlite3.connect(f"{old.absolute().as_uri()}?mode=ro", uri=True)
    try:
        for table in _COPIED:
            cursor = source.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            sql = f"INSERT OR IGNORE INTO {table}({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            connection.executemany(sql, cursor)
    finally:
        source.close()
