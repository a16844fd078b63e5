"""Scrapy's view of the frontier: requests come from the file, and nothing is kept in memory but leases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.spiders import Spider

from quynhon_crawler.crawl.frontier import Lease
from quynhon_crawler.crawl.memory import form_body
from quynhon_crawler.errors import QuynhonError
from quynhon_crawler.urls import host_of

if TYPE_CHECKING:
    from quynhon_crawler.crawl.session import Session
    from quynhon_crawler.crawl.spider import PortalSpider


class FrontierScheduler(BaseScheduler):
    """Hands out leases as Scrapy requests. Links never come through here: the session adds them itself."""

    _session: Session
    _spider: PortalSpider

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        return cls()

    def open(self, spider: Spider) -> None:
        from quynhon_crawler.crawl.spider import PortalSpider

        assert isinstance(spider, PortalSpider)
        self._spider = spider
        self._session = spider.session

    def close(self, reason: str) -> None:
        """The session closes the frontier, after the last answers are read."""

    def has_pending_requests(self) -> bool:
        return not self._session.exhausted()

    def enqueue_request(self, request: Request) -> bool:
        """True: a wake-up call of the spider; what it asks for is in the frontier already."""
        return True

    def next_request(self) -> Request | None:
        try:
            lease = self._session.lease()
            return None if lease is None else self._request(lease)
        except QuynhonError as error:
            self._session.stop(error)
            return None

    def _request(self, lease: Lease) -> Request:
        fetch, session = lease.fetch, self._session
        headers = {**session.conditions(fetch), **dict(fetch.headers)}
        meta: dict[str, object] = {
            "seq": lease.seq,
            "purpose": fetch.purpose,
            "download_slot": host_of(fetch.url),  # www and the bare name are one server
            "download_timeout": session.crawl.timeout,
        }
        if session.portal.proxy:
            meta["proxy"] = session.portal.proxy
        return Request(
            fetch.url,
            method=fetch.method,
            headers=headers,
            body=form_body(fetch.form) if fetch.form else b"",
            meta=meta,
            callback=self._spider.parse,
            errback=self._spider.failed,
            dont_filter=True,
        )
