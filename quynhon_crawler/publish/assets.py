"""Style sheet, scripts and icons of the site, each under an address that changes with its content."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webmanifest": "application/manifest+json",
}


@cache
def content(name: str) -> bytes | None:
    """The bytes of ``static/NAME``; None when there is no such file."""
    if name not in _names():
        return None
    return (resources.files("quynhon_crawler.publish") / "static" / name).read_bytes()


@cache
def address(name: str) -> str:
    """Where a static file is served. Raises KeyError for a name that does not exist."""
    found = content(name)
    if found is None:
        raise KeyError(name)
    return f"/-/quynhon/{hashlib.sha256(found).hexdigest()[:12]}/{name}"


def media_type(name: str) -> str:
    """The Content-Type of a static file."""
    return _TYPES.get(name.rpartition(".")[2], "application/octet-stream")


@cache
def _names() -> frozenset[str]:
    return frozenset(
        entry.name for entry in (resources.files("quynhon_crawler.publish") / "static").iterdir()
    )
