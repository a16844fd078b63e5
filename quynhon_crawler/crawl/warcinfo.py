"""What stands at the begin of every WARC file: by what, by whom, and by which rules it was made."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import msgspec

from quynhon_crawler import __version__
from quynhon_crawler.config import Config, Crawl, Portal
from quynhon_crawler.crawl.tls import INSECURE
from quynhon_crawler.manifest import sealing
from quynhon_crawler.warc.writer import WarcWriter

if TYPE_CHECKING:
    from quynhon_crawler.crawl.session import Session


def crawl_info(
    config: Config, portal: Portal, crawl: Crawl, *, crawl_id: str, mode: str, started_at: str
) -> dict[str, str]:
    """The fields of the warcinfo record (WARC 1.1, 6.2; names of DCMI and the WARC standard).

    ``portal``, ``mode`` and ``started`` are ours: a rebuild makes the row of ``crawls`` from them.
    """
    parts = [f"quynhon_crawler/{__version__}"]
    parts += [f"{name}/{version(name)}" for name in ("scrapy", "warcio", "twisted")]
    info = {
        "software": " ".join(parts),
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": crawl_id,
        "description": f"Crawl of {portal.url}",
        "operator": " ".join(part for part in (config.archive.operator, _mail(config)) if part),
        "http-header-user-agent": user_agent(config),
        "robots": "obey" if crawl.obey_robots else "ignore",
        "tls": INSECURE if portal.tls == "insecure" else "",
        "portal": portal.url,
        "mode": mode,
        "started": started_at,
        "settings": msgspec.json.encode(crawl).decode(),
    }
    return {name: " ".join(value.split()) for name, value in info.items() if value}


def user_agent(config: Config) -> str:
    """Who asks, and where a webmaster can complain: the contact of archive.toml."""
    contact = "; ".join(part for part in (config.archive.operator, config.archive.email) if part)
    return f"quynhon_crawler/{__version__}" + (f" (+{contact})" if contact else "")


def _mail(config: Config) -> str:
    return f"<{config.archive.email}>" if config.archive.email else ""


def writer_of(session: Session) -> WarcWriter:
    """Of the files that a crawl writes."""
    return WarcWriter(
        session.home.warc,
        prefix=session.config.archive.prefix,
        info=crawl_info(
            session.config,
            session.portal,
            session.crawl,
            crawl_id=session.crawl_id,
            mode=session.mode,
            started_at=session.started_at,
        ),
        max_bytes=session.crawl.warc_size,
        level=session.crawl.compression,
        crawl_id=session.crawl_id,
        sealed=sealing(session.home),
    )
