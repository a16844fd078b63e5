"""Which of a page's links this crawl asks for."""

from __future__ import annotations

from dataclasses import replace

from quynhon_crawler.crawl.conduct import Conduct
from quynhon_crawler.crawl.memory import Memory
from quynhon_crawler.model import Fetch, Purpose, Reading
from quynhon_crawler.urls import host_of

# Files of the portal do not change under one address; only a full crawl asks for them again.
_FILES = frozenset({"image", "attachment", "requisite"})
_REMEMBERED = 20_000


class Scope:
    """The portal's host, with and without ``www``, under http and https. Counts what it left out.

    What pages need of other hosts (pictures, files, style sheets) is asked for as well, up to ``other_hosts``
    addresses a run.
    """

    def __init__(self, memory: Memory, conduct: Conduct, *, full: bool, other_hosts: int) -> None:
        self._memory, self._conduct, self._full = memory, conduct, full
        self._others_left = other_hosts
        self._others: set[str] = set()
        # What the menu of every page links to need not be looked up every time.
        self._decided: set[str] = set()
        self.off_site = 0
        self.moved_to: str | None = None

    def wanted(self, reading: Reading, purpose: Purpose, *, depth: int = 0) -> list[Fetch]:
        """What to ask for after a page that was itself asked for with ``purpose``, ``depth`` links deep."""
        chosen: list[Fetch] = []
        territory, traps = self._conduct.territory, self._conduct.traps
        paging = territory.goes_on(reading.listing)
        moved = reading.profile == "redirect"
        if len(self._decided) > _REMEMBERED:
            self._decided.clear()
        for fetch in reading.follow:
            if fetch.url in self._decided and fetch.method == "GET":
                continue
            if moved:  # what was wanted is wanted still, at its new address
                fetch = replace(fetch, purpose=purpose)
            is_file = fetch.purpose in _FILES
            if host_of(fetch.url) != self._conduct.host and not (is_file and self._takes_other(fetch.url)):
                self.off_site += 1
                self.moved_to = fetch.url if purpose == "seed" and moved else self.moved_to
                continue
            if is_file:
                if not self._full and self._memory.known("GET", fetch.url):
                    self._decided.add(fetch.url)
                    continue
            elif not territory.wants(fetch, paging):
                continue
            if traps.refuses(fetch.url, depth + 1):
                continue
            chosen.append(fetch)
            if fetch.method == "GET":
                self._decided.add(fetch.url)
        return chosen

    def _takes_other(self, url: str) -> bool:
        """Whether there is room for an address of another host."""
        if url not in self._others:
            if self._others_left <= 0:
                return False
            self._others_left -= 1
            self._others.add(url)
        return True
