"""WARC files that a crash left open: a torn end is cut off, damage in the middle stays where it is.

Behind a damaged spot whole records may follow, and a WARC file is written once: such a file keeps every byte.
What the database knows of records that are no more goes: it is made again, and they are asked for again.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from quynhon_crawler.crawl.frontier import Frontier
from quynhon_crawler.crawl.problems import Problems
from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.losses import other_lengths
from quynhon_crawler.manifest import read_manifest
from quynhon_crawler.plural import plural
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.store import Store, missing_files
from quynhon_crawler.store.database import told
from quynhon_crawler.urls import canonical
from quynhon_crawler.warc.reader import Record
from quynhon_crawler.warc.walk import Fault, walk

logger = logging.getLogger(__name__)

_REBUILD = "rebuild"
_BY_HAND = "then run: quynhon rebuild --without-lost"
_ROWS = "SELECT id, method, url, captured_at, warc_offset FROM captures WHERE warc_file = ?"


@dataclass(slots=True)
class Left:
    """A file that was left open: where its whole records begin, what is damaged between them, and how many
    bytes of its end were moved aside."""

    path: Path
    whole: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    torn_bytes: int = 0

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(OPEN)


def left_open(home: Home) -> list[Left]:
    """All of them, each without its torn end. Raises OSError."""
    return [_look(home, path) for path in sorted(home.warc.glob(f"*{OPEN}"))]


def _look(home: Home, path: Path) -> Left:
    left, end = Left(path), 0
    faults = []
    for item in walk(path):
        if isinstance(item, Record):
            end = item.offset + item.length
            left.whole.add(item.offset)
        elif item.length != 0:  # a remark is no loss
            faults.append(item)
    left.faults = [fault for fault in faults if fault.offset < end]
    left.torn_bytes = _cut(home, path, end)
    return left


def _cut(home: Home, path: Path, end: int) -> int:
    """What is behind the last whole record is moved aside; how much that was."""
    size = path.stat().st_size
    if end == size:
        return 0
    aside = home.state / "torn"
    aside.mkdir(exist_ok=True)
    with path.open("rb+") as stream:
        stream.seek(end)
        kept = aside / f"{path.name.removesuffix(OPEN)}@{end}"
        with kept.open("wb") as copy:
            copy.write(stream.read())
            os.fsync(copy.fileno())
        stream.truncate(end)
        os.fsync(stream.fileno())
    logger.warning("%s: a torn record at %s was moved to %s", path.name, f"{end:,}", kept)
    return size - end


def forget_damaged(home: Home, frontier: Frontier, left: list[Left], problems: Problems) -> None:
    """Damage is told, and what only the database still knows of it goes. Safe to interrupt.

    Rows follow from records in many tables, so the database is made again rather than mended. Raises
    ArchiveError.
    """
    for each in left:
        for fault in each.faults:
            why = f"{fault.why}; the records around it are kept and read, what it held is asked for again"
            problems.add_file(f"{fault.file}@{fault.offset}", why)
    lost = _lost_rows(home, left)
    for rows in lost.values():
        _ask_again(frontier, ((method, url) for _, method, url, _ in rows))
        frontier.memory.forget(at for *_, at in rows)
        frontier.set_fact(_REBUILD, "1")
    frontier.commit()
    if frontier.fact(_REBUILD) is None or not home.database.exists():
        return
    others = _others_lost(home)
    for name, rows in lost.items():
        why = f"has lost {plural(len(rows), 'answer')} that the database had"
        if _others_lost(home):
            problems.add_file(
                name, f"{why}; put back what else is missing, the next crawl then mends the database"
            )
            return
        problems.add_file(
            name, f"{why}; the database was made again without, and what they held is asked for again"
        )
    if others:  # a rebuild would refuse, or take away all that is left of those
        frontier.set_fact(_REBUILD, None)
        return
    # A rebuild keeps the old database as long as it holds rows that the files do not.
    with told(home.database), closing(sqlite3.connect(home.database)) as connection, connection:
        ids = [(number,) for rows in lost.values() for number, *_ in rows]
        connection.executemany("DELETE FROM captures WHERE id = ?", ids)
    rebuild(home)
    frontier.set_fact(_REBUILD, None)
    frontier.commit()


def ask_unanswered(frontier: Frontier, store: Store) -> None:
    """Answers that the database never knew are lost without a trace: who is done and has none is asked."""
    done = frontier.ledger.execute("SELECT method, url FROM fetches WHERE state = 2").fetchall()
    store.flush()
    _ask_again(frontier, (each for each in done if not store.has_address(each[1])))


def _ask_again(frontier: Frontier, lost: Iterable[tuple[str, str]]) -> None:
    """Of these (method, address) the answers are lost; of an address with forms all are asked again.

    ``release`` counts anew.
    """
    listed = json.dumps([[method, canonical(url)] for method, url in lost])
    frontier.ledger.execute(
        "UPDATE fetches SET state = 0 WHERE state = 2 AND (method, url) IN"
        " (SELECT value ->> 0, value ->> 1 FROM json_each(?))",
        (listed,),
    )


_Row = tuple[int, str, str, str]


def _lost_rows(home: Home, left: list[Left]) -> dict[str, list[_Row]]:
    """Rows (id, method, URL, WARC-Date) that lead into these files and to no whole record, by file."""
    found: dict[str, list[_Row]] = {}
    if not left or not home.database.exists():
        return found
    with told(home.database), closing(Store.open(home.database).connection) as connection:
        for each in left:
            for *row, offset in connection.execute(_ROWS, (each.name,)):
                if offset not in each.whole:
                    found.setdefault(each.name, []).append((row[0], row[1], row[2], row[3]))
    return found


def _others_lost(home: Home) -> bool:
    """Whether closed files are gone or changed: their rows are all that is left of them."""
    with closing(Store.open(home.database, readonly=True).connection) as connection:
        return bool(missing_files(connection, home.warc) or other_lengths(home, read_manifest(home)))
