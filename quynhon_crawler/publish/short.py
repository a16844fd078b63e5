"""Short addresses: a row id as 11 letters and digits that survive being read out over the telephone.

Base 32 in Crockford's alphabet (no i, l, o, u), lower case, padded: 11 digits hold the 53 bits of
``model.stable_id``. The same article keeps its address for ever, since its id is made from its URL.
"""

from __future__ import annotations

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)} | {"i": 1, "l": 1, "o": 0}
LENGTH = 11


def shorten(row_id: int) -> str:
    """11 characters for an id of 53 bits."""
    digits = ""
    for _ in range(LENGTH):
        row_id, digit = divmod(row_id, 32)
        digits = _ALPHABET[digit] + digits
    return digits


def lengthen(address: str) -> int | None:
    """The id of a short address, any case, i/l read as 1 and o as 0; None when it is not one."""
    if len(address) != LENGTH:
        return None
    value = 0
    for letter in address.lower():
        if letter not in _VALUES:
            return None
        value = value * 32 + _VALUES[letter]
    return value if value < 1 << 53 else None
