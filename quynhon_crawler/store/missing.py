"""WARC files that rows lead to and that are not in the archive folder."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from quynhon_crawler.home import OPEN

# One step through the index for each file, however many captures it holds.
_NAMES = """
    WITH RECURSIVE names(name) AS (
        SELECT min(warc_file) FROM captures
        UNION ALL SELECT (SELECT min(warc_file) FROM captures WHERE warc_file > name) FROM names
            WHERE name IS NOT NULL)
    SELECT name FROM names WHERE name IS NOT NULL"""


@dataclass(frozen=True, slots=True)
class Missing:
    """A file and the number of captures whose bytes lay in it."""

    name: str
    captures: int

    @property
    def why(self) -> str:
        """What is wrong and what to do, to be put behind the name."""
        return f"is not in warc/, and {self.captures:,} captures lie in it; put it back from a copy"


def missing_files(connection: sqlite3.Connection, folder: Path) -> list[Missing]:
    """By name. ``folder`` is the archive's ``warc/``; a file that is still open (``.open``) is there."""
    there = {path.name.removesuffix(OPEN) for path in folder.iterdir()} if folder.is_dir() else set()
    names = known_files(connection)
    sql = "SELECT count(*) FROM captures WHERE warc_file = ?"
    return [
        Missing(name, connection.execute(sql, (name,)).fetchone()[0]) for name in names if name not in there
    ]


def known_files(connection: sqlite3.Connection) -> list[str]:
    """The files that rows lead to, by name."""
    return [row[0] for row in connection.execute(_NAMES)]


def dates_in(connection: sqlite3.Connection, name: str) -> list[str]:
    """The WARC-Date of each capture of a file."""
    found = connection.execute("SELECT captured_at FROM captures WHERE warc_file = ?", (name,))
    return [row[0] for row in found]
