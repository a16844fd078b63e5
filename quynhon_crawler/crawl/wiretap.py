"""The wiretap: every byte that a connection sends and receives for one request, before anyone parses it.

Scrapy's objects cannot give the bytes back: reason phrase, header order and case, repeated headers, chunking
and compression are gone. So the connection itself is listened to. Scrapy's pooling, TLS, proxies and
time-outs stay as they are. This leans on names of Scrapy 2.19 and Twisted that are private; the tests in
tests/crawl/test_hostile.py compare with the server's own log and fail loudly when they move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.utils.asyncio import call_later
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, ParseError
from twisted.web.http import _MalformedChunkedDataError

from quynhon_crawler.warc.http import ends_itself
from quynhon_crawler.warc.writer import utc_now

# Twisted hangs up at a header line of 16 KB; Content-Security-Policy and cookies are longer now and then. It
# reads heads of any size, at half a kilobyte of memory a line. Browsers stop at 256 to 400 KB.
_LONGEST_HEAD = 1_000_000
# So often an answer that Twisted cannot read is looked at by warc/http.py, whether it has ended.
_LOOKS = 100


@dataclass(slots=True)
class Tap:
    """What one request's connection carried. ``limit`` is in bytes of the answer, head included.

    ``reused`` tells that the connection had served an earlier request; a server may have closed it since.
    ``complete`` tells that the answer ended by HTTP's own rules, not by a lost connection; ``unreadable``
    that its end could not be told. ``held`` fires when the connection may serve the next request.
    """

    limit: int
    sent: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)
    started_at: str = ""
    ip: str | None = None
    reused: bool = False
    over_limit: bool = False
    complete: bool = False
    closed: bool = False
    unreadable: bool = False
    broken_chunk: bool = False
    held: Deferred[None] | None = None
    method: str = "GET"
    looks: int = 0

    def take(self, data: bytes) -> None:
        """Bytes from the wire, up to the limit."""
        room = self.limit - len(self.received)
        self.received += data[:room]
        self.over_limit = self.over_limit or len(data) > room

    def has_ended(self) -> bool:
        """Whether the answer ends by its own account, though Twisted cannot read it."""
        self.looks += 1
        return self.looks < _LOOKS and ends_itself(bytes(self.received), self.method)


class TapPool:
    """The shared connection pool, as one request sees it: the connection that it gets carries its tap."""

    def __init__(self, pool: Any, tap: Tap) -> None:
        self._pool = pool
        self._tap = tap

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:
        def attach(connection: WiretapProtocol) -> WiretapProtocol:
            connection.next_tap = self._tap
            return connection

        waiting: Deferred[Any] = self._pool.getConnection(key, endpoint)
        waiting.addCallback(attach)
        return waiting

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)


class _Tee:
    """A transport that notes what is written to it; everything else is the real one's."""

    def __init__(self, transport: Any, sent: bytearray) -> None:
        self._transport = transport
        self._sent = sent

    def write(self, data: bytes) -> None:
        self._sent += data
        self._transport.write(data)

    def writeSequence(self, data: Any) -> None:
        self.write(b"".join(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class WiretapProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's HTTP/1.1 connection, listened to."""

    next_tap: Tap | None = None
    _tap: Tap | None = None
    _last: Tap | None = None  # whose answer has ended, while the connection is held back
    _served = 0

    def __init__(self, into_pool: Callable[[WiretapProtocol], None]) -> None:
        super().__init__(self._hold)  # type: ignore[no-untyped-call]
        self._into_pool = into_pool

    def request(self, request: Any) -> Deferred[Any]:
        tap, self.next_tap = self.next_tap, None
        assert tap is not None, "a request came past TapPool"
        tap.started_at = utc_now()
        tap.reused = self._served > 0
        transport: Any = self.transport
        tap.ip = getattr(transport.getPeer(), "host", None)
        self._served += 1
        self._tap = tap
        write_to = request.writeTo
        request.writeTo = lambda transport: write_to(_Tee(transport, tap.sent))
        answer = super().request(request)
        if self._parser is not None:
            self._parser.MAX_LENGTH = 2 * _LONGEST_HEAD
        return answer

    def dataReceived(self, data: bytes) -> None:
        tap = self._tap
        if tap is None:
            self._stray(data)
            return
        if not tap.closed:
            tap.take(data)
        if not tap.unreadable:
            super().dataReceived(data)  # type: ignore[no-untyped-call]
            parser = self._parser
            if parser is not None and parser.state != BODY and len(tap.received) > _LONGEST_HEAD:
                self._giveUp(Failure(ParseError("a head without end", b"")))  # type: ignore[no-untyped-call]
        if (tap.over_limit or (tap.unreadable and tap.has_ended())) and not tap.closed:
            tap.closed = True
            self.transport.abortConnection()  # type: ignore[union-attr]

    def _stray(self, data: bytes) -> None:
        """Bytes that nobody asked for. The pool must not hand out this connection again."""
        if self._last is not None:
            self._last.take(data)
        self.abort()  # type: ignore[no-untyped-call]

    def _hold(self, _: object) -> None:
        """Between two requests: what has come behind the answer is read before the connection is used again.

        Reads come before timers in the event loop, so one turn is enough for what the system has already.
        """
        tap = self._last
        assert tap is not None
        tap.held = Deferred()
        call_later(0, self._let_go, tap)

    def _let_go(self, tap: Tap) -> None:
        self._last = None
        if self._state == "QUIESCENT":
            self._into_pool(self)
        if tap.held is not None:
            tap.held.callback(None)

    def _giveUp(self, reason: Failure) -> None:
        """Twisted cannot read this answer and would hang up. The bytes still count: listen to the end.

        Called as well when an answer has ended and the connection is not kept; then nothing is held back.
        """
        tap = self._tap
        if tap is None or tap.complete:
            super()._giveUp(reason)  # type: ignore[no-untyped-call]
        else:
            tap.unreadable = True
            tap.broken_chunk = isinstance(reason.value, _MalformedChunkedDataError)

    def _finishResponse(self, rest: bytes) -> None:
        """The answer has ended. Bytes behind its end cannot be told from the next answer's begin.

        They stay with this exchange, and the connection is not used again.
        """
        tap, self._tap = self._tap, None
        self._last = tap
        if tap is not None:
            tap.complete = True
        if rest and self._currentRequest is not None:
            self._currentRequest.persistent = False
        super()._finishResponse(rest)


class WiretapFactory(_LenientHTTP11ClientFactory):
    """Makes listened-to connections for the pool."""

    def buildProtocol(self, addr: Any) -> WiretapProtocol:
        return WiretapProtocol(self._quiescentCallback)
