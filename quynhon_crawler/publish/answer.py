"""What we send: status, validators and caching. Compression and safety headers come in ``safety``.

An archive changes some times a day: a page may be kept a minute without asking and is asked for again by
its ETag; what is named by its digest is kept for ever.
"""

from __future__ import annotations

import hashlib
from typing import Any

from datasette import Response

from quynhon_crawler.publish.safety import SITE

PAGE = "public, max-age=60, stale-while-revalidate=600"
FOREVER = "public, max-age=31536000, immutable"
# Of what may be taken down: caches that many share must ask again, or they would hand it out for a year.
FILE = "public, max-age=31536000, s-maxage=60, immutable"
NEVER = "no-store"


def page(
    request: Any,
    body: str | bytes,
    *,
    status: int = 200,
    content_type: str = "text/html; charset=utf-8",
    cache: str = PAGE,
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer with a weak ETag of its content; 304 without a body when the reader has it already."""
    raw = body.encode("utf-8", "replace") if isinstance(body, str) else body
    sent = {"Cache-Control": cache, "Content-Security-Policy": SITE, **(headers or {})}
    if status == 200:
        etag = f'W/"{hashlib.sha256(raw).hexdigest()[:32]}"'
        sent["ETag"] = etag
        if matches(request.headers.get("if-none-match"), etag):
            return Response(b"", status=304, headers=sent, content_type=content_type)
    if request.method == "HEAD":
        sent["Content-Length"] = str(len(raw))
        raw = b""
    return Response(raw, status=status, headers=sent, content_type=content_type)


def matches(header: str | None, etag: str) -> bool:
    """Whether an If-None-Match names this ETag, compared weakly (RFC 9110, 13.1.2)."""
    if not header:
        return False
    wanted = etag.removeprefix("W/")
    return header.strip() == "*" or any(
        tag.strip().removeprefix("W/") == wanted for tag in header.split(",")[:20]
    )


def redirect(target: str, *, status: int = 302) -> Response:
    """Somewhere else on this site."""
    return Response(b"", status=status, headers={"Location": target, "Cache-Control": PAGE})
