"""Requests and answers of the sample portal, and answers as HTTP/1.1 bytes."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import pairwise
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

Framing = Literal["length", "chunked", "close"]


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``raw`` is head and body as received.

    Header names are in lower case; of repeated headers the first counts.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    raw: bytes
    version: str = "HTTP/1.1"
    scheme: str = "http"

    @property
    def path(self) -> str:
        """The path, percent-decoded."""
        return unquote(urlsplit(self.target).path) or "/"

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def host(self) -> str:
        return self.headers.get("host", "localhost")

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"

    @property
    def url(self) -> str:
        return self.target if "://" in self.target else self.origin + self.target

    @property
    def form(self) -> dict[str, str]:
        """The posted form; empty unless the Content-Type says that it is one (the CMS's trap)."""
        declared = self.headers.get("content-type", "").split(";")[0].strip().lower()
        if declared != "application/x-www-form-urlencoded":
            return {}
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def accepts_gzip(self) -> bool:
        return "gzip" in self.headers.get("accept-encoding", "").lower()

    @property
    def keep_alive(self) -> bool:
        wish = self.headers.get("connection", "").lower()
        return "close" not in wish and (self.version == "HTTP/1.1" or "keep-alive" in wish)


@dataclass(slots=True)
class Answer:
    """One answer before it is bytes. ``packed`` is ``body`` in gzip when it is already at hand."""

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    packed: bytes | None = None
    framing: Framing = "length"
    reason: str | None = None

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def page(html: str | bytes, status: int = 200, **headers: str) -> Answer:
    """An HTML answer."""
    body = html.encode() if isinstance(html, str) else html
    extra = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Answer(status, [("Content-Type", "text/html; charset=utf-8"), *extra], body, framing="chunked")


def redirect(location: str, status: int = 301) -> Answer:
    body = (
        f"<html><head><title>{status} Moved</title></head><body><center>{status}</center></body></html>\r\n"
    )
    return Answer(status, [("Content-Type", "text/html"), ("Location", location)], body.encode())


def etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:16]}"'


def gzipped(body: bytes) -> bytes:
    """gzip with a fixed time in its head, so that the same page gives the same bytes."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


@dataclass(slots=True)
class Wire:
    """An answer as bytes: the head, and the body in the pieces that it is written in."""

    head: bytes
    pieces: list[bytes]
    close: bool


def encode(answer: Answer, request: Request, date: str) -> Wire:
    """The bytes of ``answer`` to ``request``; ``date`` is the Date header."""
    body, headers = answer.body, list(answer.headers)
    bare = request.method == "HEAD" or answer.status in (204, 304)
    if answer.packed is not None and request.accepts_gzip:
        body = answer.packed
        headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
    elif answer.packed is not None and not body:
        body = zlib.decompress(answer.packed, 31)
    framing = answer.framing if request.version == "HTTP/1.1" or answer.framing != "chunked" else "close"
    close = framing == "close" or not request.keep_alive
    if framing == "chunked" and answer.status != 304:
        headers.append(("Transfer-Encoding", "chunked"))
    elif framing == "length" and answer.status not in (204, 304):
        headers.append(("Content-Length", str(len(body))))
    headers.append(("Connection", "close" if close else "keep-alive"))
    reason = HTTPStatus(answer.status).phrase if answer.reason is None else answer.reason
    lines = [f"HTTP/1.1 {answer.status} {reason}", "Server: nginx", f"Date: {date}"]
    lines += [f"{name}: {value}" for name, value in headers]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
    if bare:
        return Wire(head, [], close)
    return Wire(head, chunks(body) if framing == "chunked" else [body], close)


def chunks(body: bytes, size: int = 16_384) -> list[bytes]:
    """``body`` in chunked coding, as nginx does it: ten bytes first (the gzip head), then large pieces."""
    cuts = [0, min(10, len(body)), *range(10 + size, len(body), size), len(body)]
    made = [
        b"%x\r\n%b\r\n" % (stop - start, body[start:stop]) for start, stop in pairwise(cuts) if stop > start
    ]
    return [*made, b"0\r\n\r\n"]
