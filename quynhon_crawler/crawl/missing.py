"""WARC files that the database knows and the folder lacks: told, and what they held is fetched again."""

from __future__ import annotations

from quynhon_crawler.crawl.memory import Memory
from quynhon_crawler.crawl.problems import Problems
from quynhon_crawler.home import Home
from quynhon_crawler.store import Store
from quynhon_crawler.store.missing import dates_in, missing_files


def forget_missing(home: Home, store: Store, memory: Memory, problems: Problems) -> None:
    """Neither validators nor bodies of a lost file may be trusted: a revisit would stand for nothing."""
    for lost in missing_files(store.connection, home.warc):
        memory.forget(dates_in(store.connection, lost.name))
        problems.add(lost.name, f"{lost.why}; what the crawl meets of it is fetched again")
