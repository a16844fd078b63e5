"""Style sheet, scripts and icons of the site, each under an address that changes with its content.

Our own lie in ``static/``, other people's, unchanged and with their licences, in ``static/vendor/``.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def content(name: str) -> bytes | None:
    """The bytes of a static file; None when there is no such file."""
    found = _files().get(name)
    return None if found is None else _read(name)


@cache
def packed(name: str) -> bytes:
    """The same as gzip, as small as it gets: packed once, sent many times."""
    return gzip.compress(_read(name), 9, mtime=0)


@cache
def address(name: str) -> str:
    """Where a static file is served. Raises KeyError for a name that does not exist."""
    return f"/-/quynhon/{hashlib.sha256(_read(name)).hexdigest()[:12]}/{name}"


def media_type(name: str) -> str:
    """The Content-Type of a static file."""
    return _TYPES[name.rpartition(".")[2]]


@cache
def _read(name: str) -> bytes:
    return _files()[name].read_bytes()


@cache
def _files() -> dict[str, Traversable]:
    static = resources.files("quynhon_crawler.publish") / "static"
    found = (*static.iterdir(), *(static / "vendor").iterdir())
    return {entry.name: entry for entry in found if entry.name.rpartition(".")[2] in _TYPES}
