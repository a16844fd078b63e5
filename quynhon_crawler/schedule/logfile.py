"""What scheduled crawls print on the way, in ``state/logs/crawl.log``, which is turned over by size."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler

from quynhon_crawler.config import Watch
from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home


@contextmanager
def crawl_log(home: Home, watch: Watch) -> Iterator[logging.Logger]:
    """The log, for one run. At most ``log_files`` files of ``log_size`` bytes. Raises ArchiveError."""
    path = home.logs / "crawl.log"
    try:
        home.logs.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            path, maxBytes=watch.log_size, backupCount=watch.log_files - 1, encoding="utf-8"
        )
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be written: {error.strerror}") from error
    formatter = logging.Formatter("%(asctime)sZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    # Not logging.getLogger(name): two runs in one process must not write into each other's file.
    log = logging.Logger("quynhon.schedule", logging.INFO)
    log.addHandler(handler)
    try:
        yield log
    finally:
        handler.close()
