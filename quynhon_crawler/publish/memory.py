"""Pages that were made already, kept as long as the database is the same.

Home and common searches are asked for again and again; making them takes 10 to 80 ms of processor time on
20,000 articles, giving them again 1 ms (measured).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Response

from quynhon_crawler.publish import answer

_MOST_BYTES = 24_000_000
# Longer addresses are not asked for twice.
_LONGEST = 400


class Memory:
    """Answers by address, the least used forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], Response] = OrderedDict()
        self._generation: tuple[int, ...] = ()
        self._bytes = 0

    async def give(
        self, request: Any, generation: tuple[int, ...], make: Callable[[], Awaitable[Response]]
    ) -> Response:
        """The answer for a request: kept since ``generation``, else made and kept when it is a whole page."""
        if generation != self._generation:
            self._kept.clear()
            self._bytes, self._generation = 0, generation
        key = (request.scheme, request.host, request.full_path)
        held = self._kept.get(key)
        if held is None:
            made = await make()
            if made.status == 200 and request.method == "GET" and sum(map(len, key)) < _LONGEST:
                self._keep(key, made, generation)
            return made
        self._kept.move_to_end(key)
        return _again(request, held)

    def _keep(self, key: tuple[str, ...], made: Response, generation: tuple[int, ...]) -> None:
        if generation != self._generation or key in self._kept:
            return
        self._kept[key] = made
        self._bytes += len(made.body)
        while self._bytes > _MOST_BYTES:
            _, forgotten = self._kept.popitem(last=False)
            self._bytes -= len(forgotten.body)


def _again(request: Any, held: Response) -> Response:
    etag = held.headers.get("ETag", "")
    if etag and answer.matches(request.headers.get("if-none-match"), etag):
        return Response(b"", status=304, headers=dict(held.headers), content_type=held.content_type)
    headers = dict(held.headers)
    if request.method == "HEAD":
        headers["Content-Length"] = str(len(held.body))
        return Response(b"", status=200, headers=headers, content_type=held.content_type)
    return Response(held.body, status=200, headers=headers, content_type=held.content_type)
