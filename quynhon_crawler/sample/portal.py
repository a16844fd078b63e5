"""The sample portal as tests, the demo and benchmarks use it."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Self
from urllib.parse import quote

from ..model import Article
from .answers import Request
from .desk import Desk
from .faults import Fault, FaultBook
from .server import Server
from .site import Site
from .truth import Truth, article_of, tell
from .wire import Exchange, WireLog


class SamplePortal:
    """A Vietnamese city portal on a real socket::

        with SamplePortal() as portal:
            crawl(portal.url)
            assert found == portal.truth.articles

    ``articles`` stories in six sections are made from ``seed``; a fixed number of notices, albums, films and
    legal documents come on top. ``port`` 0 takes a free one. ``latency`` is in seconds an answer.
    ``log=False`` keeps no exchanges (benchmarks). ``api_open`` opens the JSON listing. ``validators=False``
    sends no ETag and Last-Modified. ``traps`` adds an endless calendar, ``feeds`` a sitemap.xml.
    ``tls`` makes it https. ``clock`` gives the Date header. OSError when it cannot listen.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        articles: int = 320,
        seed: int = 2019,
        faults: Iterable[Fault] | None = None,
        latency: float = 0.0,
        log: bool = True,
        api_open: bool = False,
        validators: bool = True,
        traps: bool = False,
        feeds: bool = False,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._host, self._scheme = host, "https" if tls else "http"
        self._desk = Desk(seed, articles)
        self._told: tuple[int, Truth] | None = None
        self._log = WireLog(keep=log)
        self._faults = FaultBook(faults or ())
        self._site = Site(self._desk, api_open=api_open, validators=validators, traps=traps, feeds=feeds)
        self._server = Server(
            self._site, self._log, self._faults, host=host, port=port, latency=latency, tls=tls, clock=clock
        )

    def start(self) -> Self:
        self._server.start()
        return self

    def warm(self) -> Self:
        """Make every page and file now, before ``start``: a benchmark then measures the crawler alone.

        Pages are kept by the Host of the request, so this wants a fixed ``port``.
        """
        truth = self.truth
        urls = [self.url, *truth.images, *truth.attachments, *truth.requisites]
        urls += [article.url for article in truth.articles] + [document.url for document in truth.documents]
        urls += [listing.url for listing in truth.listings]
        urls += [
            self.base + quote(story.photos[0].thumbnail) for story in self._desk.stories() if story.photos
        ]
        headers = {"host": self.base.partition("//")[2]}
        for url in urls:
            target = url.removeprefix(self.base)
            self._site.answer(Request("GET", target, headers, b"", b"", scheme=self._scheme))
        return self

    def stop(self) -> None:
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def base(self) -> str:
        """``http://127.0.0.1:PORT``, without a slash."""
        name = f"[{self._host}]" if ":" in self._host else self._host
        return f"{self._scheme}://{name}:{self.port}"

    @property
    def url(self) -> str:
        """The home page."""
        return f"{self.base}/"

    @property
    def truth(self) -> Truth:
        """What is to be found on the portal as it stands now."""
        if self._told is None or self._told[0] != self._desk.generation:
            self._told = (self._desk.generation, tell(self._desk, self.base))
        return self._told[1]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Every exchange since the start (or ``forget_exchanges``), in the order of the requests."""
        return self._log.snapshot()

    @property
    def requests(self) -> int:
        """How many requests came, also when they are not logged."""
        return self._log.count

    def forget_exchanges(self) -> None:
        self._log.clear()

    def fault(
        self,
        pattern: str,
        kind: str,
        times: int | None = None,
        *,
        seconds: float = 1.0,
        size: int = 0,
        share: float = 0.5,
        raw: bytes = b"",
    ) -> None:
        """From now on ``kind`` (faults.py) befalls the requests that ``pattern`` meets, ``times`` times."""
        self._faults.add(Fault(pattern, kind, times, seconds, size, share, raw))

    def heal(self) -> None:
        """Take all faults away."""
        self._faults.clear()

    def edit(
        self,
        article: Article,
        *,
        title: str | None = None,
        lead: str | None = None,
        append: str | None = None,
    ) -> Article:
        """Change an article in place; ``append`` is a paragraph more. Gives the new truth about it."""
        return article_of(
            self._desk.edit(self._path(article), title=title, lead=lead, append=append), self.base
        )

    def remove(self, article: Article) -> None:
        """Take an article away: 404 from now on, and out of every list."""
        self._desk.remove(self._path(article))

    def add_article(self, section: str | None = None) -> Article:
        """Publish a new article on top of the section with that path. KeyError for an unknown section."""
        return article_of(self._desk.add(section), self.base)

    def _path(self, article: Article) -> str:
        return article.url.removeprefix(self.base)


def run(
    host: str = "127.0.0.1",
    port: int = 8019,
    *,
    articles: int = 320,
    seed: int = 2019,
    warm: bool = False,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted; ``ready`` is called with the address. For ``quynhon demo --portal-only``.

    ``warm`` makes every page and file first (see ``SamplePortal.warm``). OSError when it cannot listen.
    """
    portal = SamplePortal(host, port, articles=articles, seed=seed, log=False)
    if warm:
        portal.warm()
    with portal:
        if ready:
            ready(portal.url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return
