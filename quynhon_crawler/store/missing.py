"""WARC files that rows lead to and that are not in the archive folder, and files that no row leads to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from quynhon_crawler.home import OPEN
from quynhon_crawler.plural import plural
from quynhon_crawler.store.counts import has_capture
from quynhon_crawler.warc.answers import Answer, answer_of
from quynhon_crawler.warc.reader import paired
from quynhon_crawler.warc.survey import survey
from quynhon_crawler.warc.walk import Fault

# One step through the index for each file, however many captures it holds.
_NAMES = """
    WITH RECURSIVE names(name) AS (
        SELECT min(warc_file) FROM captures
        UNION ALL SELECT (SELECT min(warc_file) FROM captures WHERE warc_file > name) FROM names
            WHERE name IS NOT NULL)
    SELECT name FROM names WHERE name IS NOT NULL"""

#: Answers of a file that are looked at by who has no time for all of them.
SOME = 100


@dataclass(frozen=True, slots=True)
class Missing:
    """A file and the number of captures whose bytes lay in it."""

    name: str
    captures: int

    @property
    def why(self) -> str:
        """What is wrong, to be put behind the name."""
        captures = plural(self.captures, "capture")
        lie = "lies" if self.captures == 1 else "lie"
        return f"is not in warc/, and {captures} {lie} in it"


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


def unread_files(
    connection: sqlite3.Connection, paths: Iterable[Path], *, most: int | None = None
) -> list[Path]:
    """Those that no row leads to though they hold an answer without a row, among the first ``most`` of them.

    A record has one row however many files hold it.
    """
    known = set(known_files(connection))
    return [path for path in paths if path.name not in known and _has_news(connection, path, most)]


def _has_news(connection: sqlite3.Connection, path: Path, most: int | None) -> bool:
    answers = (item for item in paired(survey(path)) if not isinstance(item, Fault))
    found = (answer_of(item, crawl_id=None) for item in answers)
    captures = (answer.capture for answer in found if isinstance(answer, Answer))
    return any(not has_capture(connection, capture.id) for capture in islice(captures, most))


def dates_in(connection: sqlite3.Connection, name: str, *, behind: int = 0) -> list[str]:
    """The WARC-Date of each capture of a file that ends behind a byte."""
    sql = "SELECT captured_at FROM captures WHERE warc_file = ? AND warc_offset + warc_length > ?"
    return [row[0] for row in connection.execute(sql, (name, behind))]
