"""Safety headers on every answer, ours and Datasette's.

Our screens have no inline script or style at all. Datasette's own pages have some: their templates get a
nonce when they are loaded, so that what stands in the template runs and what stands in the data does not.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import jinja2

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
_INLINE = re.compile(r"<(script|style)(?![^>]*\ssrc=)((?:\s[^>{}]*)?)>")
_STYLE_ATTRIBUTE = re.compile(r'\sstyle="(?:[^"{]|\{\{[^}]*\}\})*"')
# What is ours on Datasette's English pages: titles, descriptions, and what stands in the tables.
_OURS = (
    (
        re.compile(r"<h1([^>]*)>(?=\{\{ metadata\.(?:title|get))"),
        r'<h1\1{% if metadata.title %} lang="vi"{% endif %}>',
    ),
    (re.compile(r'<(div class="metadata-description"|dl class="column-descriptions")>'), r'<\1 lang="vi">'),
)
_ROWS = frozenset(("_table.html", "_query_results.html", "query.html"))
# It makes the box for SQL taller by a style attribute, which the policy forbids; browsers can do that alone.
_RESIZER = re.compile(r'<script src="[^"]*cm-resize[^"]*"></script>\n?|\bcmResize\(editor[^\n]*')
_NONCE_ATTRIBUTE = f' nonce="{{{{ request.scope["{NONCE}"] if request else "" }}}}"'


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


class NonceLoader(jinja2.BaseLoader):
    """Datasette's templates, each inline script and style given the nonce of its request.

    Style attributes are taken out: a policy without unsafe-inline ignores them with an error on the console.
    Their language is told, and where it is another, which screen readers need.
    """

    def __init__(self, inner: jinja2.BaseLoader) -> None:
        self._inner = inner

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, name, fresh = self._inner.get_source(environment, template)
        source = _INLINE.sub(lambda found: f"<{found[1]}{found[2]}{_NONCE_ATTRIBUTE}>", source)
        source = source.replace("<html>", '<html lang="en">')
        source = _RESIZER.sub("", source)
        for english, vietnamese in _OURS:
            source = english.sub(vietnamese, source)
        if template.removeprefix("default:") in _ROWS:
            source = source.replace("<tbody>", '<tbody lang="vi">')
        return _STYLE_ATTRIBUTE.sub("", source), name, fresh

    def list_templates(self) -> list[str]:
        return self._inner.list_templates()
