"""Ready answers: pages and files kept as bytes, so that the portal is never the slow part of a benchmark."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from .answers import Answer, Request, etag, gzipped, page
from .assets import asset
from .desk import Desk
from .moments import MIGRATION
from .vault import Vault

# pages are kept in gzip (about 14 KB each), pictures as they are (about 10 KB)
_KEPT = 20_000


class Cabinet:
    """Makes an answer the first time it is asked for and keeps it."""

    def __init__(self, desk: Desk, *, validators: bool) -> None:
        self._vault = Vault(desk)
        self._validators = validators
        self._kept: OrderedDict[tuple[object, ...], Answer] = OrderedDict()

    def html(
        self, request: Request, key: tuple[object, ...], changed: datetime, make: Callable[[str], bytes]
    ) -> Answer:
        """The page ``key`` at the request's origin. Most pages go out in chunks, some with a length."""
        key = ("page", request.origin, *key)
        found = self._kept.get(key)
        if found is None:
            body = make(request.origin)
            found = page(body, Last_Modified=_http_date(changed), ETag=etag(body))
            found.body, found.packed = b"", gzipped(body)
            found.framing = "length" if len(request.path) % 4 == 0 else "chunked"
            self._keep(key, found)
        return _copy(found)

    def file(self, path: str) -> Answer | None:
        """An asset or upload by its decoded path; None when there is none."""
        key = ("file", path)
        if key not in self._kept:
            made = asset(path) or self._vault.find(path)
            if made is None:
                return None
            kind, body = made
            headers = [("Content-Type", kind), ("Last-Modified", _http_date(MIGRATION)), ("ETag", etag(body))]
            headers.append(("Cache-Control", "max-age=2592000"))
            packed = gzipped(body) if kind in ("text/css", "application/javascript") else None
            self._keep(key, Answer(200, headers, body, packed))
        return _copy(self._kept[key])

    def _keep(self, key: tuple[object, ...], answer: Answer) -> None:
        self._kept[key] = answer
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def conditional(self, request: Request, answer: Answer) -> Answer:
        """304 when the client holds these bytes. If-None-Match outranks the date (RFC 9110, 13.2.2)."""
        tag, changed = answer.header("ETag"), answer.header("Last-Modified")
        if not self._validators:
            answer.headers = [pair for pair in answer.headers if pair[0] not in ("ETag", "Last-Modified")]
            return answer
        if answer.status != 200 or not tag or not changed:
            return answer
        known = request.headers.get("if-none-match")
        since = request.headers.get("if-modified-since")
        same = tag in known or known.strip() == "*" if known is not None else _not_since(changed, since)
        return Answer(304, [("ETag", tag), ("Last-Modified", changed)]) if same else answer


def _copy(answer: Answer) -> Answer:
    return Answer(answer.status, list(answer.headers), answer.body, answer.packed, answer.framing)


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _not_since(changed: str, since: str | None) -> bool:
    try:
        return since is not None and parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
