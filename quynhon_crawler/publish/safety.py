"""Safety headers on every answer, ours and Datasette's.

Our screens have no inline script or style at all. Datasette's own pages have some: their templates get the
nonce of the answer when they are loaded (``loader``).
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

_STRICT = (
    "default-src 'none'; img-src 'self'; style-src 'self'{nonce}; script-src 'self'{nonce}; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SITE = _STRICT.format(nonce="")
# For files of the portal: nothing in them may run, load, or reach this site.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
# Chromium shows no PDF inside a sandbox; its viewer is a process of its own.
PDF = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

_ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    b"cross-origin-opener-policy": b"same-origin",
    b"x-permitted-cross-domain-policies": b"none",
}
# Open data is for everyone's scripts (Datasette has this only as a flag of its command line).
_OPEN_TYPES = (b"application/json", b"text/csv", b"application/atom+xml", b"text/plain")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

NONCE = "quynhon.nonce"


def headers(app: App) -> App:
    """An ASGI application that sends the same with the safety headers."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope = {**scope, NONCE: nonce}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _with_safety(list(message.get("headers", [])), nonce)}
            await send(message)

        await app(scope, receive, sending)

    return guarded


def _with_safety(sent: list[tuple[bytes, bytes]], nonce: str) -> list[tuple[bytes, bytes]]:
    present = {name.lower(): value for name, value in sent}
    added = [(name, value) for name, value in _ALWAYS.items() if name not in present]
    if b"content-security-policy" not in present:
        policy = _STRICT.format(nonce=f" 'nonce-{nonce}'").replace("img-src 'self'", "img-src 'self' data:")
        added.append((b"content-security-policy", policy.encode()))
    is_open = present.get(b"content-type", b"").startswith(_OPEN_TYPES)
    if is_open and b"access-control-allow-origin" not in present:
        added.append((b"access-control-allow-origin", b"*"))
    return [*sent, *added]
