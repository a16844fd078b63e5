"""What was withdrawn is not there for strangers' SQL either: not in tables, JSON, CSV or free queries.

On a connection of Datasette's each table that could show a withdrawn item is covered by a temporary view of
the same name without it, and the table itself can be read through that view only. SQLite tells an authorizer
the name of the view (or of any subquery) that reads, so the reading views have a name that nobody can guess,
and what would tell it is closed: the list of temporary tables, query plans.

Drawn when a connection is made and something is withdrawn; ``freshness`` makes new connections when that
changes. With nothing withdrawn there is no view, and only the private tables are closed.
"""

from __future__ import annotations

import secrets
import sqlite3

from quynhon_crawler.publish.configuration import PRIVATE
from quynhon_crawler.store import fulltext, reach
from quynhon_crawler.store.descriptions import descriptions
from quynhon_crawler.urls import url_key

_BY_ARTICLE = ("article_versions", "article_tags", "changes", "sightings")
# {hidden}: withdrawn articles; {taken}, {urls}, {keys}: the withdrawn addresses themselves.
_OF_ARTICLE = "article_id not in ({hidden})"
# The newest page that shows a section may be withdrawn: then the section names no capture. Looked up for each
# row; the site itself wants their titles only, and asks the table (main.sections).
_LOST = """(exists (select 1 from main.sightings as seen
        where seen.capture_id = sections.capture_id and seen.article_id in ({hidden}))
    or exists (select 1 from main.captures as held
        where held.id = sections.capture_id and held.url_key in ({keys})))"""
_BEREFT = ", ".join("null" if name == "capture_id" else name for name in descriptions()["sections"].columns)
_CONDITIONS = {
    "articles": "id not in ({hidden})",
    **dict.fromkeys(_BY_ARTICLE, _OF_ARTICLE),
    **dict.fromkeys(("images", "attachments"), f"{_OF_ARTICLE} and file_id not in ({{taken}})"),
    "same_as": f"{_OF_ARTICLE} and same_as_id not in ({{hidden}})",
    "sections": f"not {_LOST} union all select {_BEREFT} from main.sections where {_LOST}",  # noqa: S608
    **dict.fromkeys(("listing_items", "url_events"), f"url_id not in ({reach.ADDRESSES})"),
    "documents": "url_id not in ({taken}) and coalesce(attachment_id, 0) not in ({taken})",
    "files": f"id not in ({reach.FILES})",
    "captures": f"id not in ({reach.CAPTURES})",
    # Names that no article bears which may be seen.
    "authors": "id not in ({authors})",
    "tags": "id not in ({tags})",
    "failures": f"coalesce(capture_id, 0) not in ({reach.CAPTURES}) and url not in ({reach.URLS})",
}
# An index ranks by asking itself, outside of its view; the texts in it can be read through the view only.
_INDEXES = frozenset(fulltext.NAMES)
_INDEX_COLUMNS = _INDEXES | {"rank", "rowid"}
# Tables that hold the file's own pages, and the texts with them; and those that tell what others asked.
_RAW = frozenset({"sqlite_dbpage", "dbstat", "sqlite_stmt", "bytecode", "tables_used"})
# What a connection wrote last, which are notes of what is withdrawn; and one that takes the square of its
# argument's length and cannot be interrupted (4 s for 60,000 keys).
_CLOSED_FUNCTIONS = frozenset(
    {"last_insert_rowid", "changes", "total_changes", "sqlite_log", "load_extension", "json_patch"}
)
_TEMPORARY = frozenset({"sqlite_temp_master", "sqlite_temp_schema"})
_PRIVATE = frozenset(name.lower() for name in PRIVATE)
# What a pragma tells of a table: on the page of a row Datasette counts what points to it, in every table.
_DESCRIBING = frozenset({"foreign_key_list", "table_info", "table_xinfo", "index_list"})


def draw(connection: sqlite3.Connection) -> None:
    """Cover what is withdrawn on this connection, and close the private tables to it."""
    secret, covered = cover(connection, indexes=True)

    def allowed(table: str, column: str, schema: str | None, inside: str) -> bool:
        if table in _RAW or (covered and table in _TEMPORARY):
            return False
        if schema == "temp" or (covered and inside.startswith(secret)):
            return True
        # Counting rows reads no column; Datasette does it for every table.
        if not column:
            return True
        if table in _PRIVATE or table in covered:
            return False
        return not covered or table not in _INDEXES or column in _INDEX_COLUMNS

    def authorize(
        action: int, first: str | None, second: str | None, schema: str | None, inside: str | None
    ) -> int:
        fine = action not in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH)
        if action == sqlite3.SQLITE_READ and first:
            fine = allowed(first.lower(), (second or "").lower(), schema, inside or "")
        elif action == sqlite3.SQLITE_FUNCTION:
            fine = (second or "").lower() not in _CLOSED_FUNCTIONS
        elif action == sqlite3.SQLITE_PRAGMA:
            if (first or "").lower() in _DESCRIBING and (second or "").lower() in _PRIVATE:
                return sqlite3.SQLITE_IGNORE
            # Where the views lie is named as a database of its own, which leads nowhere.
            if covered and (first or "").lower() == "database_list":
                return sqlite3.SQLITE_IGNORE
            fine = not covered or (first or "").lower() != "table_list"
        return sqlite3.SQLITE_OK if fine else sqlite3.SQLITE_DENY

    connection.set_authorizer(authorize)


def cover(connection: sqlite3.Connection, *, indexes: bool = False) -> tuple[str, frozenset[str]]:
    """Put temporary views over the tables, if anything is withdrawn; with ``indexes`` over those too.

    A view of an index finds and ranks as the index itself, in whose place SQLite puts it. The site's own
    searches ask the indexes, and leave out what is hidden themselves. Returns what the names of the reading
    views begin with, and the names covered.
    """
    tables = dict(connection.execute("select name, sql from sqlite_master where type in ('table', 'view')"))
    secret = f"v{secrets.token_hex(16)}_"
    if "takedowns" not in tables or not connection.execute("select 1 from takedowns limit 1").fetchone():
        return secret, frozenset()
    names = _note(connection, secret)
    covered = [table for table in _CONDITIONS if table in tables]
    for table in covered:
        condition = _CONDITIONS[table].format(**names)
        reading = f"select * from main.{table} where {condition}"  # noqa: S608 - names from this file only
        connection.execute(f"create temp view {secret}{table} as {reading}")
        connection.execute(f"create temp view {table} as select * from temp.{secret}{table}")  # noqa: S608
    for index in fulltext.NAMES if indexes else ():
        columns, hidden = f"rowid, *, {index}, rank", names["hidden"]
        reading = f"select {columns} from main.{index} where rowid not in ({hidden})"  # noqa: S608
        connection.execute(f"create temp view {secret}{index} as {reading}")
        connection.execute(f"create temp view {index} as select * from temp.{secret}{index}")  # noqa: S608
    for name, sql in tables.items():
        # The database's own views, written again: here their tables are the covered ones.
        if sql and sql.upper().startswith("CREATE VIEW") and name != "hidden_articles":
            connection.execute("CREATE TEMP VIEW" + sql[len("CREATE VIEW") :])
    return secret, frozenset(covered)


def _note(connection: sqlite3.Connection, secret: str) -> dict[str, str]:
    """Write down on the connection what is withdrawn; returns the questions for it."""
    taken = [tuple(row) for row in connection.execute("select id, url from takedowns")]
    hidden = [tuple(row) for row in connection.execute("select article_id from hidden_articles")]
    connection.execute(f"create temp table {secret}hidden (id integer primary key)")
    connection.execute(f"create temp table {secret}taken (id integer primary key, url text, key text)")
    connection.executemany(f"insert or ignore into {secret}hidden values (?)", hidden)  # noqa: S608
    rows = [(number, url, url_key(url)) for number, url in taken]
    connection.executemany(f"insert or ignore into {secret}taken values (?, ?, ?)", rows)  # noqa: S608
    inside = f"(select id from temp.{secret}hidden)"  # noqa: S608
    for kind, table, column, article in (
        ("authors", "articles", "author_id", "id"),
        ("tags", "article_tags", "tag_id", "article_id"),
    ):
        connection.execute(
            f"""create temp table {secret}{kind}_hidden as
                select {column} as id from main.{table} where {article} in {inside} and {column} is not null
                except select {column} from main.{table} where {article} not in {inside}"""  # noqa: S608
        )
    if connection.in_transaction:
        connection.commit()
    return {
        "mine": secret,  # what a question's own steps are named by: so may they read
        "authors": f"select id from temp.{secret}authors_hidden",  # noqa: S608
        "tags": f"select id from temp.{secret}tags_hidden",  # noqa: S608
        "hidden": f"select id from temp.{secret}hidden",  # noqa: S608
        "taken": f"select id from temp.{secret}taken",  # noqa: S608
        "urls": f"select url from temp.{secret}taken",  # noqa: S608
        "keys": f"select key from temp.{secret}taken",  # noqa: S608
    }
