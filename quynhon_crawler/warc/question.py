"""What was asked with a body, as the part of an index key that every replay tool appends to the address.

The convention of pywb, cdxj-indexer and wabac.js: ``?__wb_method=POST&`` and the form as a query
(specs.webrecorder.net, request body canonicalization). cdxj-indexer itself is not used: it gives revisits of
a POST no such key (its issue 22), and it needs a parser of Flash messages.
"""

from __future__ import annotations

import json
from base64 import b64encode
from email import message_from_bytes
from typing import Any
from urllib.parse import unquote_plus, urlencode

# pywb and wabac.js cut there too: longer keys would not be found.
_LONGEST = 4096


def asked(url: str, method: str, content_type: str, body: bytes) -> tuple[str, str]:
    """The address with method and body appended, and the body as a query. GET is left as it is."""
    if method == "GET":
        return url, ""
    query = _query(content_type, body)[:_LONGEST] if method in ("POST", "PUT") else ""
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}__wb_method={method}" + (f"&{query}" if query else ""), query


def _query(content_type: str, body: bytes) -> str:
    if content_type.startswith("application/x-www-form-urlencoded"):
        try:
            return unquote_plus(body.decode("utf-8"))
        except UnicodeDecodeError:
            return _binary(body)
    if content_type.startswith("multipart/"):
        return _parts(content_type, body)
    if content_type.startswith(("application/json", "text/plain")):
        try:
            return urlencode(_flat(body))
        except (ValueError, RecursionError):
            return "" if content_type.startswith("application/json") else _binary(body)
    return _binary(body)


def _binary(body: bytes) -> str:
    return f"__wb_post_data={b64encode(body).decode()}"


def _parts(content_type: str, body: bytes) -> str:
    """Names and values of multipart/form-data; an uploaded file counts with its bytes."""
    message = message_from_bytes(
        b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n" + body
    )
    if not message.is_multipart():
        return _binary(body)
    values: list[tuple[str, Any]] = []
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            values.append((name, content if part.get_filename() else content.decode("utf-8", "replace")))
    return urlencode(values)


def _flat(body: bytes) -> dict[str, str]:
    """The leaves of a JSON value, or of one a line, by their names; a name that comes again is numbered."""
    found: dict[str, str] = {}
    times: dict[str, int] = {}

    def take(value: Any, name: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                take(inner, key)
        elif isinstance(value, list):
            for inner in value:
                take(inner, name)
        elif name and name not in found:
            found[name] = str(value)
        elif name:
            times[name] = times.get(name, 1) + 1
            found[f"{name}.{times[name]}_"] = str(value)

    try:
        take(json.loads(body), "")
    except ValueError:
        if b"\n" not in body:
            raise
        for line in body.split(b"\n"):
            take(json.loads(line), "")
    return found
