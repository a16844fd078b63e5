"""One crawl of one portal: who holds what, and in which order things reach the disk.

The order is what makes kill -9 harmless. About once a second: the WARC file is forced to disk, then the
frontier commits (answered addresses done, their links pending, how far the file is good), then the database.
After a crash at any point the WARC file knows most, the frontier less, the database least, and recover.py
brings them level.
"""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
import sqlite3
from collections import Counter
from typing import Any

from scrapy import Request

from quynhon_crawler.config import Config, Crawl, Portal
from quynhon_crawler.crawl.beginning import begin, survey
from quynhon_crawler.crawl.bodies import Bodies
from quynhon_crawler.crawl.conduct import Conduct
from quynhon_crawler.crawl.ending import end
from quynhon_crawler.crawl.frontier import Lease
from quynhon_crawler.crawl.intake import Intake
from quynhon_crawler.crawl.missing import forget_missing, tell_unread, tell_unsummed
from quynhon_crawler.crawl.problems import Problems
from quynhon_crawler.crawl.progress import Progress
from quynhon_crawler.crawl.recover import recover, refuse_lost_database, relearn
from quynhon_crawler.crawl.scope import Scope
from quynhon_crawler.crawl.shared.opening import open_frontier
from quynhon_crawler.crawl.stopping import Stopping
from quynhon_crawler.crawl.torn import forget_damaged, left_open
from quynhon_crawler.crawl.unusable import unusable
from quynhon_crawler.crawl.warcinfo import writer_of
from quynhon_crawler.errors import QuynhonError, RecordError
from quynhon_crawler.home import Home
from quynhon_crawler.ingest import embodied, ingest
from quynhon_crawler.lock import lock_archive
from quynhon_crawler.manifest import record_missing
from quynhon_crawler.model import Fetch
from quynhon_crawler.store import Store
from quynhon_crawler.warc.exchange import Exchange
from quynhon_crawler.warc.http import Message, parse
from quynhon_crawler.warc.reader import page_of

logger = logging.getLogger(__name__)

_CACHE_KIB = 16_000


class Session:
    """Opened before Scrapy starts, closed after it stopped. Raises ArchiveError when the archive is in use.

    ``limit`` ends the crawl after that many requests. ``full`` asks for everything again, ``now`` ends a
    rest that the portal asked for.
    """

    crawl_id: str
    started_at: str  # of the crawl, not of this run
    resumed: bool

    def __init__(
        self,
        home: Home,
        config: Config,
        portal: Portal,
        crawl: Crawl,
        *,
        full: bool,
        limit: int | None,
        now: bool = False,
    ) -> None:
        self.home, self.config, self.portal, self.crawl = home, config, portal, crawl
        self.mode, self.limit = ("full" if full else "update"), limit
        self.counts: Counter[str] = Counter()
        self._asked = 0  # by this run: what an interrupted one asked is in counts, not in the limit
        self.trouble: str | None = None
        self.pause: str | None = None  # why the crawl ends before its end, and no fault of anyone's
        self.problems = Problems()
        self.stopping = Stopping()
        self._lock = lock_archive(home)
        try:
            refuse_lost_database(home)
            self.frontier = open_frontier(home, config, portal)
            left = left_open(home)
            forget_damaged(home, self.frontier, left, self.problems)
            self.store = Store.open(home.database, create=True)
            # What a crawl commits each second is small: memory must not grow with the portal.
            self.store.connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self.portal_id = self.store.put_portal(
                name=portal.title or portal.name,
                home_url=portal.url,
                system=portal.system or None,
                rights=portal.rights or config.archive.rights or None,
                chosen=portal in config.portals,
            )
            self.memory = self.frontier.memory
            self.bodies = Bodies(home, self.store, self.memory, self.problems)
            self.conduct = Conduct(portal, crawl, self.frontier.ledger)
            if now:
                self.conduct.pace.wake()
                self.frontier.wake()
            self.frontier.home = self.conduct.host
            self.scope = Scope(self.memory, self.conduct, full=full, other_hosts=crawl.other_hosts)
            if self.frontier.is_new:
                relearn(home, self.frontier)
            survey(self, self.frontier.fact("started_at"))
            self.recovered = recover(
                home,
                self.store,
                self.frontier,
                self.scope,
                left,
                portal_id=self.portal_id,
                home_url=portal.url,
            )
            self.frontier.release()
            forget_missing(home, self.store, self.memory, self.problems)
            tell_unread(home, self.store, self.problems)
            tell_unsummed(home, self.problems)
            begin(self)
            self.writer = writer_of(self)
            record_missing(home, by="crawl")  # what a crash left between a file's end and its sum
            self.commit()
        except BaseException as error:
            self._lock.release()
            if isinstance(error, OSError | sqlite3.Error):
                raise unusable(error, home) from error
            raise
        self.intake = Intake(self)

    def lease(self) -> Lease | None:
        """The next address to ask, unless the limit is reached, the portal rests or the crawl is stopping."""
        conduct = self.conduct
        if why := conduct.pace.closed():
            if conduct.pace.resting:
                self.trouble = self.trouble or why
            else:
                self.pause = why
        if self.trouble or self.pause or (self.limit is not None and self._asked >= self.limit):
            return None
        lease = None if conduct.pace.rest() else self._next()
        if lease is not None:
            self.counts["requests"] += 1
            self._asked += 1
            self.intake.lease(lease)
        return lease

    @property
    def idle(self) -> bool:
        """This run went on with a crawl that had been ended in order, asked nothing and wrote nothing."""
        written = self._asked or self.writer.written
        return self.resumed and not written and self.store.has_ended(self.crawl_id)

    def not_asked(self) -> None:
        """An address that was leased may not be asked, or not any more: it was no request."""
        self.counts["requests"] -= 1
        self._asked -= 1

    def _next(self) -> Lease | None:
        """The next lease that is not of a trap; at the end, what walked lists no longer hold."""
        while True:
            lease = self.frontier.lease()
            if lease is None:
                if (
                    self.frontier.pending
                    or self.intake.leases
                    or not self.frontier.add(self.conduct.territory.sweep())
                ):
                    return None
            elif lease.fetch.purpose == "page" and self.conduct.traps.closed(lease.fetch.url):
                self.frontier.done(lease.seq)
            else:
                return lease

    def stop(self, error: QuynhonError) -> None:
        """The archive cannot be written: nothing more is asked, the first reason is told."""
        self.trouble = self.trouble or str(error)

    def progress(self) -> Progress:
        """Where the crawl is now."""
        counts = self.counts
        return Progress(counts["requests"], self.frontier.pending, counts["failures"], counts["bytes"])

    def exhausted(self) -> bool:
        """Nothing more will be leased."""
        at_limit = self.limit is not None and self._asked >= self.limit
        return bool(self.trouble or self.pause) or at_limit or not self.frontier.pending

    def conditions(self, fetch: Fetch) -> dict[str, str]:
        """If-None-Match and If-Modified-Since for what is here and whole; nothing the first time."""
        known = self.memory.known(fetch.method, fetch.url) if fetch.method == "GET" else None
        if known is None or not (known.etag or known.modified):
            return {}
        if self.bodies.holder(fetch.url, known.captured_at) is None:
            return {}  # what is damaged here is asked for whole
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        return {name: value for name, value in headers.items() if value}

    def record(self, exchange: Exchange, request: Request) -> Message:
        """Write one exchange to the WARC file. Raises ArchiveError when it cannot be written."""
        answer = parse(exchange.received, method=exchange.method)
        refers = self.memory.refers_to(
            exchange.method, exchange.url, request.body, answer, whole=not exchange.truncated
        )
        # the last good answer may have been a revisit itself: name the record that holds the body
        held = self.bodies.holder(*refers) if refers else None
        refers = (held.url, held.captured_at) if held else None
        capture = self.writer.write_exchange(exchange, answer, same_as=refers)
        if self.crawl.sync == "record":
            self.writer.sync()
        self.memory.learn(capture, answer, request.body, refers)
        self.conduct.answered(request, answer, again=self.intake.was_asked(request))
        self.counts["bytes"] += len(exchange.received)
        page = page_of(capture, answer, exchange.sent)
        if held and answer.status == 304:
            with contextlib.suppress(RecordError):  # looked at a moment ago
                page = embodied(self.home, page, held)
        if seq := request.meta.get("seq"):
            self.intake.take(seq, page, exchange.sent)
        else:  # robots.txt: nobody waits for it but Scrapy
            ingest(self.store, page, portal_id=self.portal_id, home_url=self.portal.url)
        return answer

    def commit(self) -> None:
        """Bring the disk up to date, in the order that survives a crash."""
        self.writer.sync()
        self.frontier.set_fact("counts", json.dumps(self.counts))
        self.conduct.pace.save()
        self.frontier.commit()
        self.store.commit()
        self.writer.seal()
        free = shutil.disk_usage(self.home.root).free
        if free < self.crawl.min_free and not self.trouble:
            self.trouble = (
                f"{self.home.root}: only {free:,} bytes free, below min_free = {self.crawl.min_free:,}; "
                "make room and run the crawl again, it goes on where it stopped"
            )

    def close(self, *, interrupted: bool) -> dict[str, Any]:
        """End the crawl, let go of everything; the columns of its row in ``crawls``. Never raises."""
        columns = end(self, interrupted=interrupted)
        for part in (self.frontier, self.store):
            with contextlib.suppress(QuynhonError):
                part.close()
        self._lock.release()
        return columns
