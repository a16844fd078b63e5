"""When things happen: publication, the CMS's own time, and the event date as leads tell it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from random import Random

HANOI = timezone(timedelta(hours=7))
FIRST = datetime(2019, 1, 7, 7, 30, tzinfo=HANOI)
LAST = datetime(2025, 6, 27, 16, 45, tzinfo=HANOI)
# the old portal's articles were carried into this CMS on that day
MIGRATION = datetime(2023, 9, 6, 8, 0, tzinfo=HANOI)
_TICKS_OF_1970 = 621_355_968_000_000_000
_PARTS = ("Sáng", "Chiều", "Tối")
_WEEKDAYS = ("Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6", "Thứ 7", "Chủ nhật")


def printed_time(rng: Random, position: float) -> datetime:
    """A publication time, ``position`` (0 newest, 1 oldest) of the way through the portal's life."""
    day = LAST - (LAST - FIRST) * position
    hour = rng.choice((7, 8, 9, 10, 11, 14, 15, 16, 17, 19, 20))
    return day.replace(hour=hour, minute=rng.randint(0, 59), second=0, microsecond=0)


def meta_time(rng: Random, printed: datetime) -> datetime:
    """What the head of the page says: minutes later, or months later for articles that were migrated."""
    if printed < MIGRATION:
        return MIGRATION + timedelta(seconds=rng.randint(0, 40 * 86_400))
    return printed + timedelta(seconds=rng.randint(61, 2_700))


def iso(moment: datetime) -> str:
    """``2026-09-30T19:09:00+07:00``."""
    return moment.isoformat(timespec="seconds")


def weekday(moment: datetime) -> str:
    return _WEEKDAYS[moment.weekday()]


def ticks(moment: datetime) -> int:
    """.NET ticks of a local time: 100 nanoseconds since the year 1, in file names of 2019."""
    naive = moment.replace(tzinfo=UTC)
    return _TICKS_OF_1970 + int(naive.timestamp()) * 10_000_000 + 4_871_909


def event(rng: Random, index: int, printed: datetime) -> tuple[str, str | None]:
    """How a lead begins and the event date it means (ISO); None when the lead names no day.

    A range gives its first day; a day without a year is the last such day before publication.
    """
    day = (printed - timedelta(days=rng.randint(0, 3))).date()
    part = rng.choice(_PARTS)
    forms = (
        f"{part} ngày {day.day}/{day.month}/{day.year}",
        f"{part} ngày {day.day:02d}/{day.month:02d}/{day.year}",
        f"Ngày {day.day:02d} tháng {day.month} năm {day.year}",
        f"{part} {day.day}/{day.month}",
        _span(day),
        f"{part} nay ({day.day}/{day.month})",
        f"{part} ngày {day.day}-{day.month}-{day.year}",
        f"Vào lúc {rng.randint(7, 19)} giờ 30 phút ngày {day.day}/{day.month}/{day.year}",
        "",
    )
    text = forms[index % len(forms)]
    return (text, day.isoformat()) if text else (rng.choice(("Thời gian qua", "Những ngày này")), None)


def _span(day: date) -> str:
    last = day + timedelta(days=2)
    if last.month == day.month:
        return f"Từ ngày {day.day} - {last.day}/{day.month}/{day.year}"
    return f"Từ ngày {day.day}/{day.month} - {last.day}/{last.month}/{last.year}"
