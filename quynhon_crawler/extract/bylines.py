"""Who wrote it: the line that stands under an article, in a list, or in the head of the page."""

from __future__ import annotations

import re
from typing import NamedTuple

from quynhon_crawler.extract import units
from quynhon_crawler.extract.names import capitalised, is_name, is_plausible, is_portal
from quynhon_crawler.extract.text import clean
from quynhon_crawler.model import Author

_LETTER = "A-Za-zÀ-ỹĐđ"
_NAME = rf"(?P<name>[{_LETTER}][{_LETTER}. ]{{0,58}}?)"
# Linh_VPTU, "Linh - VPTU", "Linh (VPTU)", Linh/VPTU: the unit is in capitals.
_NAME_UNIT = re.compile(
    rf"^{_NAME}\s?(?:_|[-–—/]|\()\s?"
    r"(?P<unit>[A-ZĐ][A-ZĐ0-9.&/-]{1,19}(?: [A-ZĐ][A-ZĐ0-9.&/-]{1,19}){0,2})\)?$"
)
# linh_vptu, "Thu Hà_Phường Trần Phú": the underscore is sign enough.
_NAME_UNDERSCORE = re.compile(rf"^{_NAME}\s?_\s?(?P<unit>[{_LETTER}0-9][{_LETTER}0-9.&/ -]{{1,60}})$")
# "Thu Hà - Văn phòng Thành ủy", "Thu Hà (Trung tâm Y tế)": the unit is spelled out.
_OFFICES = (
    "Văn phòng|Ban|Phòng|Trung tâm|Hội|Đoàn|Thành đoàn|Ủy ban|UBND|HĐND|Đài|Báo|Công an|Sở|"
    "Chi cục|Cổng|Trường (?:[a-zà-ỹđ]|TH|Tiểu|Mầm|Đại|Cao|Chính|Mẫu)|"
    "Liên đoàn|Mặt trận|Đảng ủy|Phường|Xã|Trạm|Nhà văn hóa|Bảo tàng|Thư viện"
)
_NAME_OFFICE = re.compile(rf"^{_NAME}\s?(?:[-–—]|\()\s?(?P<unit>(?:{_OFFICES})\b[^()]{{0,80}})\)?$")

_WRITER_LABELS = (
    r"ảnh(?:,| và| -| &) ?(?:tin|bài)|tin,? bài,? (?:và )?ảnh|tin,? ảnh|tin (?:và|-|&) ảnh|"
    r"bài (?:và|,|-|&) ?ảnh|bài,? ảnh|tin,? bài|"
    r"bài viết|"
    r"thực hiện|tác giả|người viết|người đăng|biên tập|tin|bài|by|author"
)
_LABEL = re.compile(
    rf"^(?P<label>{_WRITER_LABELS}|ảnh|theo|nguồn(?: tin| bài)?|source)"
    r"\s{0,3}(?:[:：]|(?<=theo)|(?<=by))\s{0,3}(?P<rest>.{1,160})$",
    re.IGNORECASE,
)
_SPLIT_CREDITS = re.compile(
    r"\s{0,3}[;|]\s{0,3}|\s{0,3}[-–—,/.]\s{1,3}(?=ảnh\s?:)|\s{1,3}(?=ảnh\s?:)", re.IGNORECASE
)
_NAMES = re.compile(r"\s{0,3}(?:,|&|\bvà\b|\s[-–—]\s)\s{0,3}")
_SOURCES = ("theo", "nguồn", "source")
_DOMAIN = re.compile(r"^(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+){1,4}/?$", re.IGNORECASE)
_NEWSPAPER = re.compile(
    r"^(?:Báo|Tạp chí|Đài|TTXVN|Thông tấn xã|Cổng (?:thông tin|TTĐT)|"
    r"Trang (?:tin|thông tin)|VOV|VTV|Chinhphu|VGP)\b",
    re.IGNORECASE,
)


class Byline(NamedTuple):
    """``printed`` is the line as it stands; ``source`` says where a text was taken from."""

    printed: str
    author: Author | None
    source: str | None


def parse(text: str, *, labelled: bool = False) -> Byline | None:
    """A byline read into author and source; None when the text cannot be one.

    Shapes seen: ``Linh_VPTU``, ``Phi Hùng``, ``N.V.A``, ``Thu Hà - VPTU``, ``Thu Hà (VPTU)``,
    ``Bài, ảnh: Phi Hùng``, ``Tin: A; Ảnh: B``, ``Tác giả: A``, ``Nguồn: B``, ``Theo baobinhdinh.vn``.
    ``labelled`` says that the page itself calls this the writer, so that any name will do.
    """
    printed = clean(text[:400])
    if not 1 < len(printed) <= 160:
        return None
    inner = printed.strip('[]“”"* ')
    if inner.startswith("("):
        inner = inner.strip("()")
    if _LABEL.match(inner):
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
        label, rest = match["label"].lower(), match["rest"].strip(" .")
        if label.startswith(_SOURCES):
            source = source or _source(rest, label)
        elif label == "ảnh":
            photographer = photographer or _person(rest, printed, sure=True)
        else:
            author = author or _person(rest, printed, sure=True)
    author = author or photographer
    return Byline(printed, author, source) if author or source else None


def _source(rest: str, label: str) -> str | None:
    """What ``Theo`` and ``Nguồn:`` name: a site, a newspaper, a name; None for a sentence that begins so."""
    if _DOMAIN.match(rest):
        return rest
    if label.startswith("theo") and not (_NEWSPAPER.match(rest) or capitalised(rest)):
        return None
    return rest if len(rest) <= 80 and rest.count(" ") <= 10 else None


def _person(text: str, printed: str, *, sure: bool) -> Author | None:
    text = text.strip(" .;,") if not text.endswith(")") else text
    author = _with_unit(text, printed)
    if author is not None:
        return author
    if len(text) > 2 and text.isupper() and units.unit_name(text):
        return Author(printed, None, text, units.unit_name(text))
    if is_portal(text):
        return None
    names = [name.strip() for name in _NAMES.split(text) if name.strip()]
    if 0 < len(names) <= 5 and all(is_name(name) or (sure and is_plausible(name)) for name in names):
        return Author(printed, ", ".join(names))
    return None


def _with_unit(text: str, printed: str) -> Author | None:
    match = _NAME_UNIT.match(text)
    if match:
        name, unit = match["name"].strip(" .,"), match["unit"]
        office = units.unit_name(unit)
        if office or (" " not in unit and ("_" in text or is_name(name))):
            return Author(printed, name, unit, office)
    match = _NAME_UNDERSCORE.match(text)
    if match:
        name, unit = match["name"].strip(" .,"), match["unit"].strip()
        office = units.unit_name(unit)
        if office or " " not in unit:
            return Author(printed, name, unit.upper(), office)
        return Author(printed, name, None, unit)
    match = _NAME_OFFICE.match(text)
    if match and is_name(name := match["name"].strip(" .,")):
        return Author(printed, name, None, match["unit"].strip())
    return None
