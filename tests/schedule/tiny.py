"""The smallest portal: a home page and some pages, on a real socket, as slow as a test wants it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

KEYS = """\
[crawl]
delay = 0
retries = 0
min_free = 0
"""


class Portal(ThreadingHTTPServer):
    """``asked`` are the paths of requests, in order; ``bad`` what some get."""

    daemon_threads = True
    # more than the default of 5: a machine under load accepts late
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[str] = []
        self.pages, self.latency = 3, 0.0
        self.bad: dict[str, int] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Portal

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        time.sleep(self.server.latency)
        numbers = range(self.server.pages)
        links = "".join(f'<a href="/tin/{number}.html">tin {number}</a>' for number in numbers)
        # each page says something else, or the crawl would take the portal for one that is closed
        digests = " ".join(sha256(f"{self.path} {number}".encode()).hexdigest() for number in range(20))
        words = digests.translate(str.maketrans("0123456789abcdef", "ghijklmnopqrstuv"))
        text = f"<html><title>{self.path}</title><body><p>{words}</p> {links}</body></html>"
        status = self.server.bad.get(self.path, 200)
        if self.path == "/robots.txt":
            status, text = 404, ""
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def tiny_portal() -> Iterator[Portal]:
    with Portal() as portal:
        thread = threading.Thread(target=portal.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield portal
        finally:
            portal.shutdown()
            thread.join()


def archive_of(folder: Path, *portals: Portal, keys: str = 'every = "6h"', more: str = "") -> Path:
    """An archive folder with these portals, named a, b, ... and ``keys`` for each."""
    folder.mkdir(exist_ok=True)
    text = KEYS + more
    for name, portal in zip("abcdef", portals, strict=False):
        text += f'[[portals]]\nname = "{name}"\nurl = "{portal.url}"\n{keys}\n'
    (folder / "archive.toml").write_text(text)
    return folder


def wait_until(condition: object, seconds: float = 60.0) -> None:
    """Until ``condition()`` is true; AssertionError when it never is."""
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
