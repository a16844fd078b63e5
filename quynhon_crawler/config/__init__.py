"""archive.toml: what to crawl, how politely, when, and who runs it. Read strictly, written with comments."""

from quynhon_crawler.config.address import check_address, portal_for
from quynhon_crawler.config.keys import Archive, Config, Crawl, Portal
from quynhon_crawler.config.reading import load, parse
from quynhon_crawler.config.template import template

__all__ = ["Archive", "Config", "Crawl", "Portal", "check_address", "load", "parse", "portal_for", "template"]
