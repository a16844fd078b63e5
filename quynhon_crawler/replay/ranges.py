"""What a Range header asks for (RFC 9110, 14.2)."""

from __future__ import annotations

import re

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(Exception):
    """The range lies outside: answer 416."""


def span(header: str, size: int) -> tuple[int, int] | None:
    """Begin and end of the one range that is asked for; None: send all.

    Several ranges, or what is not understood, may be answered with the whole (RFC 9110, 14.2).
    """
    match = _ONE.fullmatch(header.replace(" ", ""))
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        length = int(match[2])
        if not length or not size:
            raise Unsatisfiable
        return max(0, size - length), size
    start = int(match[1])
    if match[2] and int(match[2]) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return start, min(int(match[2]) + 1, size) if match[2] else size
