"""What can be a person's name, and what is a portal's or an office's."""

from __future__ import annotations

import re

from quynhon_crawler.extract.text import clean, fold

_INITIALS = re.compile(
    r"^(?:[A-ZĐÀ-Ỹ]\.\s?){1,4}[A-ZĐÀ-Ỹ]?[A-Za-zÀ-ỹ]{0,10}\.?$|^[A-ZĐ]{2,4}$|"
    r"^(?:Nhóm )?(?:PV|CTV|[Pp]hóng viên|[Cc]ộng tác viên)$"
)
# What stands before a name and keeps small letters: ranks and callings.
_RANK = re.compile(
    r"^(?:(?:Đại|Thượng|Trung|Thiếu) (?:úy|uý|tá)|(?:Bác|Thạc|Tiến|Nhạc|Họa) (?:sĩ|sỹ)|"
    r"Luật sư|Kỹ sư|Nhà (?:báo|thơ|văn)|Phóng viên|Cộng tác viên)\s(?=\S)"
)
# Lines that are written like names: posts, ends of texts, the places that these portals are of.
_NO_NAME = frozenset(
    (
        *("chu tich", "pho chu tich", "bi thu", "pho bi thu", "giam doc", "pho giam doc", "hieu truong"),
        *("truong phong", "truong ban", "chanh van phong", "noi nhan"),
        *("het", "cam on", "xin cam on", "tran trong", "internet", "suu tam"),
        *("quy nhon", "binh dinh", "gia lai", "pleiku", "viet nam", "ha noi", "da nang", "ho chi minh"),
    )
)
#: Names of portals and accounts that pages give as their author.
_NOT_A_PERSON = re.compile(
    r"cổng (?:thông tin|ttđt)|trang (?:thông tin|tin|tttđt)|portal|admin|quản trị|webmaster|super ?user|"
    r"ban biên tập|\bbbt\b|"
    r"^(?:ủy ban|uỷ ban|ubnd|hđnd|thành phố|phường|xã|huyện|tỉnh|sở|bộ) |\.(?:vn|com|net)\b|@|"
    r"administrator|editor|biên tập viên|truyenthong|^host$|^user\d*$|(?-i:^[Vv]ăn thư$)|^\W*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…:;,]$")


def is_portal(text: str, *portal_names: str | None, host: str = "") -> bool:
    """The name of a portal, an office or an account, and no writer's.

    ``host`` is the portal's: the account ``quynhon`` of quynhon.gov.vn is nobody.
    """
    if _NOT_A_PERSON.search(text):
        return True
    folded = fold(text)
    if folded.replace(" ", "") in host.split("."):
        return True
    return any(name and fold(clean(name)) == folded for name in portal_names)


def capitalised(text: str) -> bool:
    """Up to seven words that all begin with a capital."""
    words = text.split()
    return 0 < len(words) <= 7 and all(word[0].isupper() for word in words)


def is_name(text: str) -> bool:
    """``Phi Hùng``, ``N.V.A``, ``PV``, ``H’Lan Niê``, ``Đại úy Trần Bình``: every word of the name begins
    with a capital; at most five words."""
    if fold(text) in _NO_NAME:
        return False
    if _INITIALS.match(text):
        return True
    text = _RANK.sub("", text)
    words = text.split()
    if not 1 <= len(words) <= 5 or len(text) > 40 or not capitalised(text):
        return False
    if len(words) == 1 and not 2 <= len(text) <= 12:
        return False
    # Three words in capitals are a heading.
    return not (text.isupper() and len(words) > 2) and all(char.isalpha() or char in " .'’-" for char in text)


def is_plausible(text: str) -> bool:
    """Short enough for a name where the page itself says that it is one."""
    return (
        1 <= len(text) <= 60
        and len(text.split()) <= 6
        and not _SENTENCE_END.search(text)
        and fold(text) not in _NO_NAME
    )
