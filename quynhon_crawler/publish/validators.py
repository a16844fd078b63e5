"""ETags for Datasette's own data: it sends none, so who asks again would get all of it again."""

from __future__ import annotations

import hashlib
import re

from quynhon_crawler.publish import answer
from quynhon_crawler.publish.safety import App, Message, Receive, Scope, Send

_DATA = (b"application/json", b"text/plain", b"text/csv")
# How long the query took this time is in Datasette's JSON, and says nothing of the data.
_TOOK = re.compile(rb'"query_ms": ?[0-9.e+-]+')


def etags(app: App) -> App:
    """An ASGI application that gives data a weak ETag of its content, and 304 to who has it.

    What comes in pieces (a whole table as CSV) is passed on as it comes.
    """

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await app(scope, receive, send)
            return
        start: Message = {}

        async def sending(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_data(message):
                start = message
                return
            if start:
                started, start = start, {}
                if not message.get("more_body"):
                    await _whole(scope, started, message, send)
                    return
                await send(started)
            await send(message)

        await app(scope, receive, sending)

    return asked


def _is_data(start: Message) -> bool:
    found = {name.lower(): value for name, value in start.get("headers", [])}
    return (
        start["status"] == 200 and b"etag" not in found and found.get(b"content-type", b"").startswith(_DATA)
    )


async def _whole(scope: Scope, start: Message, message: Message, send: Send) -> None:
    body = message.get("body", b"")
    etag = f'W/"{hashlib.sha256(_TOOK.sub(b"", body)).hexdigest()[:32]}"'
    headers = [*start.get("headers", []), (b"etag", etag.encode())]
    wanted = next((value for name, value in scope["headers"] if name.lower() == b"if-none-match"), b"")
    if answer.matches(wanted.decode("latin-1"), etag):
        headers = [pair for pair in headers if pair[0].lower() != b"content-length"]
        await send({**start, "status": 304, "headers": headers})
        await send({**message, "body": b""})
        return
    await send({**start, "headers": headers})
    await send(message)
