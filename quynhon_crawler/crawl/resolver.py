"""Names to addresses, IPv4 and IPv6, with the guard's word on each; from a DNS server of choice if wanted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from ipaddress import IPv6Address as Ip6
from typing import Any

from twisted.internet import defer
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from twisted.names import client, dns
from zope.interface import implementer

from quynhon_crawler.crawl.guard import Guard, literal

# Long enough for a crawl of keep-alive connections, short enough to follow a portal that moves.
_KEPT_SECONDS = 300.0


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """What is under way is let go of."""


@implementer(IResolutionReceiver)
class _Sieve:
    """Hands on the answers that the guard lets through."""

    def __init__(self, receiver: Any, guard: Guard, name: str, kept: list[Any]) -> None:
        self._receiver, self._guard, self._name, self._kept = receiver, guard, name, kept

    def resolutionBegan(self, resolution: Any) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if self._guard.may_connect(self._name, address.host):
            self._kept.append(address)
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """A reactor's name resolver. Each connection is made to an address that was judged for it.

    So a name that changes its answer between the question and the connection (DNS rebinding) gains nothing.
    """

    def __init__(self, guard: Guard, inner: Any) -> None:
        self._guard, self._inner = guard, inner
        self._known: dict[str, tuple[float, list[Any]]] = {}

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        until, known = self._known.get(hostName, (0.0, []))
        if known and time.monotonic() < until:
            resolution = _Resolution(hostName)
            resolutionReceiver.resolutionBegan(resolution)
            for address in known:
                resolutionReceiver.addressResolved(type(address)(address.type, address.host, portNumber))
            resolutionReceiver.resolutionComplete()
            return resolution
        kept: list[Any] = []
        self._known[hostName] = (time.monotonic() + _KEPT_SECONDS, kept)
        sieve = _Sieve(resolutionReceiver, self._guard, hostName, kept)
        return self._inner.resolveHostName(sieve, hostName, portNumber, addressTypes, transportSemantics)


class NotScrapys:
    """Stands where Scrapy wants a resolver to install, and installs none."""

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> NotScrapys:
        return cls()

    def install_on_reactor(self) -> None:
        """Nothing."""


@implementer(IHostnameResolver)
class DnsServer:
    """Asks one DNS server (``dns`` in archive.toml) instead of the system's resolver."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":") if address.count(":") == 1 else (address, "", "53")
        self._client: Any = client.Resolver(servers=[(host, int(port))], timeout=(2, 5))  # type: ignore[no-untyped-call]

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        written = literal(hostName)
        if written is not None:
            kind = IPv6Address if written.version == 6 else IPv4Address
            resolutionReceiver.addressResolved(kind("TCP", str(written), portNumber))
            resolutionReceiver.resolutionComplete()
            return resolution
        asked = defer.DeferredList(
            [self._client.lookupAddress(hostName), self._client.lookupIPV6Address(hostName)],
            consumeErrors=True,
        )

        def answered(results: list[tuple[bool, Any]]) -> None:
            for record in (record for good, found in results if good for record in found[0]):
                if record.type == dns.A:
                    address: Any = IPv4Address("TCP", record.payload.dottedQuad(), portNumber)
                elif record.type == dns.AAAA:
                    address = IPv6Address("TCP", str(Ip6(record.payload.address)), portNumber)
                else:
                    continue
                resolutionReceiver.addressResolved(address)
            resolutionReceiver.resolutionComplete()

        asked.addCallback(answered)
        return resolution
