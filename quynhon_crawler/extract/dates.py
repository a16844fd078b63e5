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
NUMERIC = re.compile(_DAY + r"\s?([/.-])\s?([0-1]?[0-9])\s?\2\s?((?:19|20)[0-9]{2})(?![0-9])")
# What looks like a date and is none when NUMERIC does not match.
IMPOSSIBLE = re.compile(r"(?<![0-9/.-])([0-9]{1,2})([/.-])([0-9]{1,2})\2((?:19|20)[0-9]{2})(?![0-9])")
WORDS = re.compile(
    r"ngày\s([0-3]?[0-9])\s?tháng\s([0-1]?[0-9])\s?(?:,\s)?năm\s((?:19|20)[0-9]{2})", re.IGNORECASE
)
# WordPress: "Tháng Tám 22, 2022" and "22 Tháng Tám, 2022"; .NET: "03 Tháng Chín 2019"; Joomla:
# "18 Tháng 5 2021".
_MONTHS = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
_MONTH = {name: number for number, name in enumerate(_MONTHS, 1)} | {"giêng": 1, "bốn": 4, "chạp": 12}
_MONTH_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_NAMED = re.compile(
    rf"(?<![0-9])(?P<day>[0-3]?[0-9])\s(?:tháng|thg)\s(?P<month>{_MONTH_NAMES}|[01]?[0-9]),?\s(?:năm\s)?(?P<year>(?:19|20)[0-9]{{2}})(?![0-9])|"
    rf"(?:tháng|thg)\s(?P<month2>{_MONTH_NAMES}|[01]?[0-9])\s(?P<day2>[0-3]?[0-9]),\s?(?P<year2>(?:19|20)[0-9]{{2}})(?![0-9])",
    re.IGNORECASE,
)
# "September 29, 2026" and "29 September 2026": sister portals that kept WordPress in English.
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_NAME = rf"(?P<month>{'|'.join(_ENGLISH)})[a-z]{{0,6}}\.?"
_IN_ENGLISH = tuple(
    re.compile(rf"(?<![0-9A-Za-z]){order},?\s(?P<year>(?:19|20)[0-9]{{2}})(?![0-9])", re.IGNORECASE)
    for order in (rf"{_ENGLISH_NAME}\s(?P<day>[0-3]?[0-9])", rf"(?P<day>[0-3]?[0-9])\s{_ENGLISH_NAME}")
)
# 19:09, 7h05, 08g30, "14 giờ 30", 8h; with CH (chiều), SA (sáng).
_CLOCK = re.compile(
    r"(?<![0-9:/.-])([0-2]?[0-9])\s?(?:(?::|[hg]|giờ)\s?([0-5][0-9])(?::([0-5][0-9]))?(?![0-9/])|(?:h|giờ)(?!\w))"
    r"(?:\sphút)?\s?(CH|SA|PM|AM|tối)?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"((?:19|20)[0-9]{2})[-/]([0-9]{1,2})[-/]([0-9]{1,2})"
    r"(?:[T ]?([+-][0-9]{4})?[T ]?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\.[0-9]{1,9})?"
    r"\s?(Z|[+-][0-9]{2}:?[0-9]{2})?)?",
    re.IGNORECASE,
)
_VHV_META = re.compile(
    r"^((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})\+([0-9]{2})([0-9]{2}):([0-9]{2}):([0-9]{2})$"
)


def day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _hour(text: str, half: str | None) -> int:
    """``3`` with ``CH`` (chiều, afternoon) is 15; ``12`` with ``SA`` (sáng, morning) is 0."""
    hour = int(text)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.upper() in ("CH", "PM", "TỐI") else 0)
    return hour


def printed_time(text: str | None) -> Dated:
    """The date that a page prints over an article.

    Reads ``Thứ 4, 30/09/2026 | 19:09``, ``28/08/2019 3:12:00 CH``, ``(28/08/2019 15:12)``,
    ``15:12, 28-8-2019``, ``ngày 05 tháng 9 năm 2019`` and ``Tháng Tám 22, 2022``. Without a clock the time
    is 00:00 and a note says so.
    """
    if not text:
        return Dated(None)
    line = clean(text[:400])
    numeric = NUMERIC.search(line) or WORDS.search(line)
    if numeric is None and (named := _NAMED.search(line)):
        return _on(_named_day(named), named, line)
    if numeric is None and (english := next(filter(None, (p.search(line) for p in _IN_ENGLISH)), None)):
        month = _ENGLISH.index(english["month"].lower()) + 1
        return _on(day_of(int(english["year"]), month, int(english["day"])), english, line)
    if numeric is None:
        iso = _ISO.search(line)
        if iso:
            return meta_time(iso[0])
        wrong = IMPOSSIBLE.search(line)
        return Dated(None, f"impossible date: {wrong[0]}" if wrong else None)
    groups = [group for group in numeric.groups() if group not in ("/", ".", "-")]
    day = day_of(int(groups[2]), int(groups[1]), int(groups[0]))
    return _on(day, numeric, line)


def _named_day(match: re.Match[str]) -> date | None:
    said = (match["month"] or match["month2"]).lower()
    month = int(said) if said.isdigit() else _MONTH[said]
    return day_of(int(match["year"] or match["year2"]), month, int(match["day"] or match["day2"]))


def _on(day: date | None, match: re.Match[str], line: str) -> Dated:
    """The day with the time of day that stands around it."""
    if day is None:
        return Dated(None, f"impossible date: {match[0]}")
    rest = f"{line[: match.start()]} ~ {line[match.end() :]}"
    clock = _CLOCK.search(rest)
    if clock is None:
        return Dated(f"{day}T00:00:00+07:00", "printed date has no time of day")
    hour = _hour(clock[1], clock[4])
    if hour > 23:
        return Dated(f"{day}T00:00:00+07:00", f"impossible time: {clock[0].strip()}")
    return Dated(f"{day}T{hour:02}:{clock[2] or '00'}:{clock[3] or '00'}+07:00")


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
        return printed_time(text) if NUMERIC.search(text) else Dated(None)
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
