"""What is still to be asked, in one SQLite file that survives kill -9.

An address is *pending*, then *leased* to the downloader, then *done* once its answer is on disk and read; in
the same transaction its links become pending. After a crash what was leased is pending again, less what the
WARC already holds (recover.py). Scrapy's own JOBDIR loses everything on kill -9 and reports "finished".

All changes between two commits are one transaction: the crawl commits about once a second, after the WARC
file is on disk.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from quynhon_crawler.crawl.ledger import Ledger
from quynhon_crawler.crawl.memory import MEMORY_SCHEMA, Memory, fetch_key, form_body
from quynhon_crawler.model import Fetch, Purpose
from quynhon_crawler.urls import canonical, host_of

PENDING, LEASED, DONE = 0, 1, 2
_VERSION = 1
_SCHEMA = """
CREATE TABLE fetches (
  seq INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, url TEXT NOT NULL, purpose TEXT NOT NULL,
  method TEXT NOT NULL, form TEXT, headers TEXT, host TEXT NOT NULL, rank INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0,
  state INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX fetches_next ON fetches(rank, seq) WHERE state = 0;
CREATE INDEX fetches_open ON fetches(state) WHERE state < 2;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
# Pages before files: what a page links to is found while the portal is still there to ask.
_ORDER: dict[Purpose, int] = {
    "robots": 0,
    "seed": 1,
    "listing": 2,
    "page": 3,
    "attachment": 4,
    "image": 5,
    "requisite": 6,
}
# What a menu links to on every page; the file knows the rest. At 100,000, with caches of 65,536 addresses
# elsewhere, a crawl of 3,810 URLs took 142 MB and one of 17,183 took 195.
_RECENT = 20_000
# Nothing is put off for so long (intake.py: an hour at most), but by a clock that has been set back since.
_NEVER_WAITS = 7200.0


@dataclass(frozen=True, slots=True)
class Lease:
    """One address handed out. ``seq`` names it to ``done`` and ``again``; ``depth`` counts links to it."""

    seq: int
    fetch: Fetch
    tries: int
    depth: int = 0


class Frontier:
    """The crawl's memory. Raises ArchiveError when the file cannot be used, and from then on always.

    ``is_new`` tells that there was no such file, ``home`` is the portal's host.
    """

    home = ""

    worker = ""  # tells the crawls of workers that share a frontier from each other

    def __init__(self, path: Path) -> None:
        self._db = Ledger(path, version=_VERSION, schema=_SCHEMA + MEMORY_SCHEMA)
        self.is_new = self._db.is_new
        columns = self._db.execute("SELECT name FROM pragma_table_info('fetches')").fetchall()
        if ("depth",) not in columns:
            self._db.execute("ALTER TABLE fetches ADD COLUMN depth INTEGER NOT NULL DEFAULT 0")
        self.memory = Memory(self._db)
        self._recent: dict[bytes, None] = {}
        self._pending = self._count(PENDING)

    @property
    def ledger(self) -> Ledger:
        """The file, for what else a crawl remembers; committed with the frontier."""
        return self._db

    def add(self, fetches: Iterable[Fetch], *, depth: int = 0) -> int:
        """Make pending what this crawl has not seen yet; how many that were."""
        added = 0
        for fetch in fetches:
            body = form_body(fetch.form)
            key = fetch_key(fetch.method, fetch.url, body)
            if key in self._recent:
                continue
            self._remember(key)
            added += self._db.execute(
                "INSERT OR IGNORE INTO fetches(key, url, purpose, method, form, headers, host, rank, depth)"
                " VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    key,
                    canonical(fetch.url),
                    fetch.purpose,
                    fetch.method,
                    json.dumps(fetch.form) if fetch.form else None,
                    json.dumps(fetch.headers) if fetch.headers else None,
                    host_of(fetch.url),
                    rank_of(fetch),
                    depth,
                ),
            ).rowcount
        self._pending += added
        return added

    def lease(self) -> Lease | None:
        """The next address that may be asked now; None when there is none (yet)."""
        row = self._db.execute(
            "SELECT seq, url, purpose, method, form, headers, tries, depth FROM fetches"
            " WHERE state = 0 AND (not_before <= ?1 OR not_before > ?1 + ?2) ORDER BY rank, seq LIMIT 1",
            (time.time(), _NEVER_WAITS),
        ).fetchone()
        if row is None:
            return None
        seq, url, purpose, method, form, headers, tries, depth = row
        self._db.execute("UPDATE fetches SET state = 1 WHERE seq = ?", (seq,))
        self._pending -= 1
        fetch = Fetch(
            url=url,
            purpose=cast(Purpose, purpose),
            method=cast(Literal["GET", "POST", "HEAD"], method),
            form=_pairs(form),
            headers=_pairs(headers),
        )
        return Lease(seq, fetch, tries, depth)

    def done(self, seq: int) -> None:
        """Its answer is in the WARC file and read, or it was given up."""
        self._db.execute("UPDATE fetches SET state = 2 WHERE seq = ?", (seq,))

    def purpose_of(self, key: bytes) -> Purpose | None:
        """Why an address is to be asked; None when it is done, or none of this crawl."""
        row = self._db.execute("SELECT purpose FROM fetches WHERE key = ? AND state < 2", (key,)).fetchone()
        return None if row is None else cast(Purpose, row[0])

    def was_out(self, key: bytes) -> bool:
        """Whether an address was leased at the last commit, by a process that is gone. No shared one."""
        sql = "SELECT 1 FROM fetches WHERE key = ? AND state = 1"
        return self._db.execute(sql, (key,)).fetchone() is not None

    def done_by_key(self, key: bytes) -> None:
        """As ``done``, for an exchange found in a WARC file after a crash; ``release`` counts anew."""
        self._db.execute("UPDATE fetches SET state = 2 WHERE key = ?", (key,))

    def again(self, seq: int, *, wait: float) -> None:
        """Ask once more, not before ``wait`` seconds from now."""
        self._db.execute(
            "UPDATE fetches SET state = 0, tries = tries + 1, not_before = ? WHERE seq = ?",
            (time.time() + wait, seq),
        )
        self._pending += 1

    def wake(self) -> None:
        """What was put off may be asked now."""
        self._db.execute("UPDATE fetches SET not_before = 0 WHERE not_before > 0")

    def release(self) -> None:
        """What was leased by a process that is gone becomes pending."""
        self._db.execute("UPDATE fetches SET state = 0 WHERE state = 1")
        self._pending = self._count(PENDING)

    @property
    def pending(self) -> int:
        """How many addresses wait, those not due yet included."""
        return self._pending

    def next_due(self) -> float | None:
        """Seconds until an address becomes due; None when none waits."""
        due = self._db.execute("SELECT min(not_before) FROM fetches WHERE state = 0").fetchone()[0]
        if due is None:
            return None
        wait = max(0.0, due - time.time())
        return wait if wait <= _NEVER_WAITS else 0.0

    def goes_on(self) -> bool:
        """Whether the crawl that was begun has anything left to ask."""
        return bool(self._pending)

    def over(self) -> None:
        """The crawl is finished: the next one is a new one."""
        self.set_fact("crawl_id", None)

    def turn(self, host: str, pause: float, rest: float = 0.0) -> float | None:
        """Seconds until a host may be asked, by what other workers do: 0 here, Scrapy keeps the pauses.

        A shared frontier (crawl/shared/) counts ``pause`` from that turn on, and a ``rest`` from now.
        """
        return 0.0

    def forget_fetches(self) -> None:
        """A new crawl begins: everything may be asked again. What is known of addresses stays."""
        self._db.execute("DELETE FROM fetches")
        self._recent.clear()
        self._pending = 0

    def fact(self, name: str) -> str | None:
        """A note of the crawl under way: its id, when it began."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_fact(self, name: str, value: str | None) -> None:
        if value is None:
            self._db.execute("DELETE FROM facts WHERE name = ?", (name,))
        else:
            self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def commit(self) -> None:
        """Everything since the last commit, on disk."""
        self._db.commit()

    def close(self) -> None:
        """Commit, and let go of the file."""
        self._db.close()

    def _count(self, state: int) -> int:
        return int(self._db.execute("SELECT count(*) FROM fetches WHERE state = ?", (state,)).fetchone()[0])

    def _remember(self, key: bytes) -> None:
        self._recent[key] = None
        if len(self._recent) > _RECENT:
            self._recent.pop(next(iter(self._recent)))


def rank_of(fetch: Fetch) -> int:
    """What is asked first has the lowest."""
    return _ORDER[fetch.purpose] * 100 - fetch.priority


def _pairs(stored: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((str(a), str(b)) for a, b in json.loads(stored)) if stored else ()
