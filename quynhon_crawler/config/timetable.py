"""How often something is done: ``"6h"``, ``"daily 02:30"``, ``"mon,thu 02:30"``, ``"never"``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from quynhon_crawler.config.hours import VIETNAM

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# More often than this is no crawl of a public server any more.
_LEAST = timedelta(minutes=5)
_MOST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Timetable:
    """An interval, or days of the week (Monday is 0) and times (minutes from midnight, Vietnamese time)."""

    text: str = "never"
    interval: timedelta | None = None
    days: tuple[int, ...] = ()
    times: tuple[int, ...] = ()

    @classmethod
    def read(cls, text: str) -> Timetable:
        """Raises ValueError with one line that shows how it is written."""
        words = [word for word in re.split(r"[,\s]+", text.strip().lower()) if word]
        if words == ["never"]:
            return cls()
        wrong = f'{text!r} is no timetable; write "6h", "daily 02:30", "mon,thu 02:30" or "never"'
        if len(words) == 1 and (found := re.fullmatch(r"(\d{1,4})([mhdw])", words[0])):
            interval = timedelta(**{_UNITS[found[2]]: int(found[1])})
            if not _LEAST <= interval <= _MOST:
                raise ValueError(f"{text!r} is too short or too long; from 5m to 520w")
            return cls(text, interval)
        days, times = set[int](), set[int]()
        for word in words:
            if word == "daily":
                days |= set(range(7))
            elif word[:3] in _DAYS and (word[:3] == word or word.endswith("day")):
                days.add(_DAYS.index(word[:3]))
            elif (clock := re.fullmatch(r"(\d{1,2}):([0-5]\d)", word)) and int(clock[1]) < 24:
                times.add(int(clock[1]) * 60 + int(clock[2]))
            else:
                raise ValueError(wrong)
        if not days or not times:
            raise ValueError(wrong)
        return cls(text, None, tuple(sorted(days)), tuple(sorted(times)))

    def __bool__(self) -> bool:
        return self.interval is not None or bool(self.times)

    def next(self, begun: datetime, ended: datetime) -> datetime | None:
        """The first slot after a run that began and ended then; Vietnamese time, None for ``never``.

        Slots that passed while the run went on are left out: a run of eight hours every six hours is followed
        by a pause of four.
        """
        ended = max(begun, ended)
        if self.interval is not None:
            past = (ended - begun) // self.interval
            return (begun + (past + 1) * self.interval).astimezone(VIETNAM)
        midnight = ended.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
        for day in range(8):
            date = midnight + timedelta(days=day)
            for minute in self.times:
                slot = date + timedelta(minutes=minute)
                if date.weekday() in self.days and slot > ended:
                    return slot
        return None


NEVER = Timetable()
