"""What is refused before it is tried, in one line of plain text."""

from __future__ import annotations

from urllib.parse import parse_qsl

from quynhon_crawler.publish.safety import App, Receive, Scope, Send

# Datasette limits the time of each facet (0.2 s), not their number: 50 columns are 10 s of one request.
_MOST_FACETS = 5


async def refuse(send: Send, status: int, words: str) -> None:
    """Answer with a status and a line of text."""
    body = words.encode()
    sent = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body})


def many_facets(app: App) -> App:
    """An ASGI application that counts a table by at most ``_MOST_FACETS`` columns at a time."""

    async def counting(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and b"_facet" in scope.get("query_string", b""):
            asked = parse_qsl(scope["query_string"].decode("latin-1"))
            names = ("_facet", "_facet_array", "_facet_date")
            if sum(name in names for name, _ in asked) > _MOST_FACETS:
                await refuse(send, 400, f"At most {_MOST_FACETS} facets at a time.")
                return
        await app(scope, receive, send)

    return counting
