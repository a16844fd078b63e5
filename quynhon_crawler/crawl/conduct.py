"""How a crawl behaves: whom it may speak to, when, how deep it goes, and when it must stop."""

from __future__ import annotations

from scrapy import Request

from quynhon_crawler.config import Crawl, Portal
from quynhon_crawler.crawl.challenge import Firewall
from quynhon_crawler.crawl.guard import Guard
from quynhon_crawler.crawl.ledger import Ledger
from quynhon_crawler.crawl.pace import Pace
from quynhon_crawler.crawl.sameness import Sameness
from quynhon_crawler.crawl.territory import Territory
from quynhon_crawler.crawl.traps import Traps
from quynhon_crawler.crawl.visits import Visits
from quynhon_crawler.model import Fetch, Page, Reading
from quynhon_crawler.urls import host_of
from quynhon_crawler.warc.http import Message

# Answers that say something lasting of their address.
_LASTING = frozenset({200, 203, 204, 301, 302, 303, 304, 307, 308, 400, 401, 404, 405, 406, 410, 414})
_FILES = frozenset({"image", "attachment", "requisite"})


class Conduct:
    """The rules of one crawl, held together. The session asks them; they know nothing of the session."""

    def __init__(self, portal: Portal, crawl: Crawl, db: Ledger) -> None:
        self.host = host_of(portal.url)
        self.guard = Guard(portal)
        self.pace = Pace(db, self.host, crawl)
        self.firewall = Firewall(accept=crawl.accept_cookie_challenge)
        self.traps = Traps(crawl)
        self.sameness = Sameness()
        self.territory = Territory(Visits(db, self.host), crawl)

    def answered(self, request: Request, answer: Message, *, again: bool) -> None:
        """An answer came. A 403 that comes ``again`` is of its address and no sign of a burst."""
        if host_of(request.url) != self.host:
            return
        status = 404 if answer.status == 403 and again else answer.status or 0
        took = float(request.meta.get("took", 0.0))
        self.pace.answered(status, took, answer.header("Retry-After"))

    def silent(self, fetch: Fetch) -> None:
        """An address gave no byte."""
        if host_of(fetch.url) == self.host:
            self.pace.answered(None, 0.0)

    def learn(self, fetch: Fetch, page: Page, reading: Reading, new_links: int) -> str | None:
        """A page was read for good. One line when the crawl had better stop."""
        if fetch.purpose in _FILES:
            return None
        if page.status in _LASTING and not (page.capture and page.capture.truncated):
            self.territory.learn(fetch, page, reading)
        revisit = page.capture is not None and page.capture.record_type == "revisit"
        self.traps.learn(fetch.url, reading, same_body=revisit and page.status == 200, new_links=new_links)
        return self.sameness.look(page, reading)
