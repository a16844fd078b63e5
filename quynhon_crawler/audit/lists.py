"""What the portal's lists count against what was captured of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.store import completeness


def check_lists(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Lists whose own count exceeds what is here."""
    for one in completeness(connection):
        if one["captured"] < one["listed_total"]:
            missing = one["listed_total"] - one["captured"]
            what = f"{missing:,} of the {one['listed_total']:,} items that it counts are not here"
            yield Problem("listing", what, url=one["url"])
