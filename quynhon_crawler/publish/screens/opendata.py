"""``/du-lieu``: the dumps with sizes and sums, API examples that run, the tables and their columns."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from datasette import Response

from quynhon_crawler.publish import answer, exports, lookup, spans
from quynhon_crawler.publish.configuration import INDEX_TABLES, PRIVATE
from quynhon_crawler.publish.safety import SANDBOX
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.site import Visit
from quynhon_crawler.store import fulltext
from quynhon_crawler.store.obeyed import obeyed

# What cannot be opened, and what says nothing but how the search is built.
_CLOSED = frozenset((*PRIVATE, *INDEX_TABLES, *fulltext.NAMES, "articles_search"))
_PIECE = 256 * 1024


async def show(visit: Visit) -> Response:
    def read(connection: sqlite3.Connection) -> tuple[list[tuple[str, list[str]]], str | None]:
        tables = [(name, columns) for name, columns in lookup.schema(connection) if name not in _CLOSED]
        return tables, obeyed(connection)

    tables, state = await visit.site.ask(read)
    folders: dict[str, list[exports.Export]] = {}
    offer = await asyncio.to_thread(exports.offered, visit.site.home.exports, state)
    for export in offer.files:
        folders.setdefault(export.name.rpartition("/")[0], []).append(export)
    body = visit.render(
        "opendata.html",
        tables=tables,
        folders=folders,
        withheld=offer.withheld,
        quote=quote,
        api=visit.origin + visit.site.base + f"/{visit.site.database}",
    )
    return answer.page(visit.request, body)


async def take(visit: Visit) -> Any:
    """``/du-lieu/tai/<name>``: a file of ``exports/``, in pieces, with Range."""
    state = await visit.site.ask(obeyed)
    name = unquote(visit.request.url_vars["name"])
    found = await asyncio.to_thread(exports.find, visit.site.home.exports, name, state)
    if found is None:
        return message.not_found(visit)
    status = found.stat()
    etag = f'"{status.st_size:x}-{status.st_mtime_ns:x}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "public, max-age=0, must-revalidate",
        "Accept-Ranges": "bytes",
        "Access-Control-Allow-Origin": "*",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "Content-Security-Policy": SANDBOX,
    }
    media_type = guess_type(found.name, strict=False)[0] or "application/octet-stream"
    if answer.matches(visit.request.headers.get("if-none-match"), etag):
        return Response(b"", status=304, headers=headers)
    span = spans.asked(visit.request, etag, status.st_size)
    if span is None:
        headers["Content-Range"] = f"bytes */{status.st_size}"
        return Response(b"", status=416, headers=headers, content_type=media_type)
    start, end = span or (0, status.st_size)
    if span:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{status.st_size}"
    headers |= {"Content-Length": str(end - start), "Content-Type": media_type}
    return _Pieces(found, start, 0 if visit.request.method == "HEAD" else end, 206 if span else 200, headers)


@dataclass(frozen=True, slots=True)
class _Pieces:
    """An answer that Datasette sends by calling ``asgi_send``, as it does its own downloads."""

    path: Path
    start: int
    end: int
    status: int
    headers: dict[str, str]

    async def asgi_send(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        sent = [(name.lower().encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": sent})
        with self.path.open("rb") as file:
            file.seek(self.start)
            left = max(0, self.end - self.start)
            while left and (piece := await asyncio.to_thread(file.read, min(left, _PIECE))):
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
