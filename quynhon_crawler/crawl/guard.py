"""Which machines may be spoken to: the public ones, and the portal itself wherever it was named.

A page, a redirect or a DNS answer can point a crawler at the network that it runs in: a router, a database,
the metadata service of a cloud. Addresses are judged twice on every hop: as they are written, in every
spelling that resolvers take (``2130706433``, ``0177.1``, ``[::ffff:7f00:1]``), and as DNS gives them
(resolver.py).
"""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from quynhon_crawler.config import Portal
from quynhon_crawler.urls import host_of

Address = IPv4Address | IPv6Address

# What inet_aton takes besides four decimal numbers: fewer parts, octal, hexadecimal (POSIX inet_addr).
_PART = r"(?:0[xX][0-9a-fA-F]{0,16}|[0-9]{1,24})"
_NUMBERS = re.compile(rf"{_PART}(?:\.{_PART}){{0,3}}")
_REMEMBERED = 1_000
_NAT64 = IPv6Network("64:ff9b::/96")


class Refused(IgnoreRequest):
    """The address leads into a private network."""


def literal(host: str) -> Address | None:
    """The address that a host is written as, whatever the spelling; None for a name."""
    text = normalize("NFKC", unquote(host)).replace("\u3002", ".").strip().strip("[]").rstrip(".")
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        pass
    if not _NUMBERS.fullmatch(text):
        return None
    try:
        return IPv4Address(socket.inet_aton(text))
    except OSError:
        return None


def is_public(address: Address) -> bool:
    """False for private, loopback, link-local, shared, multicast and reserved addresses.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo, NAT64) is as public as that.
    """
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


class Guard:
    """What one crawl may connect to.

    The portal is exempt when archive.toml names it at a private address, as ``localhost``, or says
    ``allow_private``; its proxy always is. ``refused`` keeps the last refusal of each name, for the reason.
    """

    def __init__(self, portal: Portal) -> None:
        host = (urlsplit(portal.url).hostname or "").lower()
        named = literal(host)
        local = host == "localhost" or host.endswith(".localhost")
        self.private_portal = portal.allow_private or local or (named is not None and not is_public(named))
        self._portal = host_of(portal.url) if self.private_portal else None
        proxy = urlsplit(portal.proxy).hostname or "" if portal.proxy else ""
        self._exempt = {name for name in (host if self.private_portal else "", proxy) if name}
        self.refused: dict[str, str] = {}
        self._judged: dict[str, str | None] = {}

    def refusal(self, url: str) -> str | None:
        """Why an address must not be asked for, by its spelling; None when it may."""
        site = "/".join(url.split("/", 3)[:3])
        if site not in self._judged:
            if len(self._judged) > _REMEMBERED:
                self._judged.clear()
            address = literal(urlsplit(url).hostname or "")
            harmless = address is None or is_public(address) or host_of(url) == self._portal
            self._judged[site] = None if harmless else f"{address} is an address of a private network"
        return self._judged[site]

    def may_connect(self, name: str, address: str) -> bool:
        """Whether a host name may lead to an address that DNS gave for it."""
        found = literal(address)
        if name.lower() in self._exempt or (found is not None and is_public(found)):
            return True
        self.refused[name.lower()] = f"{name} leads to {address}, an address of a private network"
        return False


class GuardGate:
    """Downloader middleware, before all others. Raises Refused."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardGate:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let the request pass, or raise Refused."""
        guard: Guard = self._crawler.spider.session.conduct.guard  # type: ignore[union-attr]
        why = guard.refusal(request.url)
        if why is not None:
            raise Refused(why)
