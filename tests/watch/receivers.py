"""Who is told: a real web server and a real mail server on this machine, that keep what they get."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Hook(HTTPServer):
    """``got`` are the JSON objects that were posted, ``asked`` path and Authorization."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.got: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str | None]] = []
        self.status = 204
        self.location: str | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Answers(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"]))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status < 300:
            self.server.got.append(json.loads(body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.server.asked.append((f"GET {self.path}", None))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def hook() -> Iterator[Hook]:
    with Hook() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Postman:
    """A mail server. ``letters`` that came, ``logins`` that were tried; ``refuse`` a line to answer with."""

    def __init__(self, password: str | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.letters: list[EmailMessage] = []
        self.logins: list[tuple[str, str]] = []
        self.refuse: str | None = None
        self._password = password
        self._controller = _OnAFreePort(
            self,
            hostname="127.0.0.1",
            port=0,
            tls_context=tls,
            authenticator=self._check if password else None,
            auth_required=password is not None,
            auth_require_tls=tls is not None,
        )

    @property
    def place(self) -> str:
        assert self._controller.server is not None
        return f"127.0.0.1:{self._controller.server.sockets[0].getsockname()[1]}"  # type: ignore[attr-defined]

    def __enter__(self) -> Postman:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    def _check(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password.decode() == self._password, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuse:
            return self.refuse
        letter = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 taken"


class _OnAFreePort(Controller):
    """The controller tries itself out at the port that it was told, which is not yet known here."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()
