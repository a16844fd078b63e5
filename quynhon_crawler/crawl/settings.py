"""Scrapy, set up for an archive: what is off, and why."""

from __future__ import annotations

from typing import Any

from quynhon_crawler.config import Config, Crawl, Portal
from quynhon_crawler.crawl.tls import tls_settings
from quynhon_crawler.crawl.warcinfo import user_agent

_HANDLER = "quynhon_crawler.crawl.handler.WiretapHandler"

# Read by `scrapy crawl` through scrapy.cfg, and by `quynhon crawl`.
BOT_NAME = "quynhon_crawler"
SPIDER_MODULES = ["quynhon_crawler.crawl.spider"]
COMMANDS_MODULE = "quynhon_crawler.crawl.command"
SCHEDULER = "quynhon_crawler.crawl.scheduler.FrontierScheduler"
# Only these two: a redirect to file:, ftp: or data: must find nobody to serve it.
DOWNLOAD_HANDLERS = {
    "http": _HANDLER,
    "https": _HANDLER,
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
# The download handler installs the resolver, with the guard of its crawl; Scrapy's would be put over it.
TWISTED_DNS_RESOLVER = "quynhon_crawler.crawl.resolver.NotScrapys"
# Scrapy opens two ports for remote control by default.
TELNETCONSOLE_ENABLED = False
COOKIES_ENABLED = True
# Retries, redirects, decoding and de-duplication are done where they survive a crash and leave the bytes
# alone: in the frontier, in ingest and in warc/http. What stays of Scrapy's chain is what we want of it.
DOWNLOADER_MIDDLEWARES_BASE = {
    "quynhon_crawler.crawl.guard.GuardGate": 50,
    "quynhon_crawler.crawl.robots.RobotsGate": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": 900,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
EXTENSIONS_BASE = {"scrapy.extensions.corestats.CoreStats": 0}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
    # What warc/http.py and the readers of our files can decode; warcio needs an extra package for br.
    "Accept-Encoding": "gzip, deflate",
}
LOG_LEVEL = "WARNING"
# Scrapy starts so many tasks for the items of each answer, and the spider yields none: at the default of 100
# they took a quarter of the crawl's CPU (5.9 instead of 7.6 s for 1,750 addresses).
CONCURRENT_ITEMS = 1
# A spider that yields nothing has no use for these.
LOGSTATS_INTERVAL = 0
MEMUSAGE_ENABLED = False


def crawl_settings(config: Config, portal: Portal, crawl: Crawl) -> dict[str, Any]:
    """The settings that archive.toml decides."""
    return {
        "USER_AGENT": user_agent(config),
        "QUYNHON_OBEY_ROBOTS": crawl.obey_robots,
        "DOWNLOAD_DELAY": crawl.delay,
        "DOWNLOAD_DELAY_JITTER": 0.25 if crawl.delay else 0,
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "CONCURRENT_REQUESTS": crawl.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.concurrency,
        **tls_settings(portal),
    }
