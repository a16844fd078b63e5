"""Names in the order of Vietnamese dictionaries, for every list that readers look a name up in. Pure.

Letters first (``a ă â b c d đ e ê`` …), then tones (``ma mà mả mã má mạ``), case aside: the order that CLDR
has for ``vi``. SQLite and Python sort by code point, which puts Đ and Ủ behind Z.
"""

from __future__ import annotations

import unicodedata

_TONES = "\u0300\u0309\u0303\u0301\u0323"
_LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
# Spaces and signs, then digits, then letters, then those of other alphabets.
_DIGIT, _LETTER, _OTHER = 1, 100, 1000

Key = tuple[tuple[int, ...], tuple[int, ...]]


def order(name: str | None) -> Key:
    """What ``sorted`` compares names by."""
    plain: list[str] = []
    tones: list[int] = []
    for sign in unicodedata.normalize("NFD", (name or "").lower()):
        if sign in _TONES:
            if tones:
                tones[-1] = _TONES.index(sign) + 1
        elif unicodedata.combining(sign) and plain:
            plain[-1] += sign
        else:
            plain.append(sign)
            tones.append(0)
    return tuple(_place(unicodedata.normalize("NFC", sign)) for sign in plain), tuple(tones)


def _place(sign: str) -> int:
    if sign in _LETTERS:
        return _LETTER + _LETTERS[sign]
    if sign.isdecimal():
        return _DIGIT + int(sign)
    # A mark that Vietnamese has not (ü, ç) leaves the letter where it is.
    base = unicodedata.normalize("NFD", sign)[0]
    if base in _LETTERS:
        return _LETTER + _LETTERS[base]
    return _OTHER + ord(base) if base.isalnum() else 0
