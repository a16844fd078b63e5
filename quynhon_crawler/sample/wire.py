"""The wire log: every exchange as the bytes that the server received and sent."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. ``request`` and ``response`` are the bytes on the wire, heads and bodies.

    ``target`` is the request target as sent, ``url`` the absolute address. ``status`` is None when nothing
    was answered. ``complete`` is False when the server broke off or the client went away.
    """

    number: int
    method: str
    target: str
    url: str
    request: bytes
    response: bytes
    status: int | None
    complete: bool


@dataclass(slots=True)
class Entry:
    """An exchange while it happens: the server adds the bytes just before it sends them."""

    number: int
    method: str
    target: str
    url: str
    request: bytes
    status: int | None = None
    complete: bool = False
    sent: list[bytes] = field(default_factory=list)

    def frozen(self) -> Exchange:
        return Exchange(
            self.number,
            self.method,
            self.target,
            self.url,
            self.request,
            b"".join(self.sent),
            self.status,
            self.complete,
        )


class WireLog:
    """Exchanges in the order of their requests. Safe to read from any thread at any time."""

    def __init__(self, *, keep: bool = True) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self._count = 0

    def open(self, method: str, target: str, url: str, request: bytes) -> Entry:
        with self._lock:
            self._count += 1
            entry = Entry(self._count, method, target, url, request if self._keep else b"")
            if self._keep:
                self._entries.append(entry)
            return entry

    def sent(self, entry: Entry, data: bytes) -> None:
        """Note bytes that are about to be sent."""
        if self._keep:
            with self._lock:
                entry.sent.append(data)

    @property
    def count(self) -> int:
        """Requests seen since the start, also when they are not kept."""
        return self._count

    def snapshot(self) -> tuple[Exchange, ...]:
        with self._lock:
            return tuple(entry.frozen() for entry in self._entries)

    def clear(self) -> None:
        """Forget the exchanges so far; the count goes on."""
        with self._lock:
            self._entries.clear()
