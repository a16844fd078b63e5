"""The database: what was captured and read, with its history, and how to find it again.

Any connection to quynhon.db can be asked (``search``, ``status``); only ``Store`` writes.
"""

from quynhon_crawler.store.counts import completeness, status, table_counts
from quynhon_crawler.store.missing import missing_files
from quynhon_crawler.store.search import Hit, Hits, search
from quynhon_crawler.store.snippet import Segment
from quynhon_crawler.store.store import Store

__all__ = [
    "Hit",
    "Hits",
    "Segment",
    "Store",
    "completeness",
    "missing_files",
    "search",
    "status",
    "table_counts",
]
