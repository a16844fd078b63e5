"""Faults on request: what a hostile network and a sick server do, chosen per address.

========================  ======================================================================
kind                      what the client sees
========================  ======================================================================
``500 403 404 410``       that status, with a short page
``429 503``               that status with ``Retry-After: <seconds>``
``soft-404``              200 and ``Không tìm thấy trang``
``maintenance``           200 and a maintenance page
``redirect-home``         302 to ``/``
``redirect-loop``         302 to the address itself
``redirect-away``         302 to another host
``same-page``             200 and the home page, whatever was asked
``cookie``                the D1N page until the request brings the cookie that it sets
``empty``                 200, ``text/html``, no body
``binary``                200, ``text/html``, bytes that are no text
``huge``                  200, valid HTML of ``size`` bytes (20 MB)
``deep``                  200, HTML nested ``size`` deep (10,000)
``oversized``             200, ``size`` bytes (60 MB) of octet-stream
``bomb``                  200, gzip of ``size`` zero bytes (200 MB)
``header-flood``          the page with ``size`` header lines more (2,000)
``robots-disallow``       robots.txt that forbids everything
``length-long``           Content-Length ``size`` bytes more than come, then close
``length-short``          Content-Length ``size`` bytes fewer than come, then close
``broken-chunk``          a chunk whose size is no number
``cut``                   the connection closed after ``share`` of the body
``slow``                  the whole answer after ``seconds``
``trickle``               the body a few bytes at a time, ``seconds`` between them
``silent``                the connection closed before any byte
``hang``                  nothing for ``seconds``, then closed
``reset``                 a TCP reset in the middle of the body
``raw``                   exactly the bytes ``raw``, then close
========================  ======================================================================
"""

from __future__ import annotations

import fnmatch
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from .answers import Request

KINDS = frozenset(
    (
        *("500", "403", "404", "410", "429", "503", "soft-404", "maintenance", "same-page", "cookie"),
        *("redirect-home", "redirect-loop", "redirect-away", "robots-disallow", "header-flood"),
        *("empty", "binary", "huge", "deep", "oversized", "bomb"),
        *(
            "length-long",
            "length-short",
            "broken-chunk",
            "cut",
            "slow",
            "trickle",
            "silent",
            "hang",
            "reset",
            "raw",
        ),
    )
)
# the value is the firewall's to choose; a client must send back what the page sets
COOKIE = "D1N=5f0a1b2c3d4e5f60718293a4b5c6d7e8"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. ``pattern`` is a path prefix, or a glob when it holds ``*``; the query string takes part.

    It happens to the first ``times`` matching requests, for ever when None. ``size`` 0 means the kind's own.
    ValueError for an unknown kind.
    """

    pattern: str
    kind: str
    times: int | None = None
    seconds: float = 1.0
    size: int = 0
    share: float = 0.5
    raw: bytes = b""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault of the kind {self.kind!r}; there are: {', '.join(sorted(KINDS))}")

    def meets(self, request: Request) -> bool:
        if self.kind == "cookie" and COOKIE in request.headers.get("cookie", ""):
            return False
        if "*" in self.pattern:
            return fnmatch.fnmatchcase(request.target, self.pattern) or fnmatch.fnmatchcase(
                request.path, self.pattern
            )
        return request.target.startswith(self.pattern) or request.path.startswith(self.pattern)


class FaultBook:
    """The faults in force. The one written last is asked first. Safe from any thread."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._happened: list[int] = []
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)
            self._happened.append(0)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()
            self._happened.clear()

    def choose(self, request: Request) -> Fault | None:
        """The fault that befalls this request; it is counted as happened."""
        if not self._faults:
            return None
        with self._lock:
            for number in range(len(self._faults) - 1, -1, -1):
                fault = self._faults[number]
                if (fault.times is None or self._happened[number] < fault.times) and fault.meets(request):
                    self._happened[number] += 1
                    return fault
        return None
