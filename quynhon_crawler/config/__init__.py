"""archive.toml: what to crawl, how politely, when, and who runs it. Read strictly, written with comments."""

from quynhon_crawler.config.address import check_address, portal_for
from quynhon_crawler.config.keys import Archive, Config, Crawl, Portal
from quynhon_crawler.config.reading import load, parse
from quynhon_crawler.config.template import template
from quynhon_crawler.config.unattended import Plan, Schedule, Watch, plan_of

__all__ = [
    "Archive",
    "Config",
    "Crawl",
    "Plan",
    "Portal",
    "Schedule",
    "Watch",
    "check_address",
    "load",
    "parse",
    "plan_of",
    "portal_for",
    "template",
]
