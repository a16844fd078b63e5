"""How a crawl behaves: whom it may speak to, when, how deep it goes, and when it must stop."""

from __future__ import annotations

from quynhon_crawler.config import Crawl, Portal
from quynhon_crawler.crawl.guard import Guard


class Conduct:
    """The rules of one crawl, held together. The session asks it; it knows nothing of the session."""

    def __init__(self, portal: Portal, crawl: Crawl) -> None:
        self.portal, self.crawl = portal, crawl
        self.guard = Guard(portal)
