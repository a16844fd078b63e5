"""The frontier that archive.toml asks for: the archive's own file, or one that is shared through Redis."""

from __future__ import annotations

from quynhon_crawler.config import Config, Portal
from quynhon_crawler.config.secret import Secret
from quynhon_crawler.crawl.frontier import Frontier
from quynhon_crawler.home import Home


def open_frontier(home: Home, config: Config, portal: Portal) -> Frontier:
    """Raises ArchiveError or ConfigError with one line."""
    if not config.frontier:
        return Frontier(home.frontier)
    from quynhon_crawler.crawl.shared.frontier import SharedFrontier
    from quynhon_crawler.crawl.shared.server import Server

    password = Secret.read(config.frontier_password).reveal() if config.frontier_password else ""
    server = Server(config.frontier, portal=portal.name, password=password, ca=config.frontier_ca)
    return SharedFrontier(home.frontier, server, lease_seconds=config.frontier_lease)
