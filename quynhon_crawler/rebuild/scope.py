"""Whose pages are read. A crawl of ours says whose it is; files of others hold whatever was met."""

from __future__ import annotations

from dataclasses import dataclass

from quynhon_crawler.config import Config
from quynhon_crawler.manifest import Manifest
from quynhon_crawler.urls import host_of

#: In an entry of the manifest: every host of that file.
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Scope:
    """The hosts of archive.toml, and those that an import named. Pages of others are captures only.

    An archive without portals takes every page that it is given. ``homes`` are addresses of portals by host.
    """

    homes: dict[str, str]
    hosts: frozenset[str] = frozenset()

    def home_url(self, url: str) -> str | None:
        """The home page of the portal that an address belongs to; None when it is not ours."""
        host = host_of(url)
        if known := self.homes.get(host):
            return known
        if host and (host in self.hosts or EVERY in self.hosts or not (self.homes or self.hosts)):
            return f"http://{host}/"
        return None


def scope_of(config: Config, manifest: Manifest, name: str) -> Scope:
    """Of one file of ``warc/``."""
    entry = manifest.of_warc(name)
    return make_scope(config, entry.hosts if entry else ())


def make_scope(config: Config, hosts: tuple[str, ...] = ()) -> Scope:
    """The portals of archive.toml and some hosts more."""
    return Scope({host_of(portal.url): portal.url for portal in config.portals}, frozenset(hosts))
