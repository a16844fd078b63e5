"""The archive's lock, as the crawl takes it; it lies lower, for those who only ask whether a crawl runs."""

from quynhon_crawler.lock import Lock, lock_archive

__all__ = ["Lock", "lock_archive"]
