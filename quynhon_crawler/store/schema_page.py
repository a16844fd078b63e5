"""docs/schema.md, printed from a database and the descriptions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from quynhon_crawler.store.content import PRIVATE_COLUMNS, public_tables
from quynhon_crawler.store.descriptions import Description, descriptions

_TITLE = "# The tables of quynhon.db\n"
_PRINTED = """\
Printed from the code: `python -m quynhon_crawler.store.schema_page > docs/schema.md`. A test keeps it so.
"""
_HEAD = """\
- Times are ISO 8601: what a portal prints ends in `+07:00`, what this program measures in `Z`. Text is NFC.
- Ids are numbers made from content (the first 53 bits of a SHA-256): the same after `quynhon rebuild`.
- Every row that came from a page has a `capture_id`; a capture names WARC file, offset and length.
- `articles_fts` finds words with and without marks in any tool: `SELECT title FROM articles WHERE id IN
  (SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'dang vien')`.
  `articles_exact` holds the words as spelt, `articles_heads` those of titles and leads.
- Tables whose name begins with `_` are bookkeeping and may change.
"""


def page(connection: sqlite3.Connection) -> str:
    """docs/schema.md, from a new database."""
    tables = (_table(connection, *described, hidden=frozenset()) for described in descriptions().items())
    return "\n".join((_TITLE, _PRINTED, _HEAD, *_diagram(connection), *tables))


def public_page(connection: sqlite3.Connection, *, views: bool) -> str:
    """The same for exported data: without bookkeeping, and without ``views`` where there are none."""
    names = set(descriptions()) if views else set(public_tables(connection))
    tables = (
        _table(connection, name, said, hidden=PRIVATE_COLUMNS)
        for name, said in descriptions().items()
        if name in names
    )
    return "\n".join((_TITLE, _HEAD, *_diagram(connection), *tables))


def _diagram(connection: sqlite3.Connection) -> Iterator[str]:
    yield "```mermaid\nerDiagram"
    for table in public_tables(connection):
        sql = 'SELECT "table", "from" FROM pragma_foreign_key_list(?) ORDER BY 1, 2'
        for other, column in connection.execute(sql, (table,)):
            # A capture is behind nearly every row; drawn, it would hide all else.
            if column != "capture_id":
                yield f'    {other} ||--o{{ {table} : "{column}"'
    yield "```\n"


def _table(connection: sqlite3.Connection, table: str, said: Description, *, hidden: frozenset[str]) -> str:
    lines = [f"## {table}\n\n{said.text[1]}.\n\n| column | type | meaning |\n|---|---|---|"]
    sql = 'SELECT "from", "table" FROM pragma_foreign_key_list(?)'
    links = dict(connection.execute(sql, (table,)).fetchall())
    for name, kind, key in connection.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table,)):
        if name not in hidden:
            notes = [said.columns[name][1]]
            notes += ["primary key"] if key else []
            notes += [f"→ {links[name]}.id"] if name in links else []
            lines.append(f"| `{name}` | {kind.lower()} | {'; '.join(notes)} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Print the page."""
    import sys
    import tempfile
    from pathlib import Path

    from quynhon_crawler.store.store import Store

    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(Path(folder) / "quynhon.db", create=True) as store,
    ):
        sys.stdout.write(page(store.connection))


if __name__ == "__main__":
    main()
