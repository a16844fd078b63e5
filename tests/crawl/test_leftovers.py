"""Bytes behind an answer, on an idle connection: nobody's next answer begins with them."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from tests.crawl.archives import archive, stored
from tests.crawl.run_crawl import quynhon

STRAY = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 22\r\n\r\n<p>not what was asked</"


class _Chatty:
    """Answers, and a moment later sends one more answer that nobody asked for. ``asked`` counts targets."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.asked: Counter[str] = Counter()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=self._listener.accept()[:1], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            while request := connection.recv(65536):
                target = request.split(b" ")[1].decode()
                self.asked[target] += 1
                links = "".join(f'<a href="/{n}">{n}</a>' for n in range(6)) if target == "/" else ""
                body = f"<html><body><h1>{target}</h1>{links}</body></html>".encode()
                head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
                connection.sendall(head + body)
                time.sleep(0.03)
                connection.sendall(STRAY)

    def close(self) -> None:
        self._listener.close()


def test_an_answer_that_nobody_asked_for_is_not_the_next_ones(tmp_path: Path) -> None:
    server = _Chatty()
    more = f'[[portals]]\nname = "p"\nurl = "http://127.0.0.1:{server.port}/"\ndelay = 0.15\n'
    done = quynhon("crawl", "p", "--archive", archive(tmp_path, more), "--limit", "8")
    server.close()
    assert "Traceback" not in done.stderr
    assert set(server.asked.values()) == {1}
    assert len(server.asked) == 8  # robots.txt among them
    for item in stored(tmp_path):
        target = item.record.url.removeprefix(f"http://127.0.0.1:{server.port}")
        assert f"<h1>{target}</h1>".encode() in item.record.block
        assert STRAY not in item.record.block
