"""WARC-Dates of every writer as one spelling: ISO 8601, UTC, ``Z``."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# As WARC 1.0 and 1.1 write them; ours too. Kept to the letter.
_GOOD = re.compile(r"\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-6]\d(?:\.\d{1,9})?Z")
_DIGITS = re.compile(r"\d{14}")
# WARC 1.1 allows less precision: 2016, 2016-11, 2016-11-07, 2016-11-07T10:20Z (5.4).
_SHORT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)Z)?)?)?")


def utc(date: str) -> str | None:
    """A WARC-Date, or 14 digits, as ``2019-08-27T08:01:02Z``; None when it is no date."""
    date = date.strip()
    if _GOOD.fullmatch(date):
        return date
    if _DIGITS.fullmatch(date):
        date = f"{date[:4]}-{date[4:6]}-{date[6:8]}T{date[8:10]}:{date[10:12]}:{date[12:]}"
    elif short := _SHORT.fullmatch(date):
        year, month, day, hour, minute = short.groups()
        date = f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:00"
    try:
        found = datetime.fromisoformat(date)
    except ValueError:
        return None
    return _written(found)


def http_date(value: str) -> str | None:
    """The ``Date`` of an answer in the same spelling; None when it is no date."""
    try:
        return _written(parsedate_to_datetime(value))
    except (ValueError, IndexError, OverflowError):
        return None


def _written(found: datetime) -> str | None:
    try:
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None
    spelling = "%Y-%m-%dT%H:%M:%S.%fZ" if found.microsecond else "%Y-%m-%dT%H:%M:%SZ"
    return found.strftime(spelling) if found.year >= 1000 else None
