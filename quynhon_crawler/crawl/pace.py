"""How fast a host may be asked, and when not at all. What a host demanded is remembered across runs.

Three things hold the crawl back: the pause between two requests, which grows with the time that the server
takes; a rest that the server asks for (Retry-After) or that a burst of refusals calls for; and the hours and
the number of requests a day that archive.toml allows.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from quynhon_crawler.config import Crawl
from quynhon_crawler.crawl.ledger import Ledger

HANOI = timezone(timedelta(hours=7))  # no summer time since 1975
_TABLE = """CREATE TABLE IF NOT EXISTS hosts (
    host TEXT PRIMARY KEY, delay REAL NOT NULL, noted_at REAL NOT NULL, rest_from REAL NOT NULL,
    rest REAL NOT NULL, why TEXT NOT NULL, day TEXT NOT NULL, asked INTEGER NOT NULL
) WITHOUT ROWID"""
_REFUSALS = frozenset({403, 429, 503})
# A longer rest than this ends the run; the next one goes on after it.
LONGEST_WAIT = 900.0
# After so many pauses in one run the host is left alone for an hour, and for longer each time.
_PAUSES = 3
_LEFT_ALONE = 3600.0
_DAY = 86_400.0
_AT_ONCE = "when the portal's people agree: quynhon crawl --now"


def retry_after(value: str | None) -> float | None:
    """Seconds that a Retry-After header asks for: a number, or a date (RFC 9110, 10.2.3), else None."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 9:
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def quiet_for(hours: str, now: float) -> float:
    """Seconds until the quiet hours (``22:00-05:30``, Vietnam's time) are over; 0 outside them."""
    if not hours:
        return 0.0
    begin, end = (int(text[:2]) * 60 + int(text[3:]) for text in hours.split("-"))
    there = datetime.fromtimestamp(now, HANOI)
    minute = there.hour * 60 + there.minute
    inside = begin <= minute < end if begin <= end else minute >= begin or minute < end
    return ((end - minute) % 1440) * 60.0 - there.second if inside else 0.0


class Pace:
    """The pace of one host. Times are seconds since 1970, by the machine's clock.

    ``delay`` is what stands between the beginnings of two requests. A clock that was set back ends no rest
    early and prolongs none: a rest that begins in the future is not counted.
    """

    def __init__(self, db: Ledger, host: str, crawl: Crawl) -> None:
        self._db, self._host, self._crawl = db, host, crawl
        db.execute(_TABLE)
        row = db.execute(
            "SELECT delay, noted_at, rest_from, rest, why, day, asked FROM hosts WHERE host = ?", (host,)
        ).fetchone()
        now = time.time()
        self.delay = crawl.delay
        self._rest_from: float = row[2] if row else 0.0
        self._rest: float = row[3] if row else 0.0
        self._why: str = row[4] if row else ""
        self._day: str = row[5] if row else ""
        self._asked: int = row[6] if row else 0
        if row and crawl.delay and 0 <= now - row[1] < _DAY:
            self.delay = min(max(crawl.delay, row[0]), crawl.max_delay)
        self.minimum = crawl.delay
        self._busy = 0.0
        self._refused = self._silent = self.pauses = 0

    def asked(self) -> None:
        """One more request goes out."""
        day = _today()
        self._asked = self._asked + 1 if day == self._day else 1
        self._day = day

    def answered(self, status: int | None, took: float, asks_for: str | None = None) -> None:
        """An answer came after ``took`` seconds, or none (``status`` None).

        The pause goes up at once and comes down by halves, as in Scrapy's AutoThrottle; unlike there it
        counts the whole answer, leaves the server ``rest`` times that, and is doubled by failures.
        """
        if self._crawl.delay:
            self._busy = max(took, (self._busy + took) / 2)
            wanted = self._busy * (1 + self._crawl.rest) / self._crawl.concurrency
            if status is None or status in (429, 500, 502, 503, 504):
                wanted = max(wanted, self.delay * 2)
            self.delay = min(max(self.minimum, wanted), max(self._crawl.max_delay, self.minimum))
        refused = status in _REFUSALS
        self._refused = self._refused + 1 if refused else 0
        self._silent = self._silent + 1 if status is None else 0
        seconds = retry_after(asks_for) if status in (429, 503) else None
        if seconds:
            self._hold(seconds, f"the portal asks for a rest (status {status}, Retry-After)")
        if self._refused < self._crawl.burst and self._silent < 2 * self._crawl.burst:
            return
        said = f"{self._refused} refusals in a row ({status})" if refused else "no answer any more"
        self._refused = self._silent = 0
        self.pauses += 1
        left_alone = self.pauses >= _PAUSES
        wait = _LEFT_ALONE if left_alone else self._crawl.pause * 2 ** (self.pauses - 1)
        self._hold(wait, f"{said}: the portal is left alone")

    def _hold(self, seconds: float, why: str) -> None:
        if seconds > self.rest():
            self._rest_from, self._rest, self._why = time.time(), min(seconds, 7 * _DAY), why

    def wake(self) -> None:
        """A person ends the rest."""
        self._rest = 0.0

    def rest(self) -> float:
        """Seconds that the host is to be left alone from now on."""
        gone = time.time() - self._rest_from
        return max(0.0, self._rest - gone) if gone >= 0 else 0.0

    def closed(self) -> str | None:
        """Why this run must end here, in one line with the time to go on; None while it may go on."""
        now = time.time()
        rest, quiet = self.rest(), quiet_for(self._crawl.quiet_hours, now)
        if rest > LONGEST_WAIT:
            return f"{self._why} until {_clock(now + rest)}; the next crawl after that goes on, or {_AT_ONCE}"
        if quiet:
            return f"quiet hours until {_clock(now + quiet)}; the next crawl after that goes on"
        cap = self._crawl.daily_requests
        if cap and self._asked >= cap and self._day == _today():
            return f"{cap:,} requests were made today (daily_requests); the next crawl goes on tomorrow"
        return None

    @property
    def resting(self) -> bool:
        """A rest is why the run ends: a problem to tell, unlike hours and caps."""
        return self.rest() > LONGEST_WAIT

    def save(self) -> None:
        """Into the frontier's transaction."""
        self._db.execute(
            "INSERT OR REPLACE INTO hosts VALUES (?,?,?,?,?,?,?,?)",
            (
                *(self._host, self.delay, time.time(), self._rest_from, self._rest, self._why),
                *(self._day, self._asked),
            ),
        )


def _today() -> str:
    return str((int(time.time()) + 7 * 3600) // 86_400)


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, HANOI):%d/%m %H:%M} (+07:00)"
