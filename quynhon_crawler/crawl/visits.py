"""When each page of a portal was seen, when it changed, and when it is due again.

One row an address that has answered, in the frontier's file, so that it is committed with what it belongs to.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quynhon_crawler.crawl.ledger import Ledger
from quynhon_crawler.crawl.memory import fetch_key
from quynhon_crawler.model import Article, Fetch

# The home page and the sections' first pages; further pages of a list; articles; all other pages.
FRONT, PAGER, ARTICLE, OTHER = 0, 1, 2, 3
DAY = 86_400.0
# An article is corrected in its first hours and days. With a crawl a day, 20 hours is every crawl.
YOUNG = 30 * DAY
_FRESH, _FRESH_EVERY, _YOUNG_EVERY = 2 * DAY, 5 * 3600.0, 20 * 3600.0
# What has been quiet is asked again after a quarter of its quiet time, half of that for each change seen.
_QUIET_SHARE = 4.0
_LEAST = {ARTICLE: 7 * DAY, OTHER: 3 * DAY, PAGER: 30 * DAY}
_MOST = {ARTICLE: 180 * DAY, OTHER: 60 * DAY, PAGER: 60 * DAY}
# What was seen so far ahead of now was seen by a clock that has been set back since: it is due at once.
SKEW = 600.0

_TABLES = (
    """CREATE TABLE IF NOT EXISTS visits (
        key BLOB PRIMARY KEY, portal TEXT NOT NULL, url TEXT NOT NULL, kind INTEGER NOT NULL,
        status INTEGER NOT NULL, born REAL NOT NULL, first_at REAL NOT NULL, checked_at REAL NOT NULL,
        changed_at REAL NOT NULL, changes INTEGER NOT NULL, digest BLOB, due REAL NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS visits_due ON visits(portal, due)",
    """CREATE TABLE IF NOT EXISTS listed (
        key BLOB PRIMARY KEY, list BLOB NOT NULL, seen_at REAL NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS lists (list BLOB PRIMARY KEY, total INTEGER) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS said (key BLOB PRIMARY KEY, modified TEXT NOT NULL) WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of one page. Times are seconds since 1970."""

    kind: int
    status: int
    born: float
    first_at: float
    checked_at: float
    changed_at: float
    changes: int
    digest: bytes | None
    due: float

    def is_due(self, now: float) -> bool:
        return self.due <= now or self.checked_at > now + SKEW


def interval(kind: int, status: int, *, age: float, quiet: float, changes: int) -> float:
    """Seconds until a page is due again. ``age`` since publication, ``quiet`` since its last known change.

    The front is always due. What is gone or moved is asked for again, in case it comes back: the next day,
    then when as much time again has passed, once a month at last.
    """
    if status != 200:
        return min(max(quiet, _YOUNG_EVERY), YOUNG)
    if kind == FRONT:
        return 0.0
    if kind == ARTICLE and age < YOUNG:
        return _FRESH_EVERY if age < _FRESH else _YOUNG_EVERY
    wanted = quiet / _QUIET_SHARE / (1 << min(changes, 6))
    return min(max(wanted, _LEAST[kind]), _MOST[kind])


def digest_of(article: Article) -> bytes:
    """8 bytes that change when readers see another text; view counts and side bars do not matter."""
    text = "\0".join((article.title or "", article.lead or "", article.body, article.byline or ""))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


class Visits:
    """The rows of one portal."""

    def __init__(self, db: Ledger, portal: str) -> None:
        self._db, self._portal = db, portal
        for statement in _TABLES:
            db.execute(statement)

    def any(self) -> bool:
        """Whether the portal was ever visited."""
        sql = "SELECT 1 FROM visits WHERE portal = ? LIMIT 1"
        return self._db.execute(sql, (self._portal,)).fetchone() is not None

    def find(self, url: str) -> Visit | None:
        """What is known of an address; None when it never answered."""
        row = self._db.execute(
            "SELECT kind, status, born, first_at, checked_at, changed_at, changes, digest, due"
            " FROM visits WHERE key = ?",
            (fetch_key("GET", url),),
        ).fetchone()
        return None if row is None else Visit(*row)

    def learn(
        self,
        url: str,
        kind: int,
        status: int,
        *,
        article: Article | None = None,
        now: float | None = None,
        since: float | None = None,
    ) -> None:
        """A page has answered, in a crawl that began at ``since``.

        What is due again within a day is so from then on: the crawl of the next day begins at the same hour,
        when what this one asked for at its end is not a day old yet.
        """
        now = time.time() if now is None else now
        before = self.find(url)
        digest = digest_of(article) if article else (before.digest if before else None)
        changed = before is not None and digest != before.digest
        turned = before is not None and status != before.status
        if before and (status != 200 or before.kind == FRONT):
            kind = before.kind  # a section that is broken today is a section still
        born = _published(article, now) or (before.born if before else now)
        first_at = before.first_at if before else now
        # A page that was never seen to change has been quiet since it was published.
        changed_at = now if changed or turned else (before.changed_at if before else born)
        changes = (before.changes if before else 0) + changed
        key = fetch_key("GET", url)
        wait = interval(kind, status, age=now - born, quiet=now - changed_at, changes=changes)
        if wait > DAY:  # spread what was crawled in one go: three quarters to five quarters
            wait *= 0.75 + key[0] / 512
        elif since is not None:
            wait -= min(max(now - since, 0.0), wait)
        self._db.execute(
            "INSERT OR REPLACE INTO visits VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(key, self._portal, url, kind, status, born, first_at, now),
                *(changed_at, changes, digest, now + wait),
            ),
        )

    def due(self, budget: int, *, now: float | None = None) -> list[Fetch]:
        """What is due: the front always, young articles, then the others in turn, longest due first."""
        now = time.time() if now is None else now
        known, is_due = "SELECT url FROM visits WHERE portal = ? AND ", "(due <= ? OR checked_at > ?)"
        front = self._urls(known + "kind = ? AND status = 200", FRONT)
        young = self._urls(
            known + f"{is_due} AND kind = ? AND born > ? AND status = 200 ORDER BY born DESC LIMIT ?",
            *(now, now + SKEW, ARTICLE, now - YOUNG, budget),
        )
        others = self._urls(
            known + f"{is_due} AND NOT (kind IN (?, ?) AND status = 200 AND (kind = ? OR born > ?))"
            " ORDER BY due LIMIT ?",
            *(now, now + SKEW, FRONT, ARTICLE, FRONT, now - YOUNG, max(0, budget - len(young))),
        )
        # What a lost WARC file held (missing.py) is due as well.
        lost = self._urls(
            "SELECT v.url FROM visits v LEFT JOIN known k ON k.key = v.key"
            " WHERE v.portal = ? AND v.status = 200 AND k.key IS NULL"
        )
        return [
            *(Fetch(url, "page") for url in lost),
            *(Fetch(url, "listing", priority=40) for url in front),
            *(Fetch(url, "page", priority=20) for url in young),
            *(Fetch(url, "page") for url in others),
        ]

    def _urls(self, sql: str, *values: object) -> list[str]:
        return [str(row[0]) for row in self._db.execute(sql, (self._portal, *values))]

    def news(self, url: str, modified: str) -> bool:
        """Whether a sitemap says another time of change than it said before. Remembers it."""
        key = fetch_key("GET", url)
        row = self._db.execute("SELECT modified FROM said WHERE key = ?", (key,)).fetchone()
        if row is not None and row[0] == modified:
            return False
        self._db.execute("INSERT OR REPLACE INTO said VALUES (?, ?)", (key, modified))
        return row is not None

    # Lists: what they hold, and how many they said it was

    def total(self, name: bytes) -> int | None:
        """What a list said of itself when it was read last."""
        row = self._db.execute("SELECT total FROM lists WHERE list = ?", (name,)).fetchone()
        return None if row is None else row[0]

    def set_total(self, name: bytes, total: int | None) -> None:
        self._db.execute("INSERT OR REPLACE INTO lists VALUES (?, ?)", (name, total))

    def seen_in(self, name: bytes, urls: Iterable[str], *, now: float | None = None) -> None:
        """These addresses stand in a list."""
        at = time.time() if now is None else now
        for url in urls:
            self._db.execute(
                "INSERT OR REPLACE INTO listed VALUES (?,?,?)", (fetch_key("GET", url), name, at)
            )

    def dropped_from(self, name: bytes, since: float) -> list[Fetch]:
        """Pages that stood in a list and were not seen in it since: they may have been removed."""
        rows = self._db.execute(
            "SELECT v.url FROM listed l JOIN visits v ON v.key = l.key"
            " WHERE l.list = ? AND l.seen_at < ? AND v.status = 200 AND v.checked_at < ? AND v.portal = ?",
            (name, since, since, self._portal),
        )
        return [Fetch(str(row[0]), "page") for row in rows]


def _published(article: Article | None, now: float) -> float | None:
    for said in (article.published_at, article.published_meta) if article else ():
        try:
            moment = datetime.fromisoformat(said) if said else None
        except ValueError:
            continue
        if moment is not None:
            return min(moment.timestamp() if moment.tzinfo else moment.timestamp() - 7 * 3600, now)
    return None
