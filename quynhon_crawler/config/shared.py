"""The keys of a frontier that several workers share, checked before anything is asked."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from quynhon_crawler.config.keys import Config
from quynhon_crawler.config.secret import Secret


def shared_mistakes(config: Config) -> Iterator[tuple[str, int, str, str]]:
    """What is wrong with them, as (table, index, key, why). A password in the address is not repeated."""
    try:
        if config.frontier:
            _check_server(config.frontier)
    except ValueError as error:
        yield "", 0, "frontier", str(error)
    for key in ("frontier_password", "frontier_ca"):
        if getattr(config, key) and not config.frontier:
            yield "", 0, key, 'frontier = "redis://..." is needed too'
    if config.frontier_password:
        try:
            Secret.read(config.frontier_password)
        except ValueError as error:
            yield "", 0, "frontier_password", str(error)
    if config.frontier_ca and not config.frontier.startswith("rediss:"):
        yield "", 0, "frontier_ca", "only a rediss:// frontier has a certificate to verify"


def _check_server(address: str) -> None:
    parts = urlsplit(address)
    wanted = "write it as redis://host:6379/0, with TLS as rediss://host:6380/0"
    if "@" in address and ":" in parts.netloc.rpartition("@")[0]:
        raise ValueError("no password in the address; name its place with frontier_password")
    if parts.scheme not in ("redis", "rediss"):
        raise ValueError(f"not the address of a Redis; {wanted}")
    try:
        known = parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        known = False
    number = parts.path.strip("/")
    if not known or (number and not number.isdecimal()) or parts.query or parts.fragment:
        raise ValueError(f"not the address of a Redis; {wanted}")
