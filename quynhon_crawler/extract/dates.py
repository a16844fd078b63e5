"""Dates as Vietnamese portals print them and as heads of pages give them. Day comes before month, always.

Results are ISO 8601 in +07:00, the time of the portals. What cannot be a date is None with a note.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from quynhon_crawler.extract.text import clean

VIETNAM = timezone(timedelta(hours=7))


class Dated(NamedTuple):
    """``value`` is ISO 8601; ``note`` says what was odd about the text it was read from."""

    value: str | None
    note: str | None = None


_DAY = r"(?<![0-9/.,-])([0-3]?[0-9])"
_NUMERIC = re.compile(_DAY + r"\s?([/.-])\s?([0-1]?[0-9])\s?\2\s?((?:19|20)[0-9]{2})(?![0-9])")
_NUMERIC_ANY = re.compile(r"(?<![0-9/.-])([0-9]{1,2})([/.-])([0-9]{1,2})\2((?:19|20)[0-9]{2})(?![0-9])")
_WORDS = re.compile(
    r"ngày\s([0-3]?[0-9])\s?tháng\s([0-1]?[0-9])\s?(?:,\s)?năm\s((?:19|20)[0-9]{2})", re.IGNORECASE
)
_CLOCK = re.compile(
    r"(?<![0-9:/.-])([0-2]?[0-9])\s?(?::|h|giờ)\s?([0-5][0-9])(?::([0-5][0-9]))?(?![0-9/])\s?(CH|SA|PM|AM)?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"((?:19|20)[0-9]{2})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[T ]?([+-][0-9]{4})?[T ]?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\.[0-9]{1,9})?"
    r"\s?(Z|[+-][0-9]{2}:?[0-9]{2})?)?",
    re.IGNORECASE,
)
_VHV_META = re.compile(
    r"^((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})\+([0-9]{2})([0-9]{2}):([0-9]{2}):([0-9]{2})$"
)

# The first day of a range: "từ ngày 3 - 5/9/2019", "30/8 đến 2/9/2019". Then days alone: "chiều 27/8".
_RANGE = re.compile(
    r"(?<![0-9/.,-])([0-3]?[0-9])(?:\s?/\s?([0-1]?[0-9]))?\s?(?:-|–|—|đến(?:\shết)?(?:\sngày)?|và(?:\sngày)?)\s?(?:ngày\s)?"
    r"([0-3]?[0-9])\s?[/-]\s?([0-1]?[0-9])(?:\s?[/-]\s?((?:19|20)[0-9]{2}))?(?![0-9/])",
    re.IGNORECASE,
)
_RANGE_WORDS = re.compile(
    r"ngày\s([0-3]?[0-9])(?:\stháng\s([0-1]?[0-9]))?\s?(?:-|–|—|đến(?:\shết)?(?:\sngày)?|và(?:\sngày)?)\s?([0-3]?[0-9])\stháng\s([0-1]?[0-9])"
    r"(?:,?\snăm\s((?:19|20)[0-9]{2}))?",
    re.IGNORECASE,
)
_DAY_MONTH_WORDS = re.compile(
    r"ngày\s([0-3]?[0-9])\stháng\s([0-1]?[0-9])(?:,?\snăm\s((?:19|20)[0-9]{2}))?", re.IGNORECASE
)
_DAY_MONTH = re.compile(
    r"(?:ngày|sáng|trưa|chiều|tối|đêm|hôm|qua|nay|mai|\()\s?,?\s?\(?([0-3]?[0-9])\s?[/-]\s?([0-1]?[0-9])"
    r"(?:\s?[/-]\s?((?:19|20)[0-9]{2}))?(?![0-9/-])",
    re.IGNORECASE,
)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _hour(text: str, half: str | None) -> int:
    """``3`` with ``CH`` (chiều, afternoon) is 15; ``12`` with ``SA`` (sáng, morning) is 0."""
    hour = int(text)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.upper() in ("CH", "PM") else 0)
    return hour


def printed_time(text: str | None) -> Dated:
    """The date that a page prints over an article.

    Reads ``Thứ 4, 30/09/2026 | 19:09``, ``28/08/2019 3:12:00 CH``, ``(28/08/2019 15:12)``,
    ``15:12, 28-8-2019`` and ``ngày 05 tháng 9 năm 2019``. Without a clock the time is
    00:00 and a note says so.
    """
    if not text:
        return Dated(None)
    line = clean(text[:400])
    numeric = _NUMERIC.search(line) or _WORDS.search(line)
    if numeric is None:
        iso = _ISO.search(line)
        if iso:
            return meta_time(iso[0])
        wrong = _NUMERIC_ANY.search(line)
        return Dated(None, f"impossible date: {wrong[0]}" if wrong else None)
    groups = [group for group in numeric.groups() if group not in ("/", ".", "-")]
    day = _day(int(groups[2]), int(groups[1]), int(groups[0]))
    if day is None:
        return Dated(None, f"impossible date: {numeric[0]}")
    rest = f"{line[: numeric.start()]} ~ {line[numeric.end() :]}"
    clock = _CLOCK.search(rest)
    if clock is None:
        return Dated(f"{day}T00:00:00+07:00", "printed date has no time of day")
    hour = _hour(clock[1], clock[4])
    if hour > 23:
        return Dated(f"{day}T00:00:00+07:00", f"impossible time: {clock[0].strip()}")
    return Dated(f"{day}T{hour:02}:{clock[2]}:{clock[3] or '00'}+07:00")


def meta_time(text: str | None) -> Dated:
    """A time of the page's head, JSON-LD or ``<time>``, turned to +07:00.

    Reads ISO 8601, offsets without a colon, ``Z``, and VHV's ``2026-09-30+0719:13:34``; a time without an
    offset is taken as local.
    """
    if not text:
        return Dated(None)
    text = clean(text[:100])
    vhv = _VHV_META.match(text)
    if vhv:
        text = f"{vhv[1]}-{vhv[2]}-{vhv[3]}T{vhv[5]}:{vhv[6]}:{vhv[7]}+{vhv[4]}:00"
    match = _ISO.search(text)
    if match is None:
        return printed_time(text) if _NUMERIC.search(text) else Dated(None)
    try:
        moment = datetime(
            int(match[1]),
            int(match[2]),
            int(match[3]),
            int(match[5] or 0),
            int(match[6] or 0),
            int(match[7] or 0),
        )
    except ValueError:
        return Dated(None, f"impossible date: {match[0]}")
    offset = match[8] or match[4]
    if offset:
        try:
            moment = moment.replace(tzinfo=_offset(offset)).astimezone(VIETNAM)
        except (ValueError, OverflowError):
            return Dated(None, f"impossible date: {match[0]}")
    note = None if match[5] else "meta date has no time of day"
    return Dated(f"{moment:%Y-%m-%dT%H:%M:%S}+07:00", note)


def _offset(text: str) -> tzinfo:
    if text.upper() == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:4])))


def printed_day(text: str | None) -> Dated:
    """A date alone (``27/08/2019``, ``ngày 05 tháng 9 năm 2019``) as ``2019-08-27``."""
    found = printed_time(text)
    if found.value is None:
        return found
    return Dated(found.value[:10])


def event_day(text: str | None, published: str | None) -> Dated:
    """The day that a lead tells of, ``2019-08-27``; of a range the first day.

    ``chiều 27/8`` has no year: it takes the one that puts the day nearest to ``published`` (ISO 8601), and
    stays None without it. The first date of the text counts.
    """
    if not text:
        return Dated(None)
    line = clean(text[:3000])
    found: list[tuple[int, int, str, tuple[str | None, str, str | None]]] = []
    for order, (pattern, picks) in enumerate(
        (
            (_RANGE, (1, 2, 4, 5)),
            (_RANGE_WORDS, (1, 2, 4, 5)),
            (_WORDS, (1, 2, 2, 3)),
            (_NUMERIC, (1, 3, 3, 4)),
            (_DAY_MONTH, (1, 2, 2, 3)),
            (_DAY_MONTH_WORDS, (1, 2, 2, 3)),
        )
    ):
        match = next((m for m in pattern.finditer(line) if pattern is not _RANGE or _is_range(line, m)), None)
        if match:
            day, month, later_month, year = (match[pick] for pick in picks)
            found.append((match.start(1), order, match[0], (day, month or later_month, year)))
    if not found:
        wrong = _NUMERIC_ANY.search(line)
        return Dated(None, f"impossible date: {wrong[0]}" if wrong else None)
    _, _, printed, (day_text, month_text, year_text) = min(found)
    day, month = int(day_text or 0), int(month_text)
    if year_text:
        value = _day(int(year_text), month, day)
    elif published:
        value = _nearest(month, day, published)
    else:
        return Dated(None)
    return Dated(value.isoformat()) if value else Dated(None, f"impossible date: {printed}")


def _is_range(line: str, match: re.Match[str]) -> bool:
    """``3 - 5/9`` is a range; ``2.500 và 3/4`` or ``khóa XII - 27/8`` is not: a day must stand before it."""
    if not 1 <= int(match[1]) <= 31 or not 1 <= int(match[3]) <= 31:
        return False
    before = line[max(0, match.start() - 12) : match.start()].lower()
    return bool(match[2]) or before.endswith(
        ("ngày ", "từ ", "(", "sáng ", "chiều ", "tối ", "hai ngày ", "các ngày ")
    )


def _nearest(month: int, day: int, published: str) -> date | None:
    try:
        anchor = date.fromisoformat(published[:10])
    except ValueError:
        return None
    candidates = [
        found for year in (anchor.year - 1, anchor.year, anchor.year + 1) if (found := _day(year, month, day))
    ]
    return min(candidates, key=lambda candidate: abs((candidate - anchor).days), default=None)
