"""Pictures and documents, out of the WARC files by offset.

Kept for ever by readers: an address names a capture, and a capture never changes. Only pictures, PDF, sound
and film of known signatures are shown in place; the rest is a download, sandboxed.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from datasette import Response

from quynhon_crawler.errors import RecordError
from quynhon_crawler.publish import answer, lookup, media, spans, thumbnails
from quynhon_crawler.publish.safety import PDF, SANDBOX
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.short import lengthen
from quynhon_crawler.publish.site import Site, Visit
from quynhon_crawler.warc.reader import payload, raw_record

_log = logging.getLogger(__name__)
# Larger files are read anew each time.
_SMALL = 400_000


async def file(visit: Visit) -> Response:
    """``/tep/<capture>/<name>``: the body of a capture; ``?rong=480`` gives a picture at that width."""
    capture_id = lengthen(visit.request.url_vars["capture"])
    if capture_id is None:
        return message.not_found(visit)
    holder, takedown = await visit.site.ask(lambda db: _find(db, capture_id))
    if takedown is not None:
        return message.gone(visit, takedown)
    if holder is None or not 200 <= (holder["status"] or 200) < 300 or not holder["body_sha256"]:
        return message.not_found(visit)
    width = thumbnails.width_of(visit.request.args.get("rong"))
    etag = f'"{holder["body_sha256"][:32]}{f"-{width}" if width else ""}"'
    if answer.matches(visit.request.headers.get("if-none-match"), etag):
        return _unchanged(etag)
    try:
        content, media_type = await _content(visit.site, holder, width)
    except RecordError as error:
        _log.error("%s", error)
        return message.unreadable(visit)
    name = media.named(unquote(visit.request.url_vars["name"]), media_type or holder["media_type"])
    return _send(visit.request, content, media_type, etag, name, holder["media_type"])


async def record(visit: Visit) -> Response:
    """``/ban-luu/<capture>/record.warc.gz``: the archived record as it lies in its file."""
    capture_id = lengthen(visit.request.url_vars["capture"])
    if capture_id is None:
        return message.not_found(visit)
    found, takedown = await visit.site.ask(lambda db: lookup.shown(db, capture_id))
    if takedown is not None:
        return message.gone(visit, takedown)
    if found is None:
        return message.not_found(visit)
    etag = f'"{found["id"]:x}-{found["warc_offset"]:x}"'
    if answer.matches(visit.request.headers.get("if-none-match"), etag):
        return _unchanged(etag)
    path = visit.site.home.warc_path(found["warc_file"])
    try:
        async with visit.site.readers:
            raw = await asyncio.to_thread(raw_record, path, found["warc_offset"], found["warc_length"])
    except RecordError as error:
        _log.error("%s", error)
        return message.unreadable(visit)
    packed = raw[:2] == b"\x1f\x8b"
    name = f"{visit.request.url_vars['capture']}.warc{'.gz' if packed else ''}"
    return _send(visit.request, raw, None, etag, name, None)


def _find(connection: sqlite3.Connection, capture_id: int) -> tuple[lookup.Row | None, lookup.Row | None]:
    """The capture that holds the body, or the takedown that hides it."""
    found, takedown = lookup.shown(connection, capture_id)
    return found and lookup.body_of(connection, found), takedown


async def _content(site: Site, holder: lookup.Row, width: int | None) -> tuple[bytes, str | None]:
    def read() -> bytes:
        path = site.home.warc_path(holder["warc_file"])
        return payload(path, holder["warc_offset"], holder["warc_length"]).content

    key = holder["body_sha256"], width
    known = site.pictures.get(key)
    if known is not None:
        return known, media.shown_as(known)
    content = await _read_out(site, holder, width, read)
    if len(content) <= _SMALL:
        site.pictures.put(key, content, len(content))
    return content, media.shown_as(content)


async def _read_out(site: Site, holder: lookup.Row, width: int | None, read: Callable[[], bytes]) -> bytes:
    if width:
        small = await asyncio.to_thread(thumbnails.stored, site.home, holder["body_sha256"], width)
        if small is not None:
            return small
    async with site.readers:
        content = await asyncio.to_thread(read)
        if width:
            made = await asyncio.to_thread(thumbnails.make, site.home, holder["body_sha256"], content, width)
            content = made or content
    return content


def _unchanged(etag: str) -> Response:
    return Response(b"", status=304, headers={"ETag": etag, "Cache-Control": answer.FILE})


def _send(
    request: Any, content: bytes, shown: str | None, etag: str, name: str, declared: str | None
) -> Response:
    kind = "inline" if shown else "attachment"
    headers = {
        "ETag": etag,
        "Cache-Control": answer.FILE,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": PDF if shown == "application/pdf" else SANDBOX,
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    media_type = shown or media.sent_as(declared)
    whole = len(content)
    status, part = 200, content
    span = spans.asked(request, etag, whole)
    if span is None:
        headers["Content-Range"] = f"bytes */{whole}"
        return Response(b"", status=416, headers=headers, content_type=media_type)
    if span:
        status, part = 206, content[span[0] : span[1]]
        headers["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{whole}"
    headers["Content-Length"] = str(len(part))
    return Response(
        b"" if request.method == "HEAD" else part, status=status, headers=headers, content_type=media_type
    )
