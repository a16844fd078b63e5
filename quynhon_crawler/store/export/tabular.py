"""JSON Lines and CSV of the public tables."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from quynhon_crawler.store.content import columns_of, key_of
from quynhon_crawler.store.database import connect, told
from quynhon_crawler.store.export.package import (
    Exported,
    exported,
    finish,
    fresh_folder,
    table_schema,
    tables,
)
from quynhon_crawler.store.obeyed import obeyed
from quynhon_crawler.store.visible import condition, note, selected

# What Excel and LibreOffice take for a formula, full-width forms included (OWASP, CSV injection).
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@contextmanager
def snapshot(database: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection that sees one moment and what may be shown of it, while others go on writing."""
    connection = connect(database, readonly=True).conn
    try:
        with told(database):
            connection.execute("BEGIN")
            note(connection)
            yield connection
    finally:
        connection.close()


def visible_rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a table that may be shown, in order of their key."""
    columns, key = selected(connection, table), ", ".join(key_of(connection, table))
    return connection.execute(f"SELECT {columns} FROM {table} WHERE {condition(table)} ORDER BY {key}")


def export_jsonl(database: Path, output: Path) -> Exported:
    """One object a line, keys as the columns, null where nothing is known."""
    return _export(
        database, output, "jsonl", _write_jsonl, {"format": "jsonl", "mediatype": "application/jsonl"}
    )


def export_csv(database: Path, output: Path) -> Exported:
    """For people: opens in a spreadsheet with its letters right, and no cell runs as a formula."""
    dialect = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8-sig"}
    return _export(database, output, "csv", _write_csv, dialect)


def _export(
    database: Path,
    output: Path,
    form: str,
    write: Callable[[Path, list[str], Iterator[tuple[Any, ...]]], None],
    about: dict[str, str],
) -> Exported:
    with fresh_folder(output, database) as folder, snapshot(database) as connection:
        resources = []
        for table in tables(connection):
            name = f"{table}.{form}"
            write(folder / name, columns_of(connection, table), visible_rows(connection, table))
            resource: dict[str, Any] = {"name": table, "path": name, **about}
            # Readers of JSON Lines take the columns from the first line: an empty file is no table to them.
            if form == "csv" or (folder / name).stat().st_size:
                resource |= {"profile": "tabular-data-resource", "schema": table_schema(connection, table)}
            else:
                resource |= {"type": "file"}
            resources.append(resource)
        finish(folder, connection, resources, form=form, state=obeyed(connection))
    return exported(output)


def _write_jsonl(path: Path, columns: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        for row in rows:
            line = dict(zip(columns, row, strict=True))
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _write_csv(path: Path, columns: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8-sig", errors="surrogatepass", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_harmless(value) for value in row] for row in rows)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
