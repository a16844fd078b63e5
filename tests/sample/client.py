"""A client that keeps the bytes: one request a connection, on a plain socket."""

import gzip
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from quynhon_crawler.sample import SamplePortal


@dataclass(frozen=True)
class Got:
    """What came back. ``body`` is de-chunked and unzipped; ``raw`` is what crossed the wire."""

    sent: bytes
    raw: bytes

    @property
    def head(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[0]

    @property
    def status(self) -> int:
        return int(self.head.split()[1])

    def header(self, name: str) -> str | None:
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None

    @property
    def wire_body(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def body(self) -> bytes:
        body = self.wire_body
        if self.header("Transfer-Encoding") == "chunked":
            body = dechunked(body)
        return gzip.decompress(body) if self.header("Content-Encoding") == "gzip" else body

    @property
    def text(self) -> str:
        return self.body.decode()


def dechunked(body: bytes) -> bytes:
    parts = []
    while True:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        if not length:
            assert body == b"\r\n"
            return b"".join(parts)
        assert body[length : length + 2] == b"\r\n"
        parts.append(body[:length])
        body = body[length + 2 :]


def fetch(
    portal: SamplePortal,
    address: str,
    method: str = "GET",
    body: bytes = b"",
    timeout: float = 10,
    **headers: str,
) -> Got:
    """Ask for ``address`` (absolute, or a target) and read until the server closes. ``Host`` can be given."""
    parts = urlsplit(address)
    target = address if not parts.netloc else address.removeprefix(portal.base)
    lines = {"Host": f"127.0.0.1:{portal.port}", "Connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    if body:
        lines["Content-Length"] = str(len(body))
    head = f"{method} {target} HTTP/1.1\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in lines.items()
    )
    sent = head.encode("utf-8") + b"\r\n" + body
    received = b""
    with socket.create_connection(("127.0.0.1", portal.port), timeout=timeout) as sock:
        sock.sendall(sent)
        while data := sock.recv(65_536):
            received += data
    return Got(sent, received)
