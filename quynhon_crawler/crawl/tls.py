"""TLS towards a portal: certificates are verified unless archive.toml makes an exception for it."""

from __future__ import annotations

import logging
from typing import Any

from OpenSSL import SSL
from twisted.internet.interfaces import IAcceptableCiphers
from twisted.internet.ssl import AcceptableCiphers
from zope.interface import implementer

from quynhon_crawler.config import Portal
from quynhon_crawler.errors import ConfigError

# What stands in X-Quynhon-TLS of a record and in ``tls`` of the warcinfo (docs/crawling.md).
INSECURE = "insecure: certificates are not verified"


@implementer(IAcceptableCiphers)
class OpenSslCiphers:
    """A cipher string handed to OpenSSL as it is. Twisted's own class drops ``@SECLEVEL``."""

    def __init__(self, ciphers: str) -> None:
        self.fullName = ciphers

    def selectCiphers(self, availableCiphers: Any) -> tuple[OpenSslCiphers]:
        return (self,)


def check_ciphers(portal: Portal) -> None:
    """ConfigError unless OpenSSL knows at least one of the portal's ``ciphers``."""
    if not portal.ciphers:
        return
    try:
        if AcceptableCiphers.fromOpenSSLCipherString(portal.ciphers)._ciphers:  # type: ignore[no-untyped-call]
            return
    except (SSL.Error, UnicodeError, ValueError):
        pass
    raise ConfigError(
        f"portal {portal.name}: ciphers = {portal.ciphers!r}: OpenSSL knows none of them; "
        'old servers mostly want "DEFAULT@SECLEVEL=0"'
    )


def tls_settings(portal: Portal) -> dict[str, Any]:
    """Scrapy's settings for a portal's TLS. TLS 1.0 and 1.1 are offered only with ``@SECLEVEL=0``."""
    settings: dict[str, Any] = {"DOWNLOAD_VERIFY_CERTIFICATES": portal.tls != "insecure"}
    if "@SECLEVEL=0" in portal.ciphers.replace(" ", ""):
        settings["DOWNLOAD_TLS_MIN_VERSION"] = "TLSv1.0"
    return settings


def prepare(context_factory: Any, portal: Portal) -> None:
    """The portal's ciphers into Scrapy's context factory; its word on each bad certificate is silenced.

    That a certificate was not verified is told once, in the WARC files.
    """
    if portal.ciphers:
        context_factory.tls_ciphers = OpenSslCiphers(portal.ciphers)
    if portal.tls == "insecure":
        logging.getLogger("scrapy.core.downloader.tls").setLevel(logging.ERROR)
