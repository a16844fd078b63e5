"""The site's own read-only connections to quynhon.db: a few threads, each with its own.

Apart from Datasette's, because those are limited for strangers' SQL, and because ``quynhon rebuild`` puts
a new file in the place of the old one: a connection is opened anew when the file is another.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from quynhon_crawler.publish import veil
from quynhon_crawler.store import reach
from quynhon_crawler.store.medium import read_uri

T = TypeVar("T")

# SQLite gives Python's lock back for each row, and takes it again: many threads wait for it more than they
# work. Searches by 8 readers at once on two cores: 66 to 73 a second for 17.5 to 21 ms of processor time each
# with 4 threads, 80 to 83 for 15 with 2, 87 to 91 for 12 with 1, where a slow question holds up all others.
_THREADS = 2
# Each connection's own copy of hot pages; mapping the file instead counted 1 GB as ours (measured).
_CACHE_KB = 16_000


class Connections:
    """Ask questions of one database file, each within a time limit."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="site")
        self._mine = threading.local()

    async def ask(self, question: Callable[[sqlite3.Connection], T], *, seconds: float) -> T:
        """Run a question in a thread. Raises sqlite3.OperationalError ("interrupted") past ``seconds``."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._answer, question, seconds)

    def _answer(self, question: Callable[[sqlite3.Connection], T], seconds: float) -> T:
        connection = self._connection()
        end = time.monotonic() + seconds
        connection.set_progress_handler(lambda: time.monotonic() > end, 20_000)
        try:
            # One transaction: all of a page is of one moment, also while a crawl writes.
            connection.execute("begin")
            return question(connection)
        finally:
            connection.set_progress_handler(None, 0)
            connection.rollback()

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection: to the present file, without what is withdrawn now."""
        held: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        inode = self._path.stat().st_ino
        if held is not None and self._mine.state == (inode, withdrawn(held)):
            return held
        if held is not None:
            held.close()
        opened = sqlite3.connect(read_uri(self._path), uri=True, isolation_level=None)
        opened.row_factory = sqlite3.Row
        opened.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        reach.teach(opened)
        veil.cover(opened)
        self._mine.connection, self._mine.state = opened, (inode, withdrawn(opened))
        return opened

    def close(self) -> None:
        """No more questions; those being answered are finished first."""
        self._threads.shutdown(wait=True)


def withdrawn(connection: sqlite3.Connection) -> tuple[int, int]:
    """Differs whenever something is withdrawn or given back; (0, 0): nothing is."""
    count, total = connection.execute(
        """select count(*), coalesce(sum(id % 1000003), 0) from
             (select id from main.takedowns union all select article_id from main.hidden_articles)"""
    ).fetchone()
    return count, total
