"""The day that an article tells of: dates, days without a year, and ranges in its lead."""

from __future__ import annotations

import re
from datetime import date

from quynhon_crawler.extract.dates import IMPOSSIBLE, NUMERIC, WORDS, Dated, day_of
from quynhon_crawler.extract.text import clean

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
            (WORDS, (1, 2, 2, 3)),
            (NUMERIC, (1, 3, 3, 4)),
            (_DAY_MONTH, (1, 2, 2, 3)),
            (_DAY_MONTH_WORDS, (1, 2, 2, 3)),
        )
    ):
        match = next((m for m in pattern.finditer(line) if pattern is not _RANGE or _is_range(line, m)), None)
        if match:
            day, month, later_month, year = (match[pick] for pick in picks)
            found.append((match.start(1), order, match[0], (day, month or later_month, year)))
    if not found:
        wrong = IMPOSSIBLE.search(line)
        return Dated(None, f"impossible date: {wrong[0]}" if wrong else None)
    _, _, printed, (day_text, month_text, year_text) = min(found)
    day, month = int(day_text or 0), int(month_text)
    if year_text:
        value = day_of(int(year_text), month, day)
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
        found
        for year in (anchor.year - 1, anchor.year, anchor.year + 1)
        if (found := day_of(year, month, day))
    ]
    return min(candidates, key=lambda candidate: abs((candidate - anchor).days), default=None)
