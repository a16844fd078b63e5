"""A site of a few lines: each target's answer is what a function says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def page(title: str, body: str, *, article: bool = False, more: str = "") -> bytes:
    """An HTML page; ``article`` lets it say that it is one."""
    kind = '<meta property="og:type" content="article">' if article else ""
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>{kind}{more}'
        f"</head><body><h1>{title}</h1>{body}</body></html>"
    ).encode()


class Web:
    """Serves ``answer(target)`` on a free port; None is a 404, a whole answer is sent as it is.

    ``asked`` holds the targets in their order.
    """

    def __init__(self, answer: Callable[[str], bytes | None], *, host: str = "127.0.0.1") -> None:
        asked = self.asked = list[str]()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked.append(self.path)
                body = answer(self.path)
                if body and body.startswith(b"HTTP/1.1 "):
                    self.wfile.write(body)
                    return
                self.send_response(404 if body is None else 200)
                kind = "image/png" if (body or b"").startswith(b"\x89PNG") else "text/html; charset=utf-8"
                kind = "application/xml" if (body or b"").startswith(b"<?xml") else kind
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_: object) -> None:
                """Nothing on the screen."""

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.port = self._server.server_address[1]
        self.url = f"http://{host}:{self.port}/"

    def __enter__(self) -> Web:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
