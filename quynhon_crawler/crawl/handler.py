"""The download handler: asks through the wiretap, has the exchange recorded, hands Scrapy the answer."""

from __future__ import annotations

import logging
import re
import time

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, ResponseDataLossError
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet._resolver import GAIResolver

from quynhon_crawler.crawl import tls
from quynhon_crawler.crawl.challenge import cookie_of
from quynhon_crawler.crawl.guard import Refused
from quynhon_crawler.crawl.reasons import PROXY_REFUSED
from quynhon_crawler.crawl.resolver import DnsServer, GuardedResolver
from quynhon_crawler.crawl.session import Session
from quynhon_crawler.crawl.shared.turns import await_turn, tell_rest
from quynhon_crawler.crawl.wiretap import Tap, TapPool, WiretapFactory
from quynhon_crawler.errors import FetchError
from quynhon_crawler.urls import host_name, without_password
from quynhon_crawler.warc.exchange import Exchange, Truncation, without_secrets
from quynhon_crawler.warc.http import Message, ends_itself, interim_length

logger = logging.getLogger(__name__)

_PROXY_REFUSES = re.compile(rb"HTTP/1\.[01] 407\b")


class WiretapHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler with a recorder on every connection.

    Whatever came is recorded, before Scrapy sees any of it: an answer that was cut short is an answer. Only
    an address that gave no byte at all raises, as Scrapy's own handler does.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = WiretapFactory
        # The pool's own second try would write twice into one tap; the one below starts a new one.
        self._pool.retryAutomatically = False
        session: Session = crawler.spider.session  # type: ignore[union-attr]
        tls.prepare(self._contextFactory, session.portal)
        from twisted.internet import reactor

        # Every connection is made by name through this; Scrapy's own resolver knows no IPv6.
        inner = DnsServer(session.crawl.dns) if session.crawl.dns else GAIResolver(reactor)
        reactor.installNameResolver(GuardedResolver(session.conduct.guard, inner))

    async def download_request(self, request: Request) -> Response:
        session: Session = self._crawler.spider.session  # type: ignore[union-attr]
        response = await self._exchange(request, session)
        cookie = cookie_of(response.body)
        if cookie is not None:
            response = await self._past_firewall(request, session, cookie)
        return response

    async def _past_firewall(self, request: Request, session: Session, cookie: tuple[str, str]) -> Response:
        """The same question with the firewall's cookie. FetchError when that may not be, or is vain."""
        try:
            session.conduct.firewall.meet(request.url, cookie)
            response = await self._exchange(request, session)
            if again := cookie_of(response.body):
                session.conduct.firewall.meet(request.url, again)
                raise FetchError(
                    f"the firewall asks for one cookie {again[0]} after the other", url=request.url
                )
        except FetchError:
            if seq := request.meta.get("seq"):
                session.intake.put_back(seq)
            raise
        return response

    async def _exchange(self, request: Request, session: Session) -> Response:
        await await_turn(session, request.url)
        begin = time.monotonic()
        sent = (request.headers.get(b"Cookie") or b"").decode("latin-1")
        if cookies := session.conduct.firewall.header(request.url, sent):
            request.headers[b"Cookie"] = cookies
        session.conduct.pace.asked()
        tap, error = await self._ask(request, session)
        while error is not None and not tap.received and tap.reused:
            # The server closed a kept-alive connection while we asked (RFC 9112, 9.3.1): it saw nothing. It
            # may have closed all that the pool has; a new one ends this.
            tap, error = await self._ask(request, session)
        refused = session.conduct.guard.refused.pop(host_name(request.url), None)
        if refused and not tap.received:
            raise Refused(refused)
        _refuse_proxy_word(request, tap)
        if not tap.received:
            raise error if error is not None else DownloadFailedError("the connection gave no byte")
        exchange = _exchange(request, tap, error, session)
        request.meta["took"] = time.monotonic() - begin
        answer = session.record(exchange, request)
        self._slow_down(request, session)
        tell_rest(session)
        return _response(request, exchange, answer)

    def _slow_down(self, request: Request, session: Session) -> None:
        """The pause that the portal's answers call for, into Scrapy's slot of its host."""
        engine = self._crawler.engine
        slot = engine.downloader.slots.get(session.conduct.host) if engine is not None else None
        if slot is not None and request.meta.get("download_slot") == session.conduct.host:
            slot.delay = session.conduct.pace.delay

    async def _ask(self, request: Request, session: Session) -> tuple[Tap, Exception | None]:
        tap = Tap(limit=session.crawl.max_bytes, method=request.method)
        agent = _ScrapyAgent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=TapPool(self._pool, tap),  # type: ignore[arg-type]
            maxsize=0,  # the tap counts: Scrapy would drop what came before the limit
            warnsize=0,
            fail_on_dataloss=False,
            crawler=self._crawler,
        )
        try:
            with wrap_twisted_exceptions():
                response = await maybe_deferred_to_future(agent.download_request(request))
        except Exception as error:  # what failed is told by what came, and reported by the spider
            return tap, error
        finally:
            if tap.held is not None:
                await maybe_deferred_to_future(tap.held)
        # "dataloss" is Scrapy's word for a body shorter than its length, or chunks without an end.
        return tap, ResponseDataLossError() if "dataloss" in response.flags else None


def _refuse_proxy_word(request: Request, tap: Tap) -> None:
    """FetchError for a 407 of our own proxy: it is not the portal's answer and says nothing of it."""
    proxy = request.meta.get("proxy")
    if proxy and request.url.startswith("http:") and _PROXY_REFUSES.match(bytes(tap.received[:16])):
        raise FetchError(PROXY_REFUSED, url=without_password(str(proxy)))


def _exchange(request: Request, tap: Tap, error: Exception | None, session: Session) -> Exchange:
    truncated: Truncation | None = None
    if tap.over_limit:
        truncated = "length"
    elif tap.unreadable and not tap.broken_chunk:  # all that came until someone hung up
        truncated = "unspecified"
    elif isinstance(error, DownloadTimeoutError):
        truncated = "time"
    elif error is not None:
        truncated = "disconnect"
    received = bytes(tap.received)
    insecure = session.portal.tls == "insecure" and request.url.startswith("https:")
    sent, removed = without_secrets(bytes(tap.sent), session.crawl.withhold)
    interim = interim_length(received)
    if truncated and not tap.over_limit and ends_itself(received[interim:], request.method):
        truncated = None  # Twisted is stricter than our readers: a line feed for CRLF, a long chunk extension
    return Exchange(
        url=request.url,
        method=request.method,
        sent=sent,
        removed=removed,
        received=received[interim:],
        started_at=tap.started_at,
        ip=None if request.meta.get("proxy") else tap.ip,  # a proxy's address says nothing of the portal
        interim=received[:interim],
        truncated=truncated,
        tls=tls.INSECURE if insecure else None,
    )


def _response(request: Request, exchange: Exchange, answer: Message) -> Response:
    values: dict[str, list[str]] = {}
    for name, value in answer.headers:  # one by one, Scrapy takes quadratic time for repeats
        values.setdefault(name.lower(), []).append(value)
    headers = Headers(values)
    return Response(
        url=request.url,
        status=answer.status or 0,
        headers=headers,
        body=answer.content,
        flags=[f"truncated:{exchange.truncated}"] if exchange.truncated else None,
        request=request,
    )
