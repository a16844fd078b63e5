"""Who wrote it: the line that stands under an article, in a list, or in the head of the page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from quynhon_crawler.extract import units
from quynhon_crawler.extract.names import capitalised, is_name, is_plausible, is_portal
from quynhon_crawler.extract.text import clean
from quynhon_crawler.model import Author

_LETTER = "A-Za-zÀ-ỹĐđ"
_WHO = rf"(?P<who>[{_LETTER}][{_LETTER}. ,&+'’–-]{{0,98}}?)"
# Linh_VPTU, "Linh - VPTU", "Linh (VPTU)", Linh/VPTU, "Linh, Minh_VPTU": the unit is in capitals.
_NAME_UNIT = re.compile(
    rf"^{_WHO}\s?(?P<mark>_|[-–—/,]|\()\s?"
    r"(?P<unit>[A-ZĐ][A-ZĐ0-9.&/-]{1,19}(?: [A-ZĐ][A-ZĐ0-9.&/-]{1,19}){0,2}"
    rf"(?: (?:{'|'.join(units.KINDS_OF_PLACES)})(?: [^_()]{{1,40}})?)?)\)?$"
)
# linh_vptu, "Thu Hà_Phường Trần Phú": the underscore is sign enough.
_NAME_UNDERSCORE = re.compile(rf"^{_WHO}\s?_\s?(?P<unit>[{_LETTER}0-9][{_LETTER}0-9.&/ -]{{1,60}})$")
# "Thu Hà - Văn phòng Thành ủy", "Thu Hà (Trung tâm Y tế)": the unit is spelled out.
_OFFICES = (
    "Văn phòng|Ban|Phòng|Trung tâm|Hội|Đoàn|Thành đoàn|Ủy ban|UBND|HĐND|Đài|Báo|Công an|Sở|"
    "Chi cục|Cổng|Trường (?:[a-zà-ỹđ]|TH|Tiểu|Mầm|Đại|Cao|Chính|Mẫu)|"
    "Liên đoàn|Mặt trận|Đảng ủy|Phường|Xã|Trạm|Nhà văn hóa|Bảo tàng|Thư viện"
)
_NAME_OFFICE = re.compile(rf"^{_WHO}\s?(?:[-–—]|\()\s?(?P<unit>(?:{_OFFICES})\b[^()]{{0,80}})\)?$")
_OFFICE = re.compile(rf"^(?:{_OFFICES})\b[^()_:;.]{{0,80}}$")

_TEXT_AND_PHOTO = r"(?:tin|bài)(?:,? bài)?,? ?(?:và|&|\+|-)? ?ảnh"
_WRITER_LABELS = (
    rf"ảnh(?:,| và| -| &| \+) ?(?:tin|bài)|tin,? bài,? (?:và )?ảnh|{_TEXT_AND_PHOTO}|tin,? bài|"
    r"bài viết|viết bài|đưa tin|"
    r"thực hiện|tác giả(?: bài viết)?|người viết|người đăng|biên tập|biên soạn|tổng hợp|sưu tầm|t/h|"
    r"tin|bài|by|author"
)
_LABEL = re.compile(
    rf"^(?P<label>{_WRITER_LABELS}|ảnh|theo|nguồn(?: tin| bài)?|source)"
    r"\s{0,3}(?:[:：]|(?<=theo)|(?<=by))\s{0,3}(?P<rest>.{1,160})$",
    re.IGNORECASE,
)
# "Tin, ảnh Thu Hà", "Bài Thu Hà - Ảnh Minh Khôi", "Nguồn baobinhdinh.vn": labels without their colon.
_NO_COLON = (
    (re.compile(r"^(Bài|Tin)\s+([A-ZĐÀ-Ỹ].{1,50}?)\s?[-–—,;]\s?[ẢA]nh\s+(?=[A-ZĐÀ-Ỹ])"), r"\1: \2; Ảnh: "),
    (re.compile(rf"^({_TEXT_AND_PHOTO})\s+(?=[A-ZĐÀ-Ỹ])", re.IGNORECASE), r"\1: "),
    (re.compile(r"^(Nguồn)\s+(?=(?:https?://)?[a-z0-9-]+\.[a-z0-9.-]+/?$)", re.IGNORECASE), r"\1: "),
)
_BARE_LABEL = re.compile(r"^(?:tin|bài)\b(?:\W|và|bài)*$", re.IGNORECASE)
_NEXT_LABEL = r"(?=(?:ảnh|nguồn(?: tin| bài)?|clip|video)\s?:)"
_SPLIT_CREDITS = re.compile(
    rf"\s{{0,3}}[;|]\s{{0,3}}|\s{{0,3}}[-–—,/.]\s{{1,3}}{_NEXT_LABEL}|\s{{1,3}}{_NEXT_LABEL}", re.IGNORECASE
)
_APART = re.compile(r"\s?[,;]\s?|\svà\s")
_UNIT_MARK = re.compile(r"[_/(]|\s[-–—]")
_NAMES = re.compile(r"\s{0,3}(?:[,;&+]|\bvà\b|\s[-–—]\s)\s{0,3}")
_SOURCES = ("theo", "nguồn", "source")
# "Thu Hà (theo TTXVN)", "Thu Hà (tổng hợp)", "Thu Hà tổng hợp".
_BORROWED = re.compile(
    r"^(?P<who>.{2,60}?)\s?[-–—,]?\s?\((?:theo|nguồn|source)\s?:?\s(?P<source>[^()]{2,80})\)$", re.IGNORECASE
)
_GATHERED = re.compile(
    r"^(?P<who>.{2,60}?)\s?(?:[-–—,]?\s?\((?:[Tt]ổng hợp|[Ss]ưu tầm|[Tt]/[Hh]|[Ss]/?[Tt])\)|"
    r"\s(?:tổng hợp|sưu tầm))$"
)
_DOMAIN = re.compile(
    r"^(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+){1,4}(?:/[\w./%-]*)?$", re.IGNORECASE
)
_NEWSPAPER = re.compile(
    r"^(?:Báo|Tạp chí|Đài|TTXVN|Thông tấn xã|Cổng (?:thông tin|TTĐT)|"
    r"Trang (?:tin|thông tin)|VOV|VTV|Chinhphu|VGP)\b",
    re.IGNORECASE,
)
# "Ảnh: Internet" names nobody.
_NO_PHOTOGRAPHER = re.compile(
    r"^(?:internet|tư liệu|minh họa|sưu tầm|st|nguồn|đvcc|nvcc|cung cấp)\b", re.IGNORECASE
)


#: Of a byline without a label: more words are a sentence. Sentences are most of what is asked about.
_MOST_SPACES = 16


class Byline(NamedTuple):
    """``printed`` is the line as it stands; ``source`` says where a text was taken from."""

    printed: str
    author: Author | None
    source: str | None


def parse(text: str, *, labelled: bool = False, office: bool = False) -> Byline | None:
    """A byline read into author and source; None when the text cannot be one.

    Shapes seen: ``Linh_VPTU``, ``Phi Hùng``, ``N.V.A``, ``Thu Hà - VPTU``, ``Thu Hà (VPTU)``,
    ``Bài, ảnh: Phi Hùng``, ``Tin: A; Ảnh: B``, ``Tác giả: A``, ``Nguồn: B``, ``Theo baobinhdinh.vn``.
    ``labelled`` says that the page itself calls this the writer, so that any name will do; ``office`` that
    the line stands where bylines do, so that an office alone may be one.
    """
    # The end mark closes the text, wherever it was typed.
    printed = clean(text[:400]).removesuffix("./.").rstrip()
    if not 1 < len(printed) <= 160:
        return None
    if printed.count(" ") > _MOST_SPACES and ":" not in printed:
        return None
    return _read(printed, labelled, office)


@lru_cache(maxsize=4_096)
def _read(printed: str, labelled: bool, office: bool) -> Byline | None:
    """Remembered, because a portal has few writers."""
    inner = printed.strip('[]“”"* ')
    if inner.startswith("("):
        inner = inner.strip("()")
    for pattern, colon in _NO_COLON:
        inner = pattern.sub(colon, inner)
    if _LABEL.match(inner):
        return _labelled(printed, inner)
    if _LABEL.match(_SPLIT_CREDITS.split(inner)[-1]):
        return _labelled(printed, inner) if _unlabelled_first(inner) else None
    source = None
    if match := _BORROWED.match(inner):
        inner, source = match["who"], _source(match["source"], "nguồn")
    elif match := _GATHERED.match(inner):
        inner = match["who"]
    press = (inner.isupper() and units.is_press(inner)) or (is_name(inner) and inner.startswith("Báo "))
    if press or ((labelled or office) and _NEWSPAPER.match(inner)):
        return None if is_portal(inner) else Byline(printed, None, inner)
    author = _person(inner, printed, sure=labelled, office=labelled or office)
    return Byline(printed, author, source) if author else None


def _unlabelled_first(inner: str) -> bool:
    """``Thu Hà - Ảnh: Bảo Lâm``: a person's name stands before the first label; so does half of one."""
    first = _SPLIT_CREDITS.split(inner)[0]
    return bool(_BARE_LABEL.match(first)) or _person(first, first, sure=False, office=False) is not None


def _labelled(printed: str, inner: str) -> Byline | None:
    author: Author | None = None
    source: str | None = None
    photographer: Author | None = None
    nobody = False
    for number, credit in enumerate(_SPLIT_CREDITS.split(inner)):
        match = _LABEL.match(credit.strip())
        if match is None:
            if number == 0 and not _BARE_LABEL.match(credit):
                author = _person(credit, printed, sure=False, office=False)
            continue
        label, rest = match["label"].lower(), match["rest"].strip(" .")
        if label.startswith(_SOURCES):
            source = source or _source(rest, label)
        elif label == "ảnh":
            nobody = bool(_NO_PHOTOGRAPHER.match(rest))
            if not nobody:
                photographer = photographer or _person(rest, printed, sure=True, office=True)
        else:
            if borrowed := _BORROWED.match(rest):
                rest, source = borrowed["who"], source or _source(borrowed["source"], "nguồn")
            author = author or _person(rest, printed, sure=True, office=True)
    author = author or photographer
    return Byline(printed, author, source) if author or source or nobody else None


def _source(rest: str, label: str) -> str | None:
    """What ``Theo`` and ``Nguồn:`` name: a site, a newspaper, a name; None for a sentence that begins so."""
    if _DOMAIN.match(rest):
        return rest
    # A writer may stand before the paper: Theo Lan Anh (Báo Gia Lai).
    paper = re.split(r"\s[-–—]\s|\s\(", rest, maxsplit=1)[-1]
    if label.startswith("theo") and not (_NEWSPAPER.match(paper) or capitalised(rest)):
        return None
    return rest if len(rest) <= 80 and rest.count(" ") <= 10 else None


def _person(text: str, printed: str, *, sure: bool, office: bool) -> Author | None:
    """``sure``: any plausible name will do. ``office``: an office without a person will do too."""
    text = text.strip(" .;,") if not text.endswith(")") else text
    known = units.office(text)
    if known is not None:
        return Author(printed, None, *known) if office or (len(text) > 2 and text.isupper()) else None
    author = _with_unit(text, printed) or _each_with_unit(text, printed)
    if author is not None:
        return author
    if _is_office(text):
        return Author(printed, None, None, text) if office else None
    if is_portal(text):
        return None
    names = _names(text, sure=sure)
    return Author(printed, names) if names else None


def _is_office(text: str) -> bool:
    """``Văn phòng Thành ủy``, ``Hội CCB``; ``Đoàn Thị Hồng`` is a person and ``Cổng thông tin`` a portal."""
    if not _OFFICE.match(text) or text.startswith("Cổng"):
        return False
    last = text.split()[-1]
    return not is_name(text) or (last.isupper() and units.unit_name(last) is not None)


def _names(text: str, *, sure: bool = False) -> str | None:
    """One name or several, apart by commas; None when something in between is no name."""
    names = [name.strip() for name in _NAMES.split(text) if name.strip()]
    if 0 < len(names) <= 5 and all(is_name(name) or (sure and is_plausible(name)) for name in names):
        return ", ".join(names)
    return None


def _with_unit(text: str, printed: str) -> Author | None:
    match = _NAME_UNIT.match(text)
    if match:
        who, unit = match["who"].strip(" .,"), match["unit"]
        known = units.office(unit)
        names = _names(who)
        if known and (names or match["mark"] == "_"):
            return Author(printed, names or who, *known)
        if names and " " not in unit and match["mark"] != "," and not _NAME_OFFICE.match(text):
            return Author(printed, names, unit, None)
    match = _NAME_UNDERSCORE.match(text)
    if match:
        who, unit = match["who"].strip(" .,"), match["unit"].strip()
        code, _, place = unit.partition(" ")
        known = units.office(f"{code.upper()} {place}".strip())
        if known:
            return Author(printed, who, *known)
        return Author(printed, who, unit.upper(), None) if not place else Author(printed, who, None, unit)
    match = _NAME_OFFICE.match(text)
    if match and (names := _names(match["who"].strip(" .,"))):
        return Author(printed, names, None, match["unit"].strip())
    return None


def _each_with_unit(text: str, printed: str) -> Author | None:
    """``Linh_VPTU, Hà_BTG``: the names and the units, each apart by commas."""
    pieces = _APART.split(text) if _UNIT_MARK.search(text) else []
    found = [_with_unit(piece, printed) for piece in pieces] if 1 < len(pieces) <= 5 else []
    authors = [author for author in found if author is not None]
    if not found or len(authors) < len(found):
        return None
    codes = dict.fromkeys(author.unit_code for author in authors if author.unit_code)
    offices = dict.fromkeys(author.unit_name for author in authors if author.unit_name)
    names = ", ".join(author.name for author in authors if author.name)
    return Author(printed, names, ", ".join(codes) or None, ", ".join(offices) or None)
