"""What becomes of each leased address: read into the database, asked again later, or given up and told."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from scrapy import Request

from quynhon_crawler.crawl.frontier import Lease
from quynhon_crawler.crawl.pace import retry_after
from quynhon_crawler.crawl.traps import pattern
from quynhon_crawler.ingest import FETCH_ERROR, ingest
from quynhon_crawler.model import Page, Reading
from quynhon_crawler.urls import host_of
from quynhon_crawler.warc.writer import utc_now

if TYPE_CHECKING:
    from quynhon_crawler.crawl.session import Session

# An answer that says "not now" rather than "no" (RFC 9110: 408, 429, 500, 502, 503, 504).
_LATER = frozenset({408, 429, 500, 502, 503, 504})
# A link that leads nowhere is the portal's affair: told, but no problem of the crawl.
_GONE = frozenset({404, 410})
_LONGEST_RETRY = 3600.0
_REMEMBERED = 10_000
_JSON = "application/json"
_CONDITION = re.compile(rb"\r\nif-(?:none-match|modified-since)[ \t]*:", re.IGNORECASE)


def is_dead(page: Page, reading: Reading) -> bool:
    """Whether the link that led here leads nowhere."""
    return page.status in _GONE or (reading.problem or "").startswith("soft 404")


class Intake:
    """The leases that are out, and the answers that wait to be read."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.leases: dict[int, Lease] = {}
        self._pauses: dict[int, int] = {}  # how many the host had taken when the address went out
        self._waiting: dict[int, tuple[Page, Reading, bool]] = {}
        self._held: list[tuple[Lease, str]] = []

    def lease(self, lease: Lease) -> None:
        """An address goes out."""
        self.leases[lease.seq] = lease
        self._pauses[lease.seq] = self._session.conduct.pace.pauses

    def take(self, seq: int, page: Page, sent: bytes) -> None:
        """An answer was written to the WARC file: into the database with it, before the next commit.

        ``sent`` is the question, which may name what the archive was thought to have.
        The commit may end its file, and after a crash only files without an end are read again.
        """
        session = self._session
        reading = ingest(session.store, page, portal_id=session.portal_id, home_url=session.portal.url)
        self._waiting[seq] = page, reading, _CONDITION.search(sent) is not None

    def was_asked(self, request: Request) -> bool:
        """Whether this is not the first time that an address is asked for."""
        lease = self.leases.get(request.meta.get("seq", 0))
        return lease is not None and lease.tries > 0

    def put_back(self, seq: int) -> None:
        """What came is no answer to the question: it is kept, and the address is asked in the next run."""
        self.leases.pop(seq)
        self._waiting.pop(seq)
        self._session.frontier.again(seq, wait=0)

    def unasked(self, seq: int) -> None:
        """It was not asked, or its answer could not be kept; it stays leased, and the next run has it."""
        if self.leases.pop(seq, None) is not None:
            self._session.not_asked()

    def finish(self, seq: int) -> Reading:
        """The answer of a leased address is with Scrapy: its links become pending."""
        session = self._session
        (page, reading, conditional), lease = self._waiting.pop(seq), self.leases.pop(seq)
        if len(self._pauses) > _REMEMBERED:
            self._pauses = {seq: self._pauses[seq] for seq in (*self.leases, seq)}
        cut = page.capture is not None and page.capture.truncated
        if (cut or page.status in _LATER) and lease.tries < session.crawl.retries:
            self._again(lease, page.header("Retry-After"))
            return reading
        if page.status == 304 and conditional:
            # unchanged, and the body is not in the archive (its record is lost or damaged): ask for all of it
            session.memory.unlearn(lease.fetch.method, lease.fetch.url)
            session.frontier.again(seq, wait=0)
            return reading
        if page.status == 403 and not lease.tries:
            self._hold_back(lease, reading)
            return reading
        self.settle()
        if is_dead(page, reading):
            session.counts["dead_links"] += 1
        elif reading.problem:
            self._tell(page.url, reading.problem)
        new_links = self._follow(lease, reading)
        session.frontier.done(seq)
        session.trouble = session.trouble or session.conduct.learn(lease.fetch, page, reading, new_links)
        return reading

    def fail(self, seq: int, stage: str, error: str, *, unruled: bool = False) -> None:
        """An address gave no byte: asked again later, at last given up and told.

        ``unruled``: it may not be asked because robots.txt could not be had.
        """
        session, lease = self._session, self.leases.pop(seq)
        if stage == "fetch":
            session.conduct.silent(lease.fetch)
            if lease.tries < session.crawl.retries:
                self._again(lease, None)
                return
        session.frontier.done(seq)
        if stage in ("robots", "guard"):
            session.not_asked()
        if stage in ("robots", "guard") and lease.fetch.purpose != "seed":
            name = "unruled" if unruled else "forbidden" if stage == "robots" else "private"
            session.counts[name] += 1
            return
        self._tell(lease.fetch.url, error)
        said = json.dumps({FETCH_ERROR: error, "stage": stage}, ensure_ascii=False).encode()
        date = utc_now()
        session.writer.write_metadata(lease.fetch.url, _JSON, said, date=date)
        session.store.add_failure(
            url=lease.fetch.url, stage=stage, error=error, seen_at=date, capture_id=None
        )

    def settle(self) -> None:
        """The refusals held back are told."""
        for lease, problem in self._held:
            self._tell(lease.fetch.url, problem)
        self._held.clear()

    def _follow(self, lease: Lease, reading: Reading) -> int:
        """A page's links become pending; how many were new: of other patterns, where a trap is watched."""
        session, depth = self._session, lease.depth + 1
        wanted = session.scope.wanted(reading, lease.fetch.purpose, depth=lease.depth)
        may_be_trap = reading.kind in ("other", "listing") and reading.profile != "file"
        if may_be_trap and session.conduct.traps.watches(lease.fetch.url):
            own = pattern(lease.fetch.url)
            session.frontier.add((fetch for fetch in wanted if pattern(fetch.url) == own), depth=depth)
        return session.frontier.add(wanted, depth=depth)

    def _hold_back(self, lease: Lease, reading: Reading) -> None:
        """A first 403 is told when another answer shows that it is of its address alone.

        Those of a burst are of all addresses: what was asked for before the pause is asked for once more.
        """
        session = self._session
        session.frontier.done(lease.seq)
        self._held.append((lease, reading.problem or "answered 403"))
        for held, problem in [*self._held]:
            if self._pauses.get(held.seq, 0) < session.conduct.pace.pauses:
                session.frontier.again(held.seq, wait=0)
                self._held.remove((held, problem))

    def _tell(self, url: str, problem: str) -> None:
        """A problem of the crawl; what other hosts lack is in table ``failures`` only."""
        if host_of(url) == self._session.conduct.host:
            self._session.counts["failures"] += 1
            self._session.problems.add(url, problem)

    def _again(self, lease: Lease, asks_for: str | None) -> None:
        session = self._session
        wait = session.crawl.retry_delay * 2**lease.tries
        wait = min(max(wait, retry_after(asks_for) or 0.0), _LONGEST_RETRY)
        session.counts["retries"] += 1
        session.frontier.again(lease.seq, wait=wait)
