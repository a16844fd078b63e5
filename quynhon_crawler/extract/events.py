"""The day that an article tells of: dates, days without a year, and ranges in its lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from quynhon_crawler.extract.dates import IMPOSSIBLE, NUMERIC, WORDS, Dated, day_of
from quynhon_crawler.extract.text import clean

# The first day of a range or a row: "từ ngày 3 - 5/9/2019", "30/8 đến 2/9/2019", "ngày 25, 26 và 27/8".
_TO = r"\s?(?:,|-|–|—|đến(?:\shết)?(?:\sngày)?|và(?:\sngày)?)\s?(?:ngày\s)?"
_RANGE = re.compile(
    rf"(?<![0-9/.,-])([0-3]?[0-9])(?:\s?/\s?([0-1]?[0-9]))?(?:{_TO}[0-3]?[0-9]){{0,4}}{_TO}"
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
# Then days alone: "chiều 27/8", "sáng thứ ba, 27/8", "ngày 27.8".
_WEEKDAY = r"(?:thứ\s(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\snhật)"
_DAY_MONTH = re.compile(
    rf"(?:ngày|sáng|trưa|chiều|tối|đêm|hôm|qua|nay|mai|{_WEEKDAY}|\()\s?,?\s?\(?([0-3]?[0-9])\s?[/-]\s?([0-1]?[0-9])"
    r"(?:\s?[/-]\s?((?:19|20)[0-9]{2}))?(?![0-9/-])|"
    r"(?:ngày|sáng|trưa|chiều|tối|đêm|hôm nay|hôm qua)\s([0-3]?[0-9])\.([01]?[0-9])()(?![.,]?[0-9])",
    re.IGNORECASE,
)
# With the groups of day, month, later month, year. The rank settles which reading of one date counts; the
# commonest comes first, because what it finds shortens the search for the others.
_PATTERNS = (
    (4, NUMERIC, (1, 3, 3, 4)),
    (1, _RANGE, (1, 2, 4, 5)),
    (2, _RANGE_WORDS, (1, 2, 4, 5)),
    (3, WORDS, (1, 2, 2, 3)),
    (5, _DAY_MONTH_WORDS, (1, 2, 2, 3)),
    (6, _DAY_MONTH, (1, 2, 2, 3)),
)
#: Of the second half of _DAY_MONTH.
_WITH_DOTS = (4, 5, 5, 6)

# What stands before a day that something happened on: "chiều ngày", "diễn ra vào ngày".
_HAPPENED = re.compile(
    r"(?:sáng|trưa|chiều|tối|đêm|hôm\s(?:nay|qua)|diễn\sra|vào|từ)\s(?:ngày\s)?\(?$", re.IGNORECASE
)
# "Kế hoạch số 12/KH-UBND ngày", "Quyết định ngày": the day of a document.
_OF_DOCUMENT = re.compile(
    r"(?:\bsố:?\s?[0-9][^\s,;]*|\b[0-9]+[-/][A-ZĐ][^\s,;]*|"
    r"nghị quyết|quyết định|kế hoạch|công văn|chỉ thị|thông báo|thông tư|nghị định|kết luận|công điện|luật)"
    r"(?:\s(?!sáng|trưa|chiều|tối|đêm|vào)[^\s,;.()]+){0,12}?(?P<apart>,)?"
    r"\s\(?(?:ban hành |ký )?ngày\s$",
    re.IGNORECASE,
)
# Behind "Quyết định 15/QĐ-UBND, ngày 2/9" it is the document's day only when "của UBND" follows.
_BY_WHOM = re.compile(r"\s(?:của|do|về|V/v)\b")
# "kỷ niệm 74 năm Quốc khánh", "chào mừng ngày": a day that comes every year.
_EVERY_YEAR = re.compile(
    r"(?:quốc khánh|kỷ niệm|kỉ niệm|thương binh|liệt sĩ|liệt sỹ|truyền thống|giải phóng|thành lập|chào mừng|"
    r"nhân dịp|hướng tới|hướng đến|ngày sinh)[^,;.]{0,80}[\s(]$",
    re.IGNORECASE,
)
# "(2/9/1945 - 2/9/2019)": the same day of two years.
_ANNIVERSARY = re.compile(
    r"0?([1-9][0-9]?)[/.-]0?([1-9][0-9]?)[/.-](?:1[0-9]|20)[0-9]{2}\s?[-–—]\s?0?\1[/.-]0?\2[/.-](?:19|20)[0-9]{2}"
)


def event_day(text: str | None, published: str | None) -> Dated:
    """The day that a lead tells of, ``2019-08-27``; of a range the first day.

    ``chiều 27/8`` has no year: it takes the one that puts the day nearest to ``published`` (ISO 8601), and
    stays None without it. The first date of the text counts, but for those of documents and anniversaries.
    """
    if not text:
        return Dated(None)
    line = clean(text[:3000])
    found = min(_told(line), default=None)
    if found is None:
        wrong = IMPOSSIBLE.search(line)
        return Dated(None, f"impossible date: {wrong[0]}" if wrong and not _known(line) else None)
    _, _, printed, (day_text, month_text, year_text) = found
    day, month = int(day_text or 0), int(month_text)
    if year_text:
        value = day_of(int(year_text), month, day)
    elif published:
        value = _nearest(month, day, published)
    else:
        return Dated(None)
    return Dated(value.isoformat()) if value else Dated(None, f"impossible date: {printed}")


_DIGIT = re.compile("[0-9]")
#: No date or range of dates is longer.
_LONGEST = 80
_Found = tuple[int, int, str, tuple[str, str, str]]


def _told(line: str) -> Iterator[_Found]:
    """Dates of events in a line: where they begin, the pattern's rank, as printed, day, month, year or ''."""
    anniversaries = [match.span() for match in _ANNIVERSARY.finditer(line)]
    digit = _DIGIT.search(line)
    if digit is None:
        return
    # The first date counts: what is found ends the search for others, and none begins long before a digit.
    begin, end = max(0, digit.start() - _LONGEST), len(line)
    for rank, pattern, picks in _PATTERNS:
        for match in pattern.finditer(line, begin, end):
            groups = _WITH_DOTS if match.start(picks[0]) < 0 else picks
            start = match.start(groups[0])
            if pattern is _RANGE and not _is_range(line, match):
                continue
            if any(begin <= start < end for begin, end in anniversaries):
                continue
            if _is_no_event(line[max(0, start - 160) : start], line[match.end() :]):
                continue
            day, month, later_month, year = (match[pick] or "" for pick in groups)
            yield start, rank, match[0], (day, month or later_month, year)
            end = min(end, start + _LONGEST)
            break


def _is_no_event(before: str, after: str) -> bool:
    """A document's day, or one that comes every year."""
    if _HAPPENED.search(before):
        return False
    document = _OF_DOCUMENT.search(before)
    if document and (not document["apart"] or _BY_WHOM.match(after)):
        return True
    return bool(_EVERY_YEAR.search(before))


def _known(line: str) -> bool:
    """The line has dates, though none of an event."""
    return any(pattern.search(line) for pattern in (NUMERIC, WORDS))


def _is_range(line: str, match: re.Match[str]) -> bool:
    """``3 - 5/9`` is a range; ``2.500 và 3/4`` or ``khóa XII - 27/8`` is not: a day must stand before it."""
    if not 1 <= int(match[1]) <= 31 or not 1 <= int(match[3]) <= 31:
        return False
    before = line[max(0, match.start() - 12) : match.start()].lower()
    return bool(match[2]) or before.endswith(
        ("ngày ", "ngày (", "từ ", "(", "sáng ", "chiều ", "tối ", "hai ngày ", "các ngày ")
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
