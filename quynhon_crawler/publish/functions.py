"""SQLite's text functions, bounded: between two rows a query can be interrupted, inside a function it cannot.

``instr``, ``replace`` and ``trim`` take the product of the lengths of their arguments, ``printf`` as long as
a number in it says: 1.5 s for 200 kB in 100 kB (measured), hours for cells of 5 MB. Python searches in time
that grows with the sum. What they give is the same; what would be too much is an error.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable

Value = str | bytes | int | float | None

# The longest result, and the widest field of printf.
MOST = 5_000_000
_WIDEST = 10_000
# Letters to trim; SQLite compares each with each.
_MOST_LETTERS = 200
_NUMBER = re.compile(r"%[^a-zA-Z%]*?(\d{5,})")


# Longer than a connection may hold (``limits``), so that SQLite says "string or blob too big" by itself; an
# exception of ours would be printed with its whole traceback each time.
_TOO_MUCH = " " * (MOST + 1)


def bound(connection: sqlite3.Connection) -> None:
    """Put these in the place of SQLite's own on a connection."""
    for name, count, function in _FUNCTIONS:
        connection.create_function(name, count, function, deterministic=True)


def _text(value: Value) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _instr(text: Value, part: Value) -> int | None:
    if text is None or part is None:
        return None
    if isinstance(text, bytes) and isinstance(part, bytes):
        return text.find(part) + 1
    return _text(text).find(_text(part)) + 1


def _replace(text: Value, old: Value, new: Value) -> str | None:
    if text is None or old is None or new is None:
        return None
    whole, was, becomes = _text(text), _text(old), _text(new)
    if not was:
        return whole
    if len(whole) + whole.count(was) * (len(becomes) - len(was)) > MOST:
        return _TOO_MUCH
    return whole.replace(was, becomes)


def _trimmer(strip: Callable[[str, str], str]) -> Callable[..., str | None]:
    def trim(text: Value, letters: Value = " ") -> str | None:
        if text is None or letters is None:
            return None
        unlike = "".join(dict.fromkeys(_text(letters)))
        if len(unlike) > _MOST_LETTERS:
            return _TOO_MUCH
        return strip(_text(text), unlike)

    return trim


_own = sqlite3.connect(":memory:", check_same_thread=False)
_own_lock = threading.Lock()


def _printf(*values: Value) -> str | None:
    if not values or values[0] is None:
        return None
    form = _text(values[0])
    # A width is written in the format, or "*" takes any of the arguments.
    wide = "*" in form and any(isinstance(value, int | float) and abs(value) > _WIDEST for value in values)
    if wide or _NUMBER.search(form) or len(form) > _WIDEST or sum(len(_text(v)) for v in values) > MOST:
        return _TOO_MUCH
    with _own_lock:
        made: str | None = _own.execute(f"select printf({','.join('?' * len(values))})", values).fetchone()[0]
    return made


_FUNCTIONS: tuple[tuple[str, int, Callable[..., Value]], ...] = (
    ("instr", 2, _instr),
    ("replace", 3, _replace),
    *((name, count, _trimmer(strip)) for name, strip in
      (("trim", str.strip), ("ltrim", str.lstrip), ("rtrim", str.rstrip)) for count in (1, 2)),
    ("printf", -1, _printf),
    ("format", -1, _printf),
)  # fmt: skip
