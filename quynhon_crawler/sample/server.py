"""The socket side: HTTP/1.1 on asyncio streams, in a thread, every byte known."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate

from . import fault_answers, fault_delivery
from .answers import Request, encode, page
from .faults import FaultBook
from .site import Site
from .wire import Entry, WireLog

_HEAD_LIMIT = 65_536
_BODY_LIMIT = 10_000_000
_IDLE = 75.0


class Server:
    """Accepts connections between ``start`` and ``stop``. ``port`` is known after ``start``."""

    def __init__(
        self,
        site: Site,
        log: WireLog,
        faults: FaultBook,
        *,
        host: str,
        port: int,
        latency: float,
        tls: ssl.SSLContext | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._site, self._log, self._faults = site, log, faults
        self._host, self.port, self._latency, self._tls, self._clock = host, port, latency, tls, clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread: threading.Thread | None = None
        self._stopping: asyncio.Event | None = None
        self._date = (0, "")

    def start(self) -> None:
        """Listen, in a thread of its own. OSError when the address cannot be had."""
        ready: list[BaseException | None] = []
        up = threading.Event()

        def told(error: BaseException | None) -> None:
            ready.append(error)
            up.set()

        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(told)), name="sample-portal", daemon=True
        )
        self._thread.start()
        up.wait()
        if ready[0] is not None:
            self._thread.join()
            raise ready[0]

    def stop(self) -> None:
        """Close every connection and wait for the thread."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread = None

    async def _serve(self, told: Callable[[BaseException | None], None]) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        try:
            server = await asyncio.start_server(
                self._accepted, self._host, self.port, limit=_HEAD_LIMIT, ssl=self._tls, backlog=512
            )
        except OSError as error:
            told(error)
            return
        self.port = server.sockets[0].getsockname()[1]
        told(None)
        await self._stopping.wait()
        server.close()
        # connections that the kernel had accepted already reach us in the next turns of the loop
        for _ in range(5):
            await asyncio.sleep(0)
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await server.wait_closed()

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._connection(reader, writer))
        self._tasks.add(task)

        def done(task: asyncio.Task[None]) -> None:
            # also when it was cancelled before its first step
            self._tasks.discard(task)
            writer.close()

        task.add_done_callback(done)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # a client that goes away, idles or talks nonsense ends its own connection only
            with contextlib.suppress(
                ConnectionError,
                asyncio.IncompleteReadError,
                asyncio.CancelledError,
                TimeoutError,
                ssl.SSLError,
            ):
                while await self._exchange(reader, writer):
                    pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError, TimeoutError, ssl.SSLError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; True when the connection stays open."""
        try:
            request = await self._request(reader)
        except (ValueError, asyncio.LimitOverrunError):
            request = Request("GET", "/", {"connection": "close"}, b"", b"")
            writer.write(
                encode(page("<html><body>400 Bad Request</body></html>", 400), request, self._now()).head
            )
            await writer.drain()
            return False
        entry = self._log.open(request.method, request.target, request.url, request.raw)

        async def send(data: bytes) -> None:
            self._log.sent(entry, data)
            writer.write(data)
            await writer.drain()

        if self._latency:
            await asyncio.sleep(self._latency)
        return await self._answer(request, entry, send, writer)

    async def _answer(
        self,
        request: Request,
        entry: Entry,
        send: Callable[[bytes], Awaitable[None]],
        writer: asyncio.StreamWriter,
    ) -> bool:
        fault = self._faults.choose(request)
        answer = fault_answers.replace(fault, request, self._site) if fault else None
        wire = encode(answer or self._site.answer(request), request, self._now())
        if fault is None:
            entry.status, entry.complete = _status(wire.head), True
            await send(wire.head + b"".join(wire.pieces))
            return not wire.close
        wire = fault_delivery.alter(fault, wire)
        entry.status = _status(fault.raw if fault.kind == "raw" else wire.head)
        if fault.kind in ("silent", "hang"):
            entry.status = None
        stays = await fault_delivery.deliver(fault, wire, send, writer.transport)
        entry.complete = fault.kind not in fault_delivery.INCOMPLETE
        return stays

    async def _request(self, reader: asyncio.StreamReader) -> Request:
        raw = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE)
        first, *lines = raw.decode("latin-1").split("\r\n")
        method, target, version = first.split(" ", 2)
        headers: dict[str, str] = {}
        for line in lines:
            name, found, value = line.partition(":")
            if found:
                headers.setdefault(name.strip().lower(), value.strip())
        body = b""
        length = headers.get("content-length", "0")
        if (
            not length.isdigit()
            or len(length) > 8
            or int(length) > _BODY_LIMIT
            or version not in ("HTTP/1.1", "HTTP/1.0")
        ):
            raise ValueError("not a request that this server takes")
        if int(length):
            body = await asyncio.wait_for(reader.readexactly(int(length)), _IDLE)
        scheme = "https" if self._tls else "http"
        return Request(method, target, headers, body, raw + body, version, scheme)

    def _now(self) -> str:
        """The Date header, made once a second."""
        second = int(self._clock())
        if self._date[0] != second:
            self._date = (second, formatdate(second, usegmt=True))
        return self._date[1]


def _status(head: bytes) -> int | None:
    word = head[9:12]
    return int(word) if word.isdigit() else None
