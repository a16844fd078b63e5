"""Pages that were made already, kept as long as the database is the same, and pictures that were just shown.

Home and common searches are asked for again and again; making them takes 10 to 25 ms of processor time on
50,000 articles, giving them again 1 ms (measured).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from datasette import Response

from quynhon_crawler.publish import answer

K = TypeVar("K")
V = TypeVar("V")

_MOST_BYTES = 24_000_000
# Longer addresses are not asked for twice.
_LONGEST = 400


class Shelf(Generic[K, V]):
    """Things of some size each, together at most ``most`` bytes; the least used are forgotten first."""

    def __init__(self, most: int) -> None:
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._most = most
        self._bytes = 0

    def get(self, key: K) -> V | None:
        """What was put there; None when nothing was, or it is forgotten."""
        held = self._kept.get(key)
        if held is None:
            return None
        self._kept.move_to_end(key)
        return held[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a thing of ``size`` bytes; what is there already stays."""
        if key in self._kept:
            return
        self._kept[key] = value, size
        self._bytes += size
        while self._bytes > self._most:
            _, (_, forgotten) = self._kept.popitem(last=False)
            self._bytes -= forgotten

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._bytes = 0


class Memory:
    """Answers by address, of one state of the database."""

    def __init__(self) -> None:
        self._kept: Shelf[tuple[str, ...], Response] = Shelf(_MOST_BYTES)
        self._generation: tuple[int, ...] = ()

    async def give(
        self, request: Any, generation: tuple[int, ...], make: Callable[[], Awaitable[Response]]
    ) -> Response:
        """The answer for a request: kept since ``generation``, else made and kept when it is a whole page."""
        if generation != self._generation:
            self._kept.clear()
            self._generation = generation
        key = (request.scheme, request.host, request.full_path)
        held = self._kept.get(key)
        if held is not None:
            return _again(request, held)
        made = await make()
        whole = made.status == 200 and request.method == "GET" and sum(map(len, key)) < _LONGEST
        if whole and generation == self._generation:
            self._kept.put(key, made, len(made.body))
        return made


def _again(request: Any, held: Response) -> Response:
    etag = held.headers.get("ETag", "")
    if etag and answer.matches(request.headers.get("if-none-match"), etag):
        return Response(b"", status=304, headers=dict(held.headers), content_type=held.content_type)
    headers = dict(held.headers)
    if request.method == "HEAD":
        headers["Content-Length"] = str(len(held.body))
        return Response(b"", status=200, headers=headers, content_type=held.content_type)
    return Response(held.body, status=200, headers=headers, content_type=held.content_type)
