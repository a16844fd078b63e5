"""A server that answers as the cases say, and remembers every byte in both directions."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.crawl.cases import CASES, HTML, OK, Case, sized


@dataclass
class Logged:
    """One request as it came, and what was sent for it until it ended."""

    target: str
    request: bytes
    sent: bytearray = field(default_factory=bytearray)


class HostileServer:
    """Serves CASES under their names, and a page at / that links to all of them. ``log`` is the truth."""

    def __init__(self, wrap: Callable[[socket.socket], socket.socket] | None = None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._wrap = wrap
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.log: list[Logged] = []
        self.port = self._listener.getsockname()[1]

    def __enter__(self) -> HostileServer:
        self._listener.settimeout(0.1)
        self._threads.append(threading.Thread(target=self._accept))
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._stop.is_set():
            with suppress(TimeoutError):
                connection, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, plain: socket.socket) -> None:
        plain.settimeout(0.2)
        with suppress(OSError), self._wrap(plain) if self._wrap else plain as connection:
            waiting = b""
            while not self._stop.is_set():
                try:
                    data = connection.recv(65536)
                except TimeoutError:
                    continue
                if not data:
                    return
                waiting += data
                while b"\r\n\r\n" in waiting:
                    head, _, waiting = waiting.partition(b"\r\n\r\n")
                    entry = Logged(head.split(b" ")[1].decode(), head + b"\r\n\r\n")
                    self.log.append(entry)
                    if not self._answer(connection, entry):
                        return

    def _answer(self, connection: socket.socket, entry: Logged) -> bool:
        case = next((c for c in CASES if entry.target == f"/{c.name}"), None)
        if case is None:
            links = "".join(f'<a href="/{c.name}">{c.name}</a> ' for c in CASES)
            body = f"<html><body><p>Mục lục</p>{links}</body></html>".encode()
            case = Case("index", (sized(OK, HTML, body=body),))
            if entry.target == "/robots.txt":
                case = Case(
                    "robots", (sized(b"HTTP/1.1 404 Not Found", b"Content-Type: text/plain", body=b"no"),)
                )
        for piece in case.pieces:
            connection.sendall(piece)
            entry.sent += piece
            if len(case.pieces) > 1:
                time.sleep(case.pause)
        return not case.close
