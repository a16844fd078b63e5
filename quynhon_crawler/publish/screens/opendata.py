"""``/du-lieu``: the dumps with sizes and sums, API examples that run, the tables and their columns."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from datasette import Response

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.configuration import INDEX_TABLES, PRIVATE
from quynhon_crawler.publish.site import Visit

_CLOSED = frozenset((*PRIVATE, *INDEX_TABLES))


async def show(visit: Visit) -> Response:
    def read(connection: sqlite3.Connection) -> list[tuple[str, list[str]]]:
        return [(name, columns) for name, columns in lookup.schema(connection) if name not in _CLOSED]

    body = visit.render(
        "opendata.html",
        tables=await visit.site.ask(read),
        exports=await asyncio.to_thread(_exports, visit.site.home.exports),
        api=visit.origin + visit.site.base + f"/{visit.site.database}",
    )
    return answer.page(visit.request, body)


def _exports(folder: Path) -> list[tuple[str, int]]:
    """What ``quynhon export`` left in ``exports/``: names and bytes."""
    if not folder.is_dir():
        return []
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    return [(str(path.relative_to(folder)), path.stat().st_size) for path in found[:200]]
