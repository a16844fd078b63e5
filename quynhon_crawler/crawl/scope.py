"""Which of a page's links this crawl asks for."""

from __future__ import annotations

from dataclasses import replace

from quynhon_crawler.config import Portal
from quynhon_crawler.crawl.memory import Memory
from quynhon_crawler.model import Fetch, Purpose, Reading
from quynhon_crawler.urls import host_of

# Files of the portal do not change under one address; only a full crawl asks for them again.
_FILES = frozenset({"image", "attachment", "requisite"})


class Scope:
    """The portal's host, with and without ``www``, under http and https. Counts what it left out."""

    def __init__(self, portal: Portal, memory: Memory, *, full: bool) -> None:
        self._host = host_of(portal.url)
        self._memory = memory
        self._full = full
        self.off_site = 0

    def wanted(self, reading: Reading, purpose: Purpose) -> list[Fetch]:
        """What to ask for after a page that was itself asked for with ``purpose``."""
        chosen: list[Fetch] = []
        for fetch in reading.follow:
            if host_of(fetch.url) != self._host:
                self.off_site += 1
                continue
            if reading.profile == "redirect":  # what was wanted is wanted still, at its new address
                fetch = replace(fetch, purpose=purpose)
            if fetch.purpose in _FILES and not self._full and self._memory.known("GET", fetch.url):
                continue
            chosen.append(fetch)
        return chosen
