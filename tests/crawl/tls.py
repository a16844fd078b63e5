"""TLS for servers of the tests."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable

import trustme


def over_tls() -> Callable[[socket.socket], socket.socket]:
    """Wraps a server's connection in TLS. Nobody knows the authority that signed for it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return lambda plain: context.wrap_socket(plain, server_side=True)
