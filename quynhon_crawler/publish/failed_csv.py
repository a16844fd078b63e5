"""SQL that fails, asked for as CSV: Datasette 0.65 answers 200 with an empty line, as if all were well.

Every question has a column, so a first line that is empty, or none, may be a failure: only then is the same
asked for as JSON, which tells what was wrong. What has a first line goes on as it comes, a stream as one.
"""

from __future__ import annotations

import json

from quynhon_crawler.publish.refusal import refuse
from quynhon_crawler.publish.safety import App, Message, Receive, Scope, Send

_CSV, _JSON = ".csv", ".json"


def told(app: App) -> App:
    """An ASGI application whose failed questions are told with a status and in one line."""

    async def telling(scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] == "http" and scope["path"].endswith(_CSV)
        if not is_asked or b"sql=" not in scope.get("query_string", b""):
            await app(scope, receive, send)
            return
        start: Message = {}
        is_refused = False

        async def sending(message: Message) -> None:
            nonlocal start, is_refused
            if message["type"] == "http.response.start" and message["status"] == 200:
                start = message
                return
            if start:
                body = message.get("body", b"")
                if not body and message.get("more_body"):
                    return
                if not body.strip() and (words := await _failure(app, scope, receive)):
                    await refuse(send, 400, words)
                    is_refused = True
                else:
                    await send(start)
                start = {}
            if not is_refused:
                await send(message)

        await app(scope, receive, sending)

    return telling


async def _failure(app: App, scope: Scope, receive: Receive) -> str:
    """What the same question says is wrong, as JSON; "" when nothing is."""
    status, parts = 0, []

    async def keeping(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    path = scope["path"].removesuffix(_CSV) + _JSON
    asked = {**scope, "method": "GET", "path": path}
    if raw := scope.get("raw_path"):
        asked["raw_path"] = raw.partition(b"?")[0].removesuffix(_CSV.encode()) + _JSON.encode()
    await app(asked, receive, keeping)
    if status < 400:
        return ""
    said = json.loads(b"".join(parts))
    return " ".join(str(said.get("error") or "The query failed").split())
