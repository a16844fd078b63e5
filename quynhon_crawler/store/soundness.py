"""Whether SQLite finds a database whole: pages that nobody asks for may be damaged for years."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from quynhon_crawler.store.medium import read_uri

_REMEDY = "make it again from the WARC files: quynhon rebuild"
# SQLite's own words are for who knows its pages; so many are counted.
_COUNTED = 10


def is_sound(database: Path) -> bool:
    """Whether nothing is wrong with it; one that is not there is sound. A second for a gigabyte."""
    if not database.exists():
        return True
    try:
        with closing(sqlite3.connect(read_uri(database), uri=True)) as connection:
            return damage_of(connection) is None
    except sqlite3.Error:
        return False


def damage_of(connection: sqlite3.Connection) -> str | None:
    """One line of what is wrong, and what to do; None when nothing is. Raises sqlite3.DatabaseError."""
    found = connection.execute(f"PRAGMA quick_check({_COUNTED})").fetchall()
    if found == [("ok",)]:
        return None
    count = f"{len(found)} places or more" if len(found) == _COUNTED else f"{len(found)} of its places"
    return f"damaged in {count}; {_REMEDY}"
