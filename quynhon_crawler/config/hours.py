"""The hours of the day in which a portal may be crawled: ``"22:00-06:00"``, in Vietnamese time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

#: Asia/Ho_Chi_Minh: seven hours before UTC, without summer time since 1975 (tz database).
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
_DAY = 24 * 60
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans of the day in minutes from midnight, Vietnamese time; none means the whole day.

    A span that ends before it begins goes past midnight. The first minute belongs to it, the last does not.
    """

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def read(cls, text: str) -> Hours:
        """``"22:00-06:00"``, ``"12:00-13:00, 22:00-06:00"``, empty for always. Raises ValueError."""
        spans = []
        for part in filter(None, re.split(r"[,;\s]+", text.strip())):
            found = _SPAN.fullmatch(part)
            begin, end = (_minutes(*found.groups()[:2]), _minutes(*found.groups()[2:])) if found else (-1, -1)
            if not (0 <= begin < _DAY and 0 <= end <= _DAY and begin != end):
                raise ValueError(f'{text!r} are no hours of a day; write them as "22:00-06:00"')
            spans.append((begin, end))
        return cls(() if (0, _DAY) in spans else tuple(spans))

    def __str__(self) -> str:
        return ", ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in self.spans)

    def open_at(self, moment: datetime) -> bool:
        """Whether a portal may be crawled at this moment (aware, any zone)."""
        return not self.spans or any(_inside(_minute_of(moment), span) for span in self.spans)

    def next_open(self, moment: datetime) -> datetime:
        """This moment when it is within the hours, else when they next begin; in Vietnamese time."""
        here = moment.astimezone(VIETNAM)
        if self.open_at(here):
            return here
        return min(_next(here, begin) for begin, _ in self.spans)

    def closes_at(self, moment: datetime) -> datetime | None:
        """When the hours that hold this moment end; None without hours, or outside of them."""
        if not self.spans or not self.open_at(moment):
            return None
        end = moment.astimezone(VIETNAM)
        # spans may overlap or touch: go on to the end of what is open without a gap
        for _ in range(len(self.spans) + 1):
            ends = [_next(end, span[1] % _DAY) for span in self.spans if _inside(_minute_of(end), span)]
            if not ends:
                return end
            end = max(ends)
        return None


ALWAYS = Hours()


def _minutes(hours: str, minutes: str) -> int:
    return int(hours) * 60 + int(minutes) if int(minutes) < 60 else -1


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _minute_of(moment: datetime) -> int:
    here = moment.astimezone(VIETNAM)
    return here.hour * 60 + here.minute


def _inside(minute: int, span: tuple[int, int]) -> bool:
    begin, end = span
    return begin <= minute < end if begin < end else minute >= begin or minute < end


def _next(after: datetime, minute: int) -> datetime:
    """The next time that the clock shows this minute of the day, later than ``after``."""
    found = after.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    return found if found > after else found + timedelta(days=1)
