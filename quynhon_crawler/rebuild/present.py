"""The database that a rebuild replaces: one that is damaged may be the last to know what was withdrawn."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from quynhon_crawler.home import Home
from quynhon_crawler.store.decided import write_again
from quynhon_crawler.store.medium import read_uri

DAMAGED = ".damaged"


def rescued(home: Home, *, sound: bool) -> Iterator[tuple[bool, str]]:
    """Its decisions written again where takedowns.jsonl lacks them: (whether that is a problem, a line).

    Of a damaged one the table of takedowns can mostly be read.
    """
    if line := write_again(home.database):
        yield False, line
    elif not sound and not home.takedowns.exists() and not _tells(home.database):
        yield (
            True,
            f"{home.takedowns.name} is not here, and the damaged database cannot tell what was withdrawn: "
            "put it back from a copy if anything was",
        )


def kept_aside(database: Path) -> str:
    """Give a damaged one another name; a line about that."""
    aside = database.with_name(database.name + DAMAGED)
    database.replace(aside)
    return f"{database.name} was damaged; it is kept as {aside.name}"


def _tells(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(read_uri(database), uri=True)) as connection:
            connection.execute("SELECT id, url, reason, at FROM takedowns").fetchall()
    except sqlite3.Error:
        return False
    return True
