"""An HTTP proxy that forwards, opens tunnels, and remembers every byte that its clients sent and got."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Forwarded:
    """One request in absolute form as it came, and the answer as it was handed back."""

    request: bytes
    answer: bytes


class Proxy:
    """``forwarded`` and ``tunnels`` (the heads of CONNECT requests) are the truth."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.port = self._listener.getsockname()[1]
        self.forwarded: list[Forwarded] = []
        self.tunnels: list[bytes] = []

    def __enter__(self) -> Proxy:
        self._listener.settimeout(0.1)
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _begin(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            with suppress(TimeoutError):
                self._begin(self._serve, self._listener.accept()[0])

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(30)
        with suppress(OSError), client:
            request = b""
            while b"\r\n\r\n" not in request:
                data = client.recv(65536)
                if not data:
                    return
                request += data
            target = request.split(b" ", 2)[1].decode()
            if request.startswith(b"CONNECT "):
                self._tunnel(client, request, target)
            else:
                self._forward(client, request, target)

    def _forward(self, client: socket.socket, request: bytes, target: str) -> None:
        """One request a connection: the answer ends where the origin hangs up."""
        head, _, body = request.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        length = next((int(v) for k, _, v in (x.partition(b":") for x in lines) if k == b"Content-Length"), 0)
        while len(body) < length:
            body += client.recv(65536)
        parts = urlsplit(target)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        kept = [x for x in lines[1:] if not x.lower().startswith((b"proxy-", b"connection"))]
        first = lines[0].replace(target.encode(), path.encode())
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30) as origin:
            origin.sendall(b"\r\n".join([first, *kept, b"Connection: close"]) + b"\r\n\r\n" + body)
            answer = b"".join(iter(lambda: origin.recv(65536), b""))
        client.sendall(answer)
        self.forwarded.append(Forwarded(head + b"\r\n\r\n" + body, answer))

    def _tunnel(self, client: socket.socket, request: bytes, target: str) -> None:
        self.tunnels.append(request)
        host, _, port = target.partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as origin:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._begin(self._relay, origin, client)
            self._relay(client, origin)

    def _relay(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
