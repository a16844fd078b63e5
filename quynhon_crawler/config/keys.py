"""archive.toml as types: every key, its default, and what is allowed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from quynhon_crawler.config.unattended import Kind, Schedule, Watch
from quynhon_crawler.urls import host_of

DAY = 86_400.0
# No number is without end: a pause of `inf` is a crawl that never goes on, and SQLite keeps 64 bits.
Seconds = Annotated[float, Meta(ge=0, le=DAY)]
Timeout = Annotated[float, Meta(gt=0, le=DAY)]
Days = Annotated[float, Meta(ge=0, le=3660)]
Count = Annotated[int, Meta(ge=1, le=1_000_000)]
Number = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Retries = Annotated[int, Meta(ge=0, le=100)]
Bytes = Annotated[int, Meta(ge=0, le=10**18)]
SomeBytes = Annotated[int, Meta(ge=1024, le=10**18)]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
QuietHours = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])?$")]
Withhold = Literal["nothing", "credentials", "cookies"]
Tls = Annotated[str, Meta(pattern=r"^(verify|insecure)$")]


class Archive(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[archive]``: whose archive it is. ``prefix`` begins the names of the WARC files."""

    name: str = "Kho lưu trữ cổng thông tin"
    operator: str = ""
    email: str = ""
    rights: str = ""
    prefix: Annotated[str, Meta(pattern=r"^[A-Z0-9][A-Z0-9_]*$")] = "QUYNHON"


class Crawl(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[crawl]``: how to ask, for every portal that does not say otherwise.

    Seconds and bytes. ``max_bytes`` and ``timeout`` bound one answer; what came until then is kept and
    flagged. ``sync`` is when written records are forced to disk, ``withhold`` what of our own
    requests no record gets. Below ``min_free`` the crawl stops.
    Politeness (``rest`` to ``pause``), bounds (``max_depth`` to ``other_hosts``) and re-visits (``revisits``,
    ``full_walk``) are explained in docs/crawling.md.
    """

    delay: Seconds = 1.0
    concurrency: Count = 1
    timeout: Timeout = 60.0
    max_bytes: SomeBytes = 50_000_000
    retries: Retries = 3
    retry_delay: Seconds = 5.0
    obey_robots: bool = True
    warc_size: SomeBytes = 1_000_000_000
    compression: Annotated[int, Meta(ge=0, le=3)] = 2
    sync: Annotated[str, Meta(pattern=r"^(second|record)$")] = "second"
    withhold: Withhold = "credentials"
    min_free: Bytes = 1_000_000_000
    rest: Seconds = 1.0
    max_delay: Seconds = 60.0
    daily_requests: Number = 0
    quiet_hours: QuietHours = ""
    burst: Count = 5
    pause: Seconds = 60.0
    max_depth: Count = 200
    trap_budget: Count = 200
    other_hosts: Number = 200
    revisits: Number = 2_000
    full_walk: Days = 7.0
    accept_cookie_challenge: bool = False
    dns: str = ""


class Portal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[[portals]]``: one site. What ``[crawl]`` sets can be set here too, for this portal alone."""

    name: Name
    url: str
    title: str = ""
    system: str = ""
    rights: str = ""
    proxy: str = ""
    every: str | None = None
    kind: Kind | None = None
    full_every: str | None = None
    hours: str | None = None
    delay: Seconds | None = None
    concurrency: Count | None = None
    timeout: Timeout | None = None
    max_bytes: SomeBytes | None = None
    retries: Retries | None = None
    retry_delay: Seconds | None = None
    obey_robots: bool | None = None
    withhold: Withhold | None = None
    rest: Seconds | None = None
    max_delay: Seconds | None = None
    daily_requests: Number | None = None
    quiet_hours: QuietHours | None = None
    max_depth: Count | None = None
    trap_budget: Count | None = None
    other_hosts: Number | None = None
    revisits: Number | None = None
    full_walk: Days | None = None
    accept_cookie_challenge: bool | None = None
    tls: Tls = "verify"
    ciphers: str = ""
    allow_private: bool = False


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of archive.toml. ``frontier`` is the address of a Redis that several workers share."""

    frontier: str = ""
    frontier_password: str = ""
    frontier_ca: str = ""
    frontier_lease: Annotated[float, Meta(ge=1, le=DAY)] = 60.0
    archive: Archive = Archive()
    crawl: Crawl = Crawl()
    schedule: Schedule = Schedule()
    watch: Watch = Watch()
    portals: tuple[Portal, ...] = ()

    def crawl_of(self, portal: Portal, **overrides: Any) -> Crawl:
        """The crawl settings in force for a portal; ``overrides`` that are not None win over all."""
        own = {
            name: value
            for name in Crawl.__struct_fields__
            if (value := getattr(portal, name, None)) is not None
        }
        given = {name: value for name, value in overrides.items() if value is not None}
        return msgspec.structs.replace(self.crawl, **{**own, **given})

    def find_portal(self, wanted: str) -> Portal | None:
        """A portal by its name, or by an address on its host."""
        for portal in self.portals:
            if portal.name == wanted or ("//" in wanted and host_of(portal.url) == host_of(wanted)):
                return portal
        return None
