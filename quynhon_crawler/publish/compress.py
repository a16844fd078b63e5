"""Answers packed with gzip for readers that take it: text only, streams as they come."""

from __future__ import annotations

from typing import Any

from isal import isal_zlib

from quynhon_crawler.publish.safety import App, Message, Receive, Scope, Send

_PACKED = (
    b"text/",
    b"application/json",
    b"application/atom+xml",
    b"application/xml",
    b"application/manifest+json",
    b"image/svg+xml",
)
# One network packet: below it packing saves nothing.
_LEAST = 1200


def gzip(app: App) -> App:
    """An ASGI application that sends the same, packed where that helps."""

    async def packing(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not takes_gzip(scope):
            await app(scope, receive, send)
            return
        await app(scope, receive, _Packer(send))

    return packing


def takes_gzip(scope: Scope) -> bool:
    """Whether a request says that its reader unpacks gzip."""
    for name, value in scope["headers"]:
        if name.lower() == b"accept-encoding":
            return b"gzip" in value and b"gzip;q=0" not in value.replace(b" ", b"")
    return False


class _Packer:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._stream: Any = None
        self._plain = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body" or self._plain:
            await self._send(message)
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._stream is None:
            if not self._worth(body, more):
                self._plain = True
                await self._send(self._start)
                await self._send(message)
                return
            self._stream = isal_zlib.compressobj(2, wbits=31)
            self._start = {**self._start, "headers": self._headers()}
            await self._send(self._start)
        packed = self._stream.compress(body) + (b"" if more else self._stream.flush())
        if packed or not more:
            await self._send({**message, "body": packed})

    def _worth(self, body: bytes, more: bool) -> bool:
        found = {name.lower(): value for name, value in self._start.get("headers", [])}
        return (
            (more or len(body) >= _LEAST)
            and self._start["status"] == 200
            and b"content-encoding" not in found
            and b"content-range" not in found
            and found.get(b"content-type", b"").startswith(_PACKED)
        )

    def _headers(self) -> list[tuple[bytes, bytes]]:
        kept = [
            (name, value)
            for name, value in self._start["headers"]
            if name.lower() not in (b"content-length", b"vary")
        ]
        vary = [value for name, value in self._start["headers"] if name.lower() == b"vary"]
        return [
            *kept,
            (b"vary", b", ".join([*vary, b"Accept-Encoding"])),
            (b"content-encoding", b"gzip"),
        ]
