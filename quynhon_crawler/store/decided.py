"""The decisions in ``takedowns.jsonl`` against those that the database shows; each mended from the other."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.plural import are, plural
from quynhon_crawler.store.database import told
from quynhon_crawler.store.hold import held
from quynhon_crawler.store.medium import may_write, read_uri
from quynhon_crawler.store.store import Store
from quynhon_crawler.store.takedowns import decisions, journal_of, write
from quynhon_crawler.store.tombstones import ahead, behind


def undecided(connection: sqlite3.Connection, database: Path) -> str | None:
    """What is wrong with the file, in a line without its name; None when nothing is."""
    journal = journal_of(database)
    try:
        lost, unknown = ahead(connection, journal), behind(connection, journal)
    except ArchiveError as error:
        return str(error).removeprefix(f"{journal}: ")
    if unknown and not lost:
        return (
            f"tells of {plural(len(unknown), 'decision')} that the database does not show, as if put "
            "back from an older copy; run quynhon takedown --list, which brings it up to date"
        )
    if not lost:
        return None
    return (
        f"lacks {plural(len(lost), 'takedown')} that the database shows; put it back from a copy, or run "
        "quynhon takedown --list, which writes down again what the database knows"
    )


def fault_of(database: Path) -> str | None:
    """The same without a database too: a line of the file that is none."""
    try:
        decisions(journal_of(database))
    except ArchiveError as error:
        return str(error).removeprefix(f"{journal_of(database)}: ")
    return None


def write_again(database: Path) -> str | None:
    """Put into the file what it lacks, before anything is made from it; one line about that, or None.

    A database that is none knows no decisions. Raises ArchiveError when the file cannot be written.
    """
    journal = journal_of(database)
    if not database.exists():
        return None
    try:
        with closing(sqlite3.connect(read_uri(database), uri=True)) as connection:
            if not ahead(connection, journal):
                return None
            if not may_write(database):  # what is hidden stays so, by the database
                return f"{journal}: {undecided(connection, database)}; nothing can be written here"
            with held(database.absolute().parent):
                lost = ahead(connection, journal)
                write(journal, *lost)
    except sqlite3.Error:
        return None
    return (
        f"{journal}: {plural(len(lost), 'takedown')} that it lacked {are(len(lost))} written down again from "
        "the database; who decided is not known there"
    )


def catch_up(database: Path) -> str | None:
    """Let the database show every decision of the file, before anything is published from it; one line about
    that, or None.

    It is behind when it was put back from an older copy. Raises ArchiveError where nothing can be written.
    """
    journal = journal_of(database)
    with told(database), closing(sqlite3.connect(read_uri(database), uri=True)) as connection:
        unknown = behind(connection, journal)
    if not unknown:
        return None
    count = plural(len(unknown), "decision")
    if not may_write(database):
        raise ArchiveError(
            f"{database}: does not show {count} of {journal.name}, and nothing can be written here; what was "
            "withdrawn would be seen: copy the archive to where it can be brought up to date"
        )
    Store.open(database).close()
    return f"{database}: {count} of {journal.name} that it did not show {are(len(unknown))} in force again"
