"""What is refused before it is tried, in one line of plain text."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from quynhon_crawler.publish.safety import App, Receive, Scope, Send

# Datasette limits the time of each facet (0.2 s), not their number: 50 columns are 10 s of one request.
_MOST_FACETS = 5
_FACETS = ("_facet", "_facet_array", "_facet_date")
_FACET = '{}: the name of a column is needed, or a JSON object such as {{"column": "kind"}}'
_METHODS = ("GET", "HEAD", "OPTIONS")
_THROUGH = '_through: a JSON object is needed, such as {"table": "images", "column": "code", "value": "A1"}'


async def refuse(send: Send, status: int, words: str, *more: tuple[bytes, bytes]) -> None:
    """Answer with a status and a line of text; ``more`` are further headers."""
    body = words.encode()
    sent = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*sent, *more]})
    await send({"type": "http.response.body", "body": body})


def unfit(app: App, base: str) -> App:
    """An ASGI application that hears only of requests that can have an answer; ``base`` is its address.

    Datasette looks for a method of its view with the name of the request's, whatever that is, and reads
    cookies and parameters without looking at them first.
    """

    async def looking(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if not scope["path"].strip("/") and scope["path"] != "/":
            # Datasette takes strokes off the end: nothing is left to lead to.
            await refuse(send, 302, base, (b"location", base.encode()))
        elif not _may(scope, base):
            await refuse(send, 405, "Only GET and HEAD: nothing is changed here.", (b"allow", b"GET, HEAD"))
        elif not _are_text(scope):
            await refuse(send, 400, "A cookie is not UTF-8: delete this site's cookies, and ask again.")
        elif words := _mistake(scope.get("query_string", b"")):
            await refuse(send, 400, words)
        else:
            await app(scope, receive, send)

    return looking


def _may(scope: Scope, base: str) -> bool:
    # Datasette's own forms, which it guards; rows that one could write would be lost at the next rebuild.
    return scope["method"] in _METHODS or (
        scope["method"] == "POST" and scope["path"].startswith(f"{base.rstrip('/')}/-/")
    )


def _are_text(scope: Scope) -> bool:
    try:
        for name, value in scope["headers"]:
            if name.lower() == b"cookie":
                value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mistake(query: bytes) -> str:
    if b"_facet" not in query and b"_through" not in query:
        return ""
    asked = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    if sum(name in _FACETS for name, _ in asked) > _MOST_FACETS:
        return f"At most {_MOST_FACETS} facets at a time."
    for name, value in asked:
        if name == "_through" and not _leads_through(value):
            return _THROUGH
        if name.startswith("_facet") and value.startswith("{") and not _counts_by(value):
            return _FACET.format(name)
    return ""


def _leads_through(value: str) -> bool:
    told = _object(value)
    return (
        all(isinstance(told.get(name), str) for name in ("table", "column"))
        and "value" in told
        and not isinstance(told["value"], dict | list)
    )


def _counts_by(value: str) -> bool:
    told = _object(value)
    return isinstance(told.get("column") or told.get("simple"), str)


def _object(value: str) -> dict[str, Any]:
    """A JSON object; empty for anything else."""
    try:
        told = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
