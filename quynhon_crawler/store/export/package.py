"""A folder of data files that explains itself: datapackage.json (Frictionless), README.md, SHA256SUMS."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quynhon_crawler.errors import ArchiveError, DiskFull, UsageError
from quynhon_crawler.store.content import columns_of, key_of, public_tables
from quynhon_crawler.store.descriptions import descriptions
from quynhon_crawler.store.export.readme import readme
from quynhon_crawler.store.obeyed import property_of
from quynhon_crawler.store.schema_page import public_page
from quynhon_crawler.store.standing import Standing
from quynhon_crawler.store.visible import bereft

_CHUNK = 1 << 20
_TYPES = {"INTEGER": "integer", "TEXT": "string"}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was made: ``files`` are names in ``folder`` with their size in bytes."""

    folder: Path
    files: dict[str, int]


@contextmanager
def fresh_folder(folder: Path, database: Path) -> Iterator[Path]:
    """A folder to fill; it takes the wanted name when all is in it, and is gone after an error.

    Enter it before anything of the database is read. Raises UsageError when there is something else under
    that name, ArchiveError when it cannot be written, Overtaken when something was taken down meanwhile.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: exists already, and nothing was changed; name another --output")
    working = folder.with_name(f".{folder.name}.part")
    standing = Standing(database)
    try:
        shutil.rmtree(working, ignore_errors=True)
        working.mkdir(parents=True)
        yield working
        for path in working.iterdir():
            _to_disk(path)
        with standing.still(folder):
            if folder.exists():
                folder.rmdir()
            working.replace(folder)
        _to_disk(folder.parent)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(f"{folder}: the disk is full; make room, or name another --output") from error
        raise ArchiveError(f"{folder}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(working, ignore_errors=True)


def finish(
    folder: Path,
    connection: sqlite3.Connection,
    resources: list[dict[str, Any]],
    *,
    form: str,
    state: str | None,
) -> None:
    """The files that explain the others. ``state`` is what was obeyed (``store/obeyed.py``)."""
    sums = {resource["path"]: sha256(folder / resource["path"]) for resource in resources}
    for resource in resources:
        resource["bytes"] = (folder / resource["path"]).stat().st_size
        resource["hash"] = f"sha256:{sums[resource['path']]}"
    package = _package(connection, resources) | property_of(state)
    _write(folder / "datapackage.json", json.dumps(package, ensure_ascii=False, indent=2))
    _write(folder / "README.md", readme(connection, form))
    _write(folder / "SCHEMA.md", public_page(connection, views=form == "dump"))
    sums |= {name: sha256(folder / name) for name in ("README.md", "SCHEMA.md", "datapackage.json")}
    _write(folder / "SHA256SUMS", "\n".join(f"{sums[name]}  {name}" for name in sorted(sums)))


def exported(folder: Path) -> Exported:
    return Exported(folder, {path.name: path.stat().st_size for path in sorted(folder.iterdir())})


def table_schema(connection: sqlite3.Connection, table: str) -> dict[str, Any]:
    """Frictionless Table Schema of a public table; foreign keys to other public tables."""
    said = descriptions()[table]
    types = dict(connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall())
    required = {
        name
        for name, given in connection.execute('SELECT name, "notnull" FROM pragma_table_info(?)', (table,))
        if given and not (name == "capture_id" and bereft(connection, table))
    }
    fields = []
    for name in columns_of(connection, table):
        made: dict[str, Any] = {
            "name": name,
            "type": _TYPES[types[name]],
            "description": said.columns[name][1],
        }
        # An empty text is a value here; a CSV cannot tell it from a missing one.
        if name in required and made["type"] == "integer":
            made["constraints"] = {"required": True}
        fields.append(made)
    sql = 'SELECT "from", "table" FROM pragma_foreign_key_list(?) ORDER BY 1'
    links = [
        {"fields": [column], "reference": {"resource": "" if other == table else other, "fields": ["id"]}}
        for column, other in connection.execute(sql, (table,))
    ]
    schema: dict[str, Any] = {"fields": fields, "primaryKey": key_of(connection, table)}
    return schema | ({"foreignKeys": links} if links else {})


def tables(connection: sqlite3.Connection) -> list[str]:
    """What is exported, in alphabetical order."""
    return public_tables(connection)


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _package(connection: sqlite3.Connection, resources: list[dict[str, Any]]) -> dict[str, Any]:
    portals = connection.execute("SELECT name, home_url, rights FROM portals ORDER BY home_url").fetchall()
    newest = connection.execute("SELECT max(captured_at) FROM captures").fetchone()[0]
    rights = sorted({row[2] for row in portals if row[2]})
    package: dict[str, Any] = {
        "name": "quynhon-archive",
        "title": "Kho lưu trữ: " + ", ".join(row[0] or row[1] for row in portals),
        "description": "; ".join(["Web archive of Vietnamese city portals, as tables", *rights]),
        "profile": "data-package",
        "sources": [{"title": row[0] or row[1], "path": row[1]} for row in portals],
        "resources": resources,
    }
    # The time of the data, not of the export: the same input gives the same bytes.
    return package | ({"created": newest[:19] + "Z"} if newest else {})


def _write(path: Path, text: str) -> None:
    path.write_text(text.rstrip("\n") + "\n", "utf-8", newline="\n")


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
