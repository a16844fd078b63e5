"""Addresses to crawl: which are any, and the portal of one that archive.toml does not know."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from quynhon_crawler.config.keys import Portal
from quynhon_crawler.errors import ConfigError
from quynhon_crawler.urls import host_of


def portal_for(url: str) -> Portal:
    """A portal for an address that archive.toml does not know. Raises ConfigError unless http or https."""
    check_address(url)
    name = re.sub(r"[^A-Za-z0-9]+", "-", host_of(url)).strip("-")
    return Portal(name=name, url=url)


def check_proxy(text: str) -> None:
    """ConfigError with one line unless it is ``http://host:port``; a name and password may stand in it."""
    try:
        parts = urlsplit(text)
        good = parts.scheme == "http" and bool(parts.hostname) and (parts.port or 1) > 0 and not parts.query
    except ValueError:
        good = False
    if not good or parts.path.strip("/"):  # not repeated: a password may stand in it
        raise ConfigError("not the address of a proxy; write it as http://host:port")


def check_dns(text: str) -> None:
    """ConfigError with one line unless it is an IP address, or an IPv4 address and a port."""
    host, _, port = text.partition(":") if text.count(":") == 1 else (text, "", "53")
    try:
        ip_address(host)
        good = port.isascii() and port.isdigit() and 0 < int(port) < 65_536
    except ValueError:
        good = False
    if not good:
        raise ConfigError(f'{text!r} is not the address of a DNS server; write it as "192.0.2.53"')


def check_address(url: str) -> None:
    """ConfigError with one line unless ``url`` is an absolute http or https address, without a password."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if good and "@" in parts.netloc:  # it would stand in every record; not repeated here either
        raise ConfigError(
            f"a user name or password in the address of {parts.hostname}: it would be kept in every record; "
            "write the address without it"
        )
    if not good:
        raise ConfigError(
            f"{url!r} is not an address of the web; write it in full, as https://quynhon.gov.vn/"
        )
