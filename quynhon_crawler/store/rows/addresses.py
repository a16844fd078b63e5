"""Numbers of addresses."""

from __future__ import annotations

from quynhon_crawler.model import stable_id
from quynhon_crawler.urls import url_key


def url_id(url: str) -> int:
    """The number of an address: equal for http and https, with and without www and tracking parameters."""
    return stable_id(url_key(url))
