"""Which bytes of a file a Range header asks for (RFC 9110, 14.1.2)."""

from __future__ import annotations

import re
from typing import Any

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def asked(request: Any, etag: str, whole: int) -> tuple[int, int] | tuple[()] | None:
    """Begin and end of what a request wants of ``whole`` bytes; None: lies outside; (): all of it."""
    wanted = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if not wanted or request.headers.get("if-range", etag) != etag:
        return ()
    first, last = wanted[1], wanted[2]
    if not first and not last:
        return ()
    if not first:
        length = int(last)
        return (max(0, whole - length), whole) if length and whole else None
    start = int(first)
    end = min(int(last) + 1, whole) if last else whole
    if last and int(last) < start:
        return ()
    return (start, end) if start < whole else None
