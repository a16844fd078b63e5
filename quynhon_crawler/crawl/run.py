"""One crawl in this process, from start to end, as `quynhon crawl` and the demo want it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings
from twisted.python.failure import Failure

from quynhon_crawler.crawl import settings as project
from quynhon_crawler.crawl.problems import Problems
from quynhon_crawler.crawl.progress import Progress
from quynhon_crawler.crawl.session import Session
from quynhon_crawler.crawl.spider import PortalSpider
from quynhon_crawler.errors import QuynhonError
from quynhon_crawler.home import Home


@dataclass(slots=True)
class Outcome:
    """How a crawl ended. ``columns`` are those of its row in ``crawls``."""

    crawl_id: str
    columns: dict[str, Any]
    problems: Problems = field(default_factory=Problems)
    dead_links: int = 0
    forbidden: int = 0
    unruled: int = 0
    private: int = 0
    notes: list[str] = field(default_factory=list)
    trouble: str | None = None
    recovered: str | None = None


def _unnamed(session: Session) -> list[str]:
    """What to add to archive.toml, for a portal that was named by its address."""
    portal = session.portal
    if portal in session.config.portals:
        return []
    return [
        f"{session.home.config} does not name this portal; to crawl it by a name and on a timetable, add: "
        f'[[portals]] name = "{portal.name}" url = "{portal.url}" (a line each)'
    ]


def run(
    home: Home,
    wanted: str,
    *,
    on_tick: Callable[[Progress], None] | None = None,
    settings: Settings | None = None,
    **options: Any,
) -> Outcome:
    """Crawl until nothing is left, the limit, or Ctrl-C. ``options`` are the spider's arguments.

    ``settings`` are Scrapy's where it was called by its own command; without them its log stays silent.

    Raises UsageError before anything is touched, and QuynhonError when the archive cannot be written.
    """
    given = {name: str(value) for name, value in options.items() if value is not None}
    if settings is None:
        settings = Settings()
        settings.setmodule(project, priority="project")
        settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(PortalSpider)
    failures: list[BaseException] = []

    def failed(failure: Failure) -> None:
        failures.append(failure.value)  # type: ignore[arg-type]

    PortalSpider.on_tick = staticmethod(on_tick) if on_tick else None
    process.crawl(crawler, url=wanted, archive=str(home.root), **given).addErrback(failed)
    process.start()
    if failures:
        raise failures[0]
    spider = crawler.spider
    assert isinstance(spider, PortalSpider)
    session = spider.session
    if spider.outcome is None:
        raise QuynhonError(
            "the crawl was stopped at once, without its end; what had come is kept: run it again, it goes on"
        )
    found = session.recovered
    torn = f", {found.torn_bytes:,} torn bytes moved to {home.state / 'torn'}" if found.torn_bytes else ""
    return Outcome(
        crawl_id=session.crawl_id,
        columns=spider.outcome,
        problems=session.problems,
        dead_links=session.counts["dead_links"],
        forbidden=session.counts["forbidden"],
        unruled=session.counts["unruled"],
        private=session.counts["private"],
        notes=[
            *([session.pause] if session.pause else []),
            *session.conduct.traps.told(),
            *_unnamed(session),
        ],
        trouble=session.trouble,
        recovered=(
            f"after a crash: {found.exchanges} exchanges read again from {found.files} open WARC file(s)"
            + torn
            if found.files
            else None
        ),
    )
