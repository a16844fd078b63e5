"""What can be a person's name, and what is a portal's or an office's."""

from __future__ import annotations

import re

from quynhon_crawler.extract.text import clean, fold

_INITIALS = re.compile(r"^(?:[A-ZĐÀ-Ỹ]\.\s?){1,4}[A-ZĐÀ-Ỹ]?[A-Za-zÀ-ỹ]{0,10}\.?$|^[A-ZĐ]{2,4}$")
#: Names of portals and accounts that pages give as their author.
_NOT_A_PERSON = re.compile(
    r"cổng (?:thông tin|ttđt)|trang (?:thông tin|tin|tttđt)|portal|admin|quản trị|webmaster|super ?user|"
    r"ban biên tập|\bbbt\b|"
    r"^(?:ủy ban|uỷ ban|ubnd|hđnd|thành phố|phường|xã|huyện|tỉnh|sở|bộ) |\.(?:vn|com|net)\b|@|"
    r"administrator|editor|biên tập viên|truyenthong|^\W*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…:;,]$")


def is_portal(text: str, *portal_names: str | None) -> bool:
    """The name of a portal, an office or an account, and no writer's."""
    if _NOT_A_PERSON.search(text):
        return True
    folded = fold(text)
    return any(name and fold(clean(name)) == folded for name in portal_names)


def capitalised(text: str) -> bool:
    """Up to seven words that all begin with a capital."""
    words = text.split()
    return 0 < len(words) <= 7 and all(word[0].isupper() for word in words)


def is_name(text: str) -> bool:
    """``Phi Hùng``, ``N.V.A``, ``PV``: every word begins with a capital; at most five words."""
    if _INITIALS.match(text):
        return True
    words = text.split()
    if not 1 <= len(words) <= 5 or len(text) > 40 or not capitalised(text):
        return False
    if len(words) == 1 and not 2 <= len(text) <= 12:
        return False
    # Three words in capitals are a heading.
    return not (text.isupper() and len(words) > 2) and all(char.isalpha() or char in " .'-" for char in text)


def is_plausible(text: str) -> bool:
    """Short enough for a name where the page itself says that it is one."""
    return 1 <= len(text) <= 60 and len(text.split()) <= 6 and not _SENTENCE_END.search(text)
