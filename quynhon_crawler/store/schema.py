"""The schema of quynhon.db as numbered migrations (sqlite-utils). A published migration never changes."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from quynhon_crawler.store import fulltext, tables

migrations = Migrations("quynhon_crawler")

# "QYNH": marks a database as ours (PRAGMA application_id).
APPLICATION_ID = 0x51594E48


@migrations()
def m001_tables(db: Database) -> None:
    """What is kept."""
    for statement in (*tables.TABLES, *tables.INDEXES, *tables.VIEWS):
        db.conn.execute(statement)


@migrations()
def m002_search(db: Database) -> None:
    """Full-text search over what is kept; indexes the articles that are there already."""
    for statement in (*fulltext.INDEXES, *fulltext.triggers(), *fulltext.REBUILD):
        db.conn.execute(statement)


VERSION = 2
