"""One request to the replay origin, and the way to answer it: headers on every answer, streams that end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

from quynhon_crawler.publish.language import CODES, DEFAULT, Language, language
from quynhon_crawler.replay.shelf import Volume

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# Nothing from anywhere else: also for the worker, which takes its policy from the answer that brings it.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "content-security-policy": _POLICY,
}


class Reply:
    """One request and the way to answer it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self._headers = {name.lower(): value for name, value in scope["headers"]}
        self._query = _query(scope["query_string"].decode("latin-1"))
        self._receive = receive
        self._send = send

    def header(self, name: str) -> str:
        value: bytes = self._headers.get(name.encode(), b"")
        return value.decode("latin-1").strip()

    def value(self, name: str) -> str:
        return str(self._query.get(name, [""])[0])

    @property
    def words(self) -> Language:
        code = self.value("lang")
        return language(code if code in CODES else DEFAULT)

    async def send(self, status: int, body: bytes, media_type: str, headers: dict[str, str]) -> None:
        await self._start(status, len(body), media_type, headers)
        await self._send({"type": "http.response.body", "body": b"" if self.method == "HEAD" else body})

    async def stream(
        self, status: int, chunks: Iterator[bytes], length: int, media_type: str, headers: dict[str, str],
        held: Volume,
    ) -> None:  # fmt: skip
        """Chunk by chunk, until the reader is gone; ``held`` is what the chunks come from."""
        await self._start(status, length, media_type, headers)
        gone = asyncio.ensure_future(self._gone())
        try:
            while self.method != "HEAD" and not gone.done():
                chunk = await asyncio.to_thread(next, chunks, None)
                if chunk is None:
                    break
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
            await self._send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _start(self, status: int, length: int, media_type: str, headers: dict[str, str]) -> None:
        sent = {"content-type": media_type, "content-length": str(length), **_ALWAYS, **headers}
        pairs = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})


def _query(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, max_num_fields=20)
    except ValueError:  # more than that
        return {}
