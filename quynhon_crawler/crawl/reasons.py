"""Why an address gave nothing, in one line that a person understands."""

from __future__ import annotations

from scrapy import exceptions
from twisted.internet import error as net
from twisted.web.client import ResponseFailed

_PLAIN: tuple[tuple[type[BaseException], str], ...] = (
    (exceptions.DownloadTimeoutError, "no answer in time"),
    (exceptions.CannotResolveHostError, "the host name is not known"),
    (exceptions.DownloadConnectionRefusedError, "connection refused"),
    (net.DNSLookupError, "the host name is not known"),
    (net.ConnectionRefusedError, "connection refused"),
    (net.TimeoutError, "the host cannot be reached"),
    (net.NoRouteError, "no route to the host"),
    (net.ConnectionLost, "the connection was closed without an answer"),
    (net.ConnectionDone, "the connection was closed without an answer"),
)


def reason_of(error: BaseException) -> str:
    """The first cause that has plain words; else the error's own first line."""
    seen: BaseException | None = error
    while seen is not None:
        for kind, words in _PLAIN:
            if isinstance(seen, kind):
                return words
        if isinstance(seen, ResponseFailed):
            inner = [failure.value for failure in seen.reasons]
            return reason_of(inner[0]) if inner else "the answer broke off"
        seen = seen.__cause__ or seen.__context__
    text = str(error).strip().splitlines()
    return text[0] if text else type(error).__name__
