"""The spider: opens the session, reads each answer into it, and keeps the engine awake.

``scrapy crawl portal -a url=URL`` and ``quynhon crawl URL`` both run it; scrapyd does too.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.utils.asyncio import call_later, create_looping_call
from twisted.python.failure import Failure

from quynhon_crawler.config.keys import DAY
from quynhon_crawler.crawl.choose import choose
from quynhon_crawler.crawl.guard import Refused
from quynhon_crawler.crawl.progress import Progress
from quynhon_crawler.crawl.reasons import reason_of
from quynhon_crawler.crawl.robots import Forbidden, Unruled
from quynhon_crawler.crawl.session import Session
from quynhon_crawler.crawl.settings import crawl_settings
from quynhon_crawler.crawl.stopping import Stopped
from quynhon_crawler.errors import QuynhonError, UsageError
from quynhon_crawler.home import find_home

logger = logging.getLogger(__name__)

# How often the disk is brought up to date. A kill -9 loses nothing that was written before (the system has
# it); a power cut loses this much at the most.
_COMMIT_SECONDS = 1.0
_MOST = 1_000_000_000


class PortalSpider(Spider):
    """Crawls one portal into one archive.

    Arguments (``-a name=value``): ``url`` or ``portal``; ``archive``, ``delay``, ``concurrency``, ``limit``,
    ``full``, ``now``. Raises UsageError when they, the archive or archive.toml are wrong.
    """

    name = "portal"
    session: Session
    _ticker: Any = None
    outcome: dict[str, Any] | None = None
    on_tick: Callable[[Progress], None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:
        delay, limit = _number(kwargs, "delay", float), _number(kwargs, "limit", int)
        concurrency = _number(kwargs, "concurrency", int)
        home = find_home(kwargs.get("archive"))
        config, portal = choose(home, kwargs.get("url") or kwargs.get("portal") or "")
        crawl = config.crawl_of(portal, delay=delay, concurrency=concurrency)
        crawler.settings.setdict(crawl_settings(config, portal, crawl), priority="spider")
        spider = super().from_crawler(crawler, *args, **kwargs)
        full, now = (str(kwargs.get(name, "")).lower() in ("1", "true", "yes") for name in ("full", "now"))
        spider.session = Session(home, config, portal, crawl, full=full, limit=limit, now=now)
        crawler.signals.connect(spider._opened, signals.spider_opened)
        crawler.signals.connect(spider._idle, signals.spider_idle)
        crawler.signals.connect(spider._closed, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Nothing: the session has put the portal's address into the frontier."""
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def parse(self, response: Response, **kwargs: Any) -> None:
        """Read one answer into the archive."""
        try:
            self.session.intake.finish(response.meta["seq"])
        except QuynhonError as error:
            self.session.stop(error)

    def failed(self, failure: Failure) -> None:
        """An address that gave nothing."""
        error: Any = failure.value
        request = failure.request  # type: ignore[attr-defined]
        if isinstance(error, Stopped):
            self.session.intake.unasked(request.meta["seq"])
            return
        if isinstance(error, QuynhonError):  # the disk, not the portal
            self.session.stop(error)
            self.session.intake.unasked(request.meta.get("seq"))
            return
        stage = {Forbidden: "robots", Unruled: "robots", Refused: "guard"}.get(type(error), "fetch")
        why = (
            reason_of(error, request.url, proxy=self.session.portal.proxy) if stage == "fetch" else str(error)
        )
        try:
            unruled = isinstance(error, Unruled)
            self.session.intake.fail(request.meta["seq"], stage, why, unruled=unruled)
        except QuynhonError as trouble:
            self.session.stop(trouble)

    def _opened(self) -> None:
        self._ticker = create_looping_call(self._commit)
        self._ticker.start(_COMMIT_SECONDS, now=False)

    def _commit(self) -> None:
        engine = self.crawler.engine
        if engine is not None and not engine.running:
            self.session.stopping.stop(engine.downloader)
        try:
            self.session.commit()
        except QuynhonError as error:
            self.session.stop(error)
        if self.on_tick is not None:
            self.on_tick(self.session.progress())
        # The last address may have been another worker's: Scrapy would look for it up to five seconds later.
        if self.session.trouble or self.session.exhausted():
            self._wake()
            return
        # Scrapy looks for due requests after an answer, else every five seconds: too late for a retry.
        due = self.session.frontier.next_due()
        if due is not None and due < _COMMIT_SECONDS:
            call_later(due, self._wake)

    def _wake(self) -> None:
        engine = self.crawler.engine
        if engine is not None and engine.spider is not None:
            engine.crawl(Request(self.session.portal.url, dont_filter=True))

    def _idle(self) -> None:
        if not self.session.exhausted():
            raise DontCloseSpider

    def _closed(self, reason: str) -> None:
        if self._ticker is not None and self._ticker.running:
            self._ticker.stop()
        self.outcome = self.session.close(interrupted=reason not in ("finished",))


def _number(arguments: dict[str, Any], name: str, kind: type[int] | type[float]) -> Any:
    """An argument as a number, None when it is not given. Raises UsageError."""
    value = arguments.get(name)
    if value in (None, ""):
        return None
    try:
        number = kind(value)
    except ValueError:
        raise UsageError(f"{name}={value!r} is not a number") from None
    least, most = (1, _MOST) if kind is int else (0, DAY)
    if not least <= number <= most:  # nan neither
        raise UsageError(f"{name}={value!r} is not between {least} and {most:,.0f}")
    return number
