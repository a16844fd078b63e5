"""Waiting for this worker's turn at a host: the pauses hold for all workers together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quynhon_crawler.urls import host_of

if TYPE_CHECKING:
    from quynhon_crawler.crawl.session import Session

_UNKNOWN = 1.0  # seconds until the shared frontier is asked again, while it does not answer


async def await_turn(session: Session, url: str) -> None:
    """Return when ``url`` may be asked. At once with a frontier of one's own: Scrapy's pauses do then."""
    host = host_of(url)
    home = host == session.conduct.host
    pause = session.conduct.pace.delay if home else session.crawl.delay
    while (wait := session.frontier.turn(host, pause)) is None:
        await session.stopping.pause(_UNKNOWN)
    if wait > 0:
        await session.stopping.pause(wait)


def tell_rest(session: Session) -> None:
    """A rest that the portal asked this worker for is one for all of them."""
    if rest := session.conduct.pace.rest():
        session.frontier.turn(session.conduct.host, 0.0, rest)
