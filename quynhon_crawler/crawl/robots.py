"""robots.txt, as RFC 9309 has it: fetched once a host, recorded like everything else, obeyed.

Scrapy's own middleware takes any answer for the file, an error page too, and asks freely when it is
unreachable. RFC 9309, 2.3.1: unavailable (4xx) means all is allowed, unreachable (5xx, no answer) means
nothing is. What is not a robots.txt at all but a page of HTML says nothing, as with 4xx.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from quynhon_crawler.crawl.guard import Refused
from quynhon_crawler.crawl.pace import retry_after
from quynhon_crawler.crawl.reasons import at_once, reason_of
from quynhon_crawler.crawl.stopping import Stopped
from quynhon_crawler.errors import QuynhonError
from quynhon_crawler.model import Fetch
from quynhon_crawler.urls import host_of

if TYPE_CHECKING:
    from quynhon_crawler.crawl.session import Session

_MOST_SITEMAPS = 50
# RFC 9309, 2.5: parsers must read at least 500 KiB.
_MAX_BYTES = 500 * 1024


@dataclass(frozen=True, slots=True)
class _Later:
    """No answer that counts, yet. ``wait`` is what the server asked for, in seconds."""

    why: str
    wait: float = 0.0


class Forbidden(IgnoreRequest):
    """robots.txt, or its absence, forbids this address."""


class Unruled(Forbidden):
    """robots.txt could not be had, so nothing may be asked (RFC 9309, 2.3.1.4)."""


class RobotsGate:
    """Downloader middleware. Raises Forbidden for what must not be asked."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Task[Protego | str]] = {}
        self._agent = str(crawler.settings["USER_AGENT"])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsGate:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or raise Forbidden."""
        if request.meta.get("robots") or not self._crawler.settings.getbool("QUYNHON_OBEY_ROBOTS"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._fetch(site))
        rules = await asyncio.shield(self._rules[site])
        if isinstance(rules, str):
            raise Unruled(rules)
        if not rules.can_fetch(request.url, self._agent):
            raise Forbidden("robots.txt forbids it")

    async def _fetch(self, site: str) -> Protego | str:
        """The rules of a site, or one line why nothing may be asked."""
        session: Session = self._crawler.spider.session  # type: ignore[union-attr]
        for tries in range(session.crawl.retries + 1):
            found = await self._try(site)
            # A host that is not there is told at once; one that is busy is given the time that pages get.
            if not isinstance(found, _Later) or tries == session.crawl.retries:
                break
            await session.stopping.pause(max(found.wait, session.crawl.retry_delay * 2**tries))
        return found.why if isinstance(found, _Later) else found

    async def _try(self, site: str) -> Protego | str | _Later:
        session: Session = self._crawler.spider.session  # type: ignore[union-attr]
        meta: dict[str, object] = {"robots": True, "purpose": "robots", "download_slot": host_of(site)}
        if session.portal.proxy:
            meta["proxy"] = session.portal.proxy
        request = Request(f"{site}/robots.txt", callback=NO_CALLBACK, meta=meta, priority=1000)
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
            if response.status in range(300, 400):
                response = await self._follow(request, response)
        except (QuynhonError, Stopped):  # our disk, or Ctrl-C, which forbid nothing
            raise
        except Exception as error:  # whatever kept it from us, RFC 9309 has one rule for it
            why = f"no answer: {reason_of(error, site, proxy=session.portal.proxy)}"
            return why if at_once(error) else _Later(why)
        # RFC 9309 counts 429 with "unavailable"; a server that says "too many" has not said "all is allowed".
        if response.status >= 500 or response.status in (0, 429):
            why = f"robots.txt answers {response.status}, so nothing may be asked (RFC 9309)"
            after = (response.headers.get(b"Retry-After") or b"").decode("latin-1")
            return _Later(why, min(retry_after(after) or 0.0, 300.0))
        if response.status >= 400 or _is_page(response):
            return Protego.parse("")
        rules = Protego.parse(response.body[:_MAX_BYTES].decode("utf-8", "ignore"))
        self._slow_down(request, rules)
        if host_of(site) == session.conduct.host:
            maps = [Fetch(url, "listing") for url in rules.sitemaps if host_of(url) == session.conduct.host]
            session.frontier.add(maps[:_MOST_SITEMAPS], depth=1)
        return rules

    async def _follow(self, request: Request, response: Response) -> Response:
        """Up to five redirects, to other hosts too (RFC 9309, 2.3.1.2); past them all is allowed.

        Whatever they lead to holds for the site that was asked. Where no request may go (a private network,
        another scheme) there is no robots.txt.
        """
        assert self._crawler.engine is not None
        for _ in range(5):
            location = (response.headers.get(b"Location") or b"").decode("latin-1")
            target = response.urljoin(location)
            parts = urlsplit(target)
            if not location or parts.scheme not in ("http", "https") or not parts.netloc:
                break
            meta = {**request.meta, "download_slot": host_of(target)}
            try:
                response = await self._crawler.engine.download_async(request.replace(url=target, meta=meta))
            except Refused:
                break
            if response.status not in range(300, 400):
                return response
        return response.replace(status=404)

    def _slow_down(self, request: Request, rules: Protego) -> None:
        """Crawl-delay, which RFC 9309 leaves out and many portals set, lengthens the pauses."""
        wanted = rules.crawl_delay(self._agent)
        engine = self._crawler.engine
        if wanted and engine is not None:
            slot = engine.downloader.slots.get(request.meta.get("download_slot", ""))
            if slot is not None:
                slot.delay = max(slot.delay, min(float(wanted), 60.0))
            pace = self._crawler.spider.session.conduct.pace  # type: ignore[union-attr]
            if request.meta.get("download_slot") == self._crawler.spider.session.conduct.host:  # type: ignore[union-attr]
                pace.minimum = pace.delay = max(pace.delay, min(float(wanted), 60.0))


def _is_page(response: Response) -> bool:
    start = response.body.lstrip()[:64].lower()
    return start.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<script"))
