"""Why an address gave nothing, in one line that a person understands."""

from __future__ import annotations

from OpenSSL import SSL
from scrapy import exceptions
from scrapy.core.downloader.handlers.http11 import TunnelError
from service_identity import CertificateError, VerificationError
from twisted.internet import error as net
from twisted.web.client import ResponseFailed

from quynhon_crawler.urls import without_password

_CLOSED = "the connection was closed without an answer"
_LATE = "no answer in time"
# Nobody was met at all: with a proxy it was the proxy that was looked for.
_UNMET = frozenset(
    ("the host name is not known", "connection refused", "the host cannot be reached", "no route to the host")
)
_PLAIN: tuple[tuple[type[BaseException], str], ...] = (
    (exceptions.DownloadTimeoutError, _LATE),
    (exceptions.CannotResolveHostError, "the host name is not known"),
    (exceptions.DownloadConnectionRefusedError, "connection refused"),
    (net.DNSLookupError, "the host name is not known"),
    (net.ConnectionRefusedError, "connection refused"),
    (net.TimeoutError, "the host cannot be reached"),
    (net.NoRouteError, "no route to the host"),
    (net.ConnectionLost, _CLOSED),
    (net.ConnectionDone, _CLOSED),
)


_INSECURE = 'if this is the right server, set tls = "insecure" for the portal in archive.toml'
_OLD = 'an old server; try ciphers = "DEFAULT@SECLEVEL=0" for the portal in archive.toml'
PROXY_REFUSED = "the proxy refuses (407): the user name or password of `proxy` in archive.toml is not right"
# What OpenSSL calls it, and what a person does about it.
_TLS: tuple[tuple[str, str], ...] = (
    ("certificate verify failed", f"the certificate cannot be verified; {_INSECURE}"),
    ("unsupported protocol", f"no common TLS version: {_OLD}"),
    ("wrong version number", "no TLS is spoken there; is the address http?"),
    ("no protocols available", f"no common TLS version: {_OLD}"),
    ("version too low", f"no common TLS version: {_OLD}"),
    ("protocol version", f"no common TLS version: {_OLD}"),
    ("too small", f"a key too short to be safe: {_OLD}"),
    ("too weak", f"a signature too weak to be safe: {_OLD}"),
    ("legacy sigalg", f"a signature too weak to be safe: {_OLD}"),
    ("handshake failure", f"no common cipher: {_OLD}"),
)


def reason_of(error: BaseException, url: str = "", *, proxy: str = "") -> str:
    """The first cause that has plain words; else the error's own first line. ``proxy`` is what was asked."""
    words = _words(error)
    if proxy and words in _UNMET:
        return f"the proxy {without_password(proxy)} of archive.toml: {words}"
    if proxy and words in (_CLOSED, _LATE):
        return f"{words}, through the proxy {without_password(proxy)} of archive.toml"
    # Many an old server hangs up in the handshake instead of saying what it wants.
    return f"{words}; if it is {_OLD}" if words == _CLOSED and url.startswith("https:") else words


def _words(error: BaseException) -> str:
    seen: BaseException | None = error
    while seen is not None:
        for kind, words in _PLAIN:
            if isinstance(seen, kind):
                return words
        if isinstance(seen, SSL.Error):
            return _tls_reason(seen)
        if isinstance(seen, VerificationError | CertificateError):
            return f"the certificate is of another host; {_INSECURE}"
        if isinstance(seen, TunnelError) and "'status': 407" in str(seen):
            return PROXY_REFUSED
        if isinstance(seen, ResponseFailed):
            inner = [failure.value for failure in seen.reasons]
            return _words(inner[0]) if inner else "the answer broke off"
        seen = seen.__cause__ or seen.__context__
    text = str(error).strip().splitlines()
    return text[0] if text else type(error).__name__


def _tls_reason(error: SSL.Error) -> str:
    said = "; ".join(part[-1] for part in error.args[0] if part) if error.args and error.args[0] else ""
    plain = next((words for mark, words in _TLS if mark in said), None)
    return f"TLS: {plain} (OpenSSL: {said})" if plain else f"TLS: {said or 'the handshake failed'}"


def at_once(error: BaseException) -> bool:
    """Whether asking again in a moment is pointless: no such host, nobody listens, TLS that cannot agree."""
    kinds = (exceptions.CannotResolveHostError, exceptions.DownloadConnectionRefusedError)
    return isinstance(error, kinds) or _words(error).startswith(("TLS:", "the certificate", "the proxy"))
