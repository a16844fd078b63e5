"""A crawl that is told to stop: what has not been asked yet is not waited for, however long its pause."""

from __future__ import annotations

import asyncio

from scrapy.core.downloader import Downloader
from scrapy.exceptions import IgnoreRequest


class Stopped(IgnoreRequest):
    """The crawl ends before this address was asked; the next run asks for it."""


class Stopping:
    """Whether somebody told the crawl to stop; raises Stopped for whoever waits in ``pause``."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        """As asyncio.sleep, until the crawl stops."""
        try:
            await asyncio.wait_for(self._told.wait(), seconds)
        except TimeoutError:
            return
        raise Stopped

    def stop(self, downloader: Downloader) -> None:
        """Scrapy ends when all that it holds is answered, and holds what waits for its pause too."""
        self._told.set()
        for slot in downloader.slots.values():
            while slot.queue:
                _, waiting = slot.queue.popleft()
                waiting.errback(Stopped())
