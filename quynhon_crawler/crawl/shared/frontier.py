"""The frontier of a crawl that many workers share: what is to be asked lies in Redis, the rest in the file.

An address that is handed out is leased. It is done when its worker says so, after the record is on disk; when
the worker says nothing for as long as the lease runs, another gets the address. Every worker has an archive
folder of its own, whose frontier.db keeps what that archive holds (validators, bodies, visits).

Nothing here waits for Redis. While it is away nothing is leased, and what there is to say is kept until it is
back; said too late it makes a record twice, never a loss.
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from quynhon_crawler.crawl.frontier import Frontier, Lease, rank_of
from quynhon_crawler.crawl.memory import fetch_key, form_body
from quynhon_crawler.crawl.shared.server import VERSION, Away, Server
from quynhon_crawler.errors import QuynhonError
from quynhon_crawler.model import Fetch, Purpose
from quynhon_crawler.urls import canonical

# Answers that were read may still be asked for once more, a little later (intake.py).
_REMEMBERED = 10_000
_GLANCE = 0.3  # seconds until a worker without work looks again
# While many wait, one question leases several (lease.lua): 0.4 questions a request, not 1.2.
_AT_ONCE = 8
_FRESH = 1.0  # seconds for which Redis's word on the host's next turn is believed
_LONGEST_REST = 900.0


@dataclass(frozen=True, slots=True)
class _Item:
    """One leased address: its name in Redis, and what lies there under it."""

    id: str
    payload: str
    tries: int


class SharedFrontier(Frontier):
    """As Frontier, for one worker of many. ``lease_seconds`` is how long a silent worker keeps an address.

    Raises ArchiveError when Redis cannot be used at the start, and QuynhonError when what lies there is gone
    or Redis takes nothing more.
    """

    def __init__(self, path: Path, server: Server, *, lease_seconds: float) -> None:
        super().__init__(path)
        self._server, self._seconds = server, lease_seconds
        self._ready: deque[_Item] = deque()  # leased by us, not handed out yet
        self._out: dict[int, _Item] = {}  # leased by us and handed out, by seq
        self._read: dict[int, _Item] = {}  # were leased by us
        self._unsaid: list[tuple[str, str]] = []  # links that Redis was not there for
        self._done: dict[str, None] = {}
        self._again: dict[str, tuple[str, int, float]] = {}
        self._serial = self._queued = self._elsewhere = 0
        self._free_at = 0.0  # when all workers may ask the portal's host again
        self._told_at = self._ours_until = 0.0  # when Redis said so; when leases run out, by our own clock
        try:
            self.worker = self.fact("worker") or secrets.token_hex(4)
            self.set_fact("worker", self.worker)
            self._crawl = self.fact("shared crawl") or ""
            # Until a crawl is joined, what recovery finds is for this archive alone.
            self._joined = bool(server.must("same", VERSION, self._crawl))
        except BaseException:
            super().close()
            raise

    def goes_on(self) -> bool:
        return self._joined

    def forget_fetches(self) -> None:
        """Become part of the crawl that is under way, or begin one."""
        super().forget_fetches()
        self._done.clear()
        self._crawl = self._server.must("begin", VERSION, secrets.token_hex(8)).decode()
        self.set_fact("shared crawl", self._crawl)
        self._joined = True

    def add(self, fetches: Iterable[Fetch], *, depth: int = 0) -> int:
        """As the file's; links that come while Redis is away count as new."""
        found: list[tuple[str, str]] = []
        for fetch in fetches:
            key = fetch_key(fetch.method, fetch.url, form_body(fetch.form))
            if self._joined and key not in self._recent:
                self._remember(key)
                found.append((_id(key), _payload(fetch, depth)))
        if not found:
            return 0
        try:
            added = int(self._server.run("add", self._crawl, json.dumps(found)))
        except Away:
            self._unsaid += found
            return len(found)
        self._queued += added
        return added

    def lease(self) -> Lease | None:
        """The next address of all workers'; None while there is none, or Redis is away."""
        if time.monotonic() >= self._ours_until:  # this process slept: others have them by now
            self._ready.clear()
        if not self._ready and not self._lease_more():
            return None
        item = self._ready.popleft()
        self._serial += 1
        self._out[self._serial] = item
        fetch, depth = _fetch(item.payload)
        return Lease(self._serial, fetch, item.tries, depth)

    def _lease_more(self) -> bool:
        asked_at = time.monotonic()
        try:
            queued, later, leased, wait, *parts = self._server.run(
                "lease", self._crawl, self.worker, self._seconds, self.home, _AT_ONCE
            )
        except Away:
            return False
        self._told_at, self._ours_until = time.monotonic(), asked_at + self._seconds
        self._free_at = self._told_at + float(wait)
        told = (part.decode() for part in parts)
        for id, payload, tries in zip(told, told, told, strict=True):
            self._ready.append(_Item(id, payload, int(tries)))
        self._note(queued, later, leased)
        return bool(self._ready)

    def done(self, seq: int) -> None:
        item = self._let_go(seq)
        self._done[item.id] = None

    def again(self, seq: int, *, wait: float) -> None:
        item = self._let_go(seq)
        self._done.pop(item.id, None)
        self._again[item.id] = (item.payload, item.tries + 1, wait)

    def _let_go(self, seq: int) -> _Item:
        item = self._out.pop(seq, None) or self._read[seq]
        self._read[seq] = item
        if len(self._read) > _REMEMBERED:
            self._read.pop(next(iter(self._read)))
        return item

    def purpose_of(self, key: bytes) -> Purpose | None:
        payload = self._server.must("find", _id(key)) if self._joined else None
        return _fetch(payload.decode())[0].purpose if payload else None

    def done_by_key(self, key: bytes) -> None:
        self._done[_id(key)] = None

    def release(self) -> None:
        """What this worker held when it died may be leased by any other."""
        if self._joined:
            self._server.must("release", self._crawl, self.worker)

    @property
    def pending(self) -> int:
        """How many addresses wait, those that other workers hold included; never 0 while Redis is away."""
        waiting = self._queued + len(self._ready) + self._elsewhere + len(self._again) + len(self._unsaid)
        return max(1, waiting) if self._server.away else waiting

    def next_due(self) -> float | None:
        if self._ready or (self._queued and not self._server.away):
            return 0.0
        return _GLANCE if self.pending else None

    def commit(self) -> None:
        """The file; then Redis, which is told what is done only now that the records are on disk."""
        super().commit()
        if not self._joined:
            return
        said = {
            "done": [*self._done],
            "again": [[id, *what] for id, what in self._again.items()],
            "held": [item.id for item in (*self._ready, *self._out.values())],
        }
        asked_at = time.monotonic()
        try:
            if self._unsaid:
                self._server.run("add", self._crawl, json.dumps(self._unsaid))
                self._unsaid.clear()
            queued, later, leased, *lost = self._server.run(
                "commit", self._crawl, self.worker, self._seconds, json.dumps(said)
            )
        except Away:
            return
        self._done.clear()
        self._again.clear()
        self._ours_until = asked_at + self._seconds
        gone = {id.decode() for id in lost}
        self._ready = deque(item for item in self._ready if item.id not in gone)
        for seq in [seq for seq, item in self._out.items() if item.id in gone]:
            self._let_go(seq)
        self._note(queued, later, leased)

    def over(self) -> None:
        super().over()
        with suppress(Away):  # it stays open then: whoever comes next joins it, and finds nothing to do
            self._server.run("over", self._crawl)

    def turn(self, host: str, pause: float, rest: float = 0.0) -> float | None:
        """Seconds until the next turn at a host, of all workers; None while nobody knows.

        Without a pause no turn is taken from the others: what the lease told a moment ago will do.
        """
        if host == self.home and not pause and not rest and time.monotonic() < self._told_at + _FRESH:
            return max(0.0, self._free_at - time.monotonic())
        try:
            return float(self._server.run("turn", host, pause, min(rest, _LONGEST_REST)))
        except Away:
            return None

    def close(self) -> None:
        """As the file's. What is leased and not asked is for the others at once."""
        if self._joined and not self._done:  # what is done and not told is found by recovery, not asked again
            with suppress(Away, QuynhonError):
                self._server.run("release", self._crawl, self.worker)
        self._server.close()
        super().close()

    def _note(self, queued: int, later: int, leased: int) -> None:
        """What Redis holds; our own leases, and what we have not told it yet, are none of the others'."""
        ours = len(self._ready) + len(self._out) + len(self._done) + len(self._again)
        self._queued, self._elsewhere = queued, later + max(0, leased - ours)


def _id(key: bytes) -> str:
    return urlsafe_b64encode(key).decode().rstrip("=")


def _payload(fetch: Fetch, depth: int) -> str:
    parts = (canonical(fetch.url), fetch.purpose, fetch.method, fetch.form, fetch.headers)
    return json.dumps([*parts, rank_of(fetch), depth], ensure_ascii=False)


def _fetch(payload: str) -> tuple[Fetch, int]:
    url, purpose, method, form, headers, _, depth = json.loads(payload)
    fetch = Fetch(url, purpose, method, form=_pairs(form), headers=_pairs(headers))
    return fetch, depth


def _pairs(found: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in found)
