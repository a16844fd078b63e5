"""What an update crawl need not ask again: it walks lists from the newest until it meets what it knows.

A list's own count tells whether anything was missed: it must be the old count and the new items. When it is
not (items were removed, or pushed in below pinned ones), the whole list is walked, and what stood in it
before and does no longer is asked for. Now and then all lists are walked (``full_walk``).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable

from quynhon_crawler.config import Crawl
from quynhon_crawler.crawl.visits import ARTICLE, DAY, FRONT, OTHER, PAGER, SKEW, Visits
from quynhon_crawler.model import Fetch, Listing, Page, Reading


class Territory:
    """The decisions of one crawl. ``skip``: known pages are left alone until due. ``walk``: whole lists."""

    def __init__(self, visits: Visits, crawl: Crawl) -> None:
        self.visits, self._crawl = visits, crawl
        self.skip, self.walk = False, True
        self.started = time.time()
        # Lists whose count differs from what is here, by their address: walked whatever they show.
        self.incomplete: set[str] = set()
        self._walking: set[bytes] = set()
        self._new: dict[bytes, int] = {}
        self._before: dict[bytes, int | None] = {}
        self._swept = False

    def begin(self, *, full: bool, walked_at: float | None, started: float) -> None:
        """``walked_at`` is when a crawl last came to the end of all lists; None for a portal that is new."""
        self.started = started
        self.skip = not full and walked_at is not None
        # A walk ahead of now was dated by a clock that has been set back since.
        ago = started - walked_at if walked_at is not None else -1.0
        self.walk = full or not 0 <= ago <= self._crawl.full_walk * DAY

    def wants(self, fetch: Fetch, paging: bool) -> bool:
        """Whether a link is to be asked for. ``paging``: the list that holds it is walked further."""
        changed = bool(fetch.modified) and self.visits.news(fetch.url, fetch.modified or "")
        if not self.skip or changed:
            return True
        if fetch.method == "POST":
            return paging
        visit = self.visits.find(fetch.url)
        return visit is None or visit.is_due(time.time()) or (paging and visit.kind == PAGER)

    def goes_on(self, listing: Listing | None) -> bool:
        """Whether a list's next page is to be asked for, after the page that was just read."""
        if listing is None:
            return self.walk
        name = _name(listing)
        unknown = [item for item in listing.items if self._is_new(item.url)]
        self.visits.seen_in(name, (item.url for item in listing.items), now=time.time())
        if not self.skip:
            self.visits.set_total(name, listing.total_items)
            return True
        if name not in self._before:
            self._before[name] = self.visits.total(name)
            self.visits.set_total(name, listing.total_items)
        # The fragment that comes first begins with the items of the section's page once more.
        self._new[name] = max(self._new.get(name, 0), len(unknown) + self._passed(listing))
        reached = len(unknown) < len(listing.items) or not listing.items
        if self.walk or listing.url in self.incomplete or self._mismatch(listing, name, reached=reached):
            self._walking.add(name)
        return name in self._walking or not reached

    def _is_new(self, url: str) -> bool:
        """Not seen before this crawl."""
        visit = self.visits.find(url)
        return visit is None or self.started <= visit.first_at <= time.time() + SKEW

    def _passed(self, listing: Listing) -> int:
        """New items of the pages before this one, all of them new, or this page would not have been asked."""
        return (listing.page_no - 1) * (listing.items_per_page or len(listing.items))

    def _mismatch(self, listing: Listing, name: bytes, *, reached: bool) -> bool:
        before, total = self._before[name], listing.total_items
        if total is None:
            return False
        return before is None or (reached and total != before + self._new[name])

    def learn(self, fetch: Fetch, page: Page, reading: Reading) -> None:
        """A page was read for good."""
        if fetch.method != "GET" or fetch.purpose not in ("seed", "page", "listing"):
            return
        listing, article = reading.listing, reading.article
        if reading.kind == "home" or reading.profile == "sitemap":
            kind = FRONT
        elif listing is not None and article is None:
            kind = PAGER if listing.page_no > 1 else FRONT if _is_section(listing) else OTHER
        else:
            kind = ARTICLE if article else OTHER
        gone = reading.kind in ("not-a-page", "obstacle")
        status = 404 if gone and page.status == 200 else 200 if page.status == 304 else page.status
        if reading.kind != "obstacle":
            self.visits.learn(fetch.url, kind, status, article=article, since=self.started)

    def sweep(self) -> list[Fetch]:
        """At the end, once: what the lists that were walked no longer hold."""
        if self._swept:
            return []
        self._swept = True
        return [
            fetch for name in sorted(self._walking) for fetch in self.visits.dropped_from(name, self.started)
        ]

    def due(self) -> Iterable[Fetch]:
        """What an update crawl begins with, besides the home page."""
        return self.visits.due(self._crawl.revisits) if self.skip else ()


def _name(listing: Listing) -> bytes:
    return hashlib.blake2b(f"{listing.url} {listing.list_id}".encode(), digest_size=8).digest()


def _is_section(listing: Listing) -> bool:
    """A list that is looked at in every crawl. Lists of tags are not: their articles stand in sections."""
    return listing.total_items is not None or "/tag" not in listing.url
