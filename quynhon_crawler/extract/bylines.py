"""Who wrote it: the line that stands under an article, in a list, or in the head of the page."""

from __future__ import annotations

import re
from typing import NamedTuple

from quynhon_crawler.extract import units
from quynhon_crawler.extract.text import clean, fold
from quynhon_crawler.model import Author

_LETTER = "A-Za-zÀ-ỹĐđ"
# Linh_VPTU, Linh-VPTU, "Linh - VPTU", "Linh (VPTU)": the unit is in capitals.
_NAME_UNIT = re.compile(
    rf"^(?P<name>[{_LETTER}][{_LETTER}. ]{{0,58}}?)\s?(?:_|[-–—]|\()\s?(?P<unit>[A-ZĐ][A-ZĐ0-9.&/-]{{1,19}})\)?$"
)
# "Thu Hà - Văn phòng Thành ủy", "Thu Hà (Trung tâm Y tế)": the unit is spelled out.
_NAME_OFFICE = re.compile(
    rf"^(?P<name>[{_LETTER}][{_LETTER}. ]{{0,58}}?)\s?(?:[-–—]|\()\s?"
    rf"(?P<unit>(?:Văn phòng|Ban|Phòng|Trung tâm|Hội|Đoàn|Thành đoàn|Ủy ban|UBND|HĐND|Đài|Báo|Công an|Sở|Chi cục|Cổng|Trường|Liên đoàn|Mặt trận|Đảng ủy)\b[^()]{{0,80}})\)?$"
)
_LABEL = re.compile(
    r"^(?:\(?)(?P<label>(?:tin,? bài,? (?:và )?ảnh|tin,? ảnh|tin (?:và|-|&) ảnh|bài (?:và|,|-|&) ?ảnh|bài,? ảnh|tin,? bài|bài viết|thực hiện|tác giả|người viết|người đăng|biên tập|"
    r"tin|bài|ảnh|theo|nguồn(?: tin)?|nguồn bài|source|by|author))\s*(?P<mark>[:：]|(?<=theo)|(?<=by))\s*(?P<rest>.{1,160})$",
    re.IGNORECASE,
)
_SPLIT_CREDITS = re.compile(
    r"\s*[;|/]\s*|\s*[-–—,]\s+(?=ảnh\s*:)|\.\s+(?=ảnh\s*:)|\s+(?=ảnh\s*:)", re.IGNORECASE
)
_NAMES = re.compile(r"\s*(?:,|&|\bvà\b| [-–—] )\s*")
_INITIALS = re.compile(r"^(?:[A-ZĐÀ-Ỹ]\.\s?){1,4}[A-ZĐÀ-Ỹ]?[A-Za-zÀ-ỹ]{0,10}\.?$|^[A-ZĐ]{2,4}$")
_PHOTO = re.compile(r"^(?:ảnh|photo)", re.IGNORECASE)
_SOURCES = ("theo", "nguồn", "source")
_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+){1,4})/?$", re.IGNORECASE)
_NEWSPAPER = re.compile(
    r"^(?:Báo|Tạp chí|Đài|TTXVN|Thông tấn xã|Cổng (?:thông tin|TTĐT)|Trang (?:tin|thông tin)|VOV|VTV|Chinhphu|VGP)\b",
    re.IGNORECASE,
)
#: Names of portals and offices that the head of a page gives as its author.
_NOT_A_PERSON = re.compile(
    r"cổng (?:thông tin|ttđt)|trang (?:thông tin|tin|tttđt)|portal|admin|quản trị|webmaster|super ?user|ban biên tập|\bbbt\b|"
    r"^(?:ủy ban|uỷ ban|ubnd|thành phố|phường|xã|huyện|sở|bộ) |\.(?:vn|com|net)\b|@|administrator|editor|biên tập viên|truyenthong|^\W*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…:;,]$|\./\.$")


class Byline(NamedTuple):
    """``printed`` is the line as it stands; ``source`` is where a text was taken from (``Theo baobinhdinh.vn``)."""

    printed: str
    author: Author | None
    source: str | None


def parse(text: str, *, labelled: bool = False) -> Byline | None:
    """A byline read into author and source; None when the text cannot be one.

    Shapes seen: ``Linh_VPTU``, ``Phi Hùng``, ``N.V.A``, ``Thu Hà - VPTU``, ``Thu Hà (VPTU)``,
    ``Bài, ảnh: Phi Hùng``, ``Tin: A; Ảnh: B``, ``Tác giả: A``, ``Nguồn: B``, ``Theo baobinhdinh.vn``.
    ``labelled`` says that the page itself calls this the writer, so that any name will do.
    """
    printed = clean(text)
    if not 1 < len(printed) <= 160:
        return None
    inner = printed.strip('()[] \u201c\u201d"*')
    label = _LABEL.match(inner)
    if label:
        return _labelled(printed, inner)
    author = _person(inner, printed, sure=labelled)
    return Byline(printed, author, None) if author else None


def _labelled(printed: str, inner: str) -> Byline | None:
    author: Author | None = None
    source: str | None = None
    photographer: Author | None = None
    for credit in _SPLIT_CREDITS.split(inner):
        match = _LABEL.match(credit.strip())
        if match is None:
            continue
        label, rest = match["label"].lower(), match["rest"].strip(" .)")
        if label.startswith(_SOURCES):
            found = _source(rest, label)
            source = source or found
            if found is None and not label.startswith("theo"):
                source = source or rest
        elif _PHOTO.match(label):
            photographer = photographer or _person(rest, printed, sure=True)
        else:
            author = author or _person(rest, printed, sure=True)
    author = author or photographer
    if author is None and source is None:
        return None
    return Byline(printed, author, source)


def _source(rest: str, label: str) -> str | None:
    """What ``Theo`` and ``Nguồn:`` name: a site, a newspaper or a name; None for a sentence that begins so."""
    domain = _DOMAIN.match(rest)
    if domain:
        return rest
    if label.startswith("theo") and not (_NEWSPAPER.match(rest) or _capitalised(rest)):
        return None
    return rest if len(rest) <= 80 and rest.count(" ") <= 10 else None


def _person(text: str, printed: str, *, sure: bool) -> Author | None:
    text = text.strip(" .;,")
    for pattern in (_NAME_UNIT, _NAME_OFFICE):
        match = pattern.match(text)
        if match is None:
            continue
        name, unit = match["name"].strip(" .,"), match["unit"].strip()
        code_name = units.unit_name(unit)
        if pattern is _NAME_OFFICE and not code_name:
            if _is_name(name):
                return Author(printed, name, None, unit)
        elif code_name or "_" in text or _is_name(name):
            return Author(printed, name, unit, code_name)
    if units.unit_name(text) and text.upper() == text and len(text) > 2:
        return Author(printed, None, text, units.unit_name(text))
    if is_portal(text):
        return None
    names = [name.strip() for name in _NAMES.split(text) if name.strip()]
    if names and len(names) <= 5 and all(_is_name(name) or (sure and _plausible(name)) for name in names):
        return Author(printed, ", ".join(names))
    return None


def is_portal(text: str, *portal_names: str | None) -> bool:
    """The name of a portal, an office or an account, and no writer's."""
    if _NOT_A_PERSON.search(text):
        return True
    folded = fold(text)
    return any(name and fold(clean(name)) == folded for name in portal_names)


def _capitalised(text: str) -> bool:
    words = text.split()
    return bool(words) and len(words) <= 7 and all(word[0].isupper() for word in words)


def _is_name(text: str) -> bool:
    """``Phi Hùng``, ``N.V.A``, ``PV``: every word begins with a capital; at most five words."""
    if _INITIALS.match(text):
        return True
    words = text.split()
    if not 1 <= len(words) <= 5 or len(text) > 40:
        return False
    if len(words) == 1 and not 2 <= len(text) <= 12:
        return False
    if not _capitalised(text) or any(char.isdigit() for char in text):
        return False
    # A heading in capitals is no name, unless it is short.
    return not (text.isupper() and len(words) > 4) and all(char.isalpha() or char in " .'-" for char in text)


def _plausible(text: str) -> bool:
    return 2 <= len(text) <= 60 and len(text.split()) <= 6 and not _SENTENCE_END.search(text)
