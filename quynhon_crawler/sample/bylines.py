"""Who wrote an article, how it is signed, and where the signature stands."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from ..model import Author
from .words import given_name, pen_name

UNITS = {
    "VPTU": "Văn phòng Thành ủy",
    "VPHĐND": "Văn phòng Hội đồng nhân dân",
    "UBND": "Ủy ban nhân dân",
    "MTTQ": "Mặt trận Tổ quốc",
    "BTG": "Ban Tuyên giáo",
}
_PLACES = (
    "Đài Truyền thanh thành phố",
    "UBND phường Nhơn Phú",
    "Trung tâm Văn hóa - Thông tin",
    "Thành đoàn Quy Nhơn",
)
_SOURCES = ("baobinhdinh.vn", "Báo Bình Định", "binhdinh.gov.vn")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature. ``plain`` is what the CMS's author field would hold for it.

    ``in_body``: last line of the body. ``in_meta``: DC.Creator. ``in_list``: the hidden span of listings.
    """

    printed: str = ""
    plain: str = ""
    author: Author | None = None
    source: str | None = None
    in_body: bool = False
    in_meta: bool = False
    in_list: bool = False


# (in_body, in_meta, in_list): often only one of them is filled
_PLACEMENTS = (
    (True, False, False),
    (False, True, False),
    (False, False, True),
    (True, True, True),
    (True, False, True),
    (False, True, True),
)


def signature(rng: Random, index: int) -> Signature:
    """The signature of article ``index``: every style and every placement comes round."""
    style = index % 9
    in_body, in_meta, in_list = _PLACEMENTS[(index // 9) % len(_PLACEMENTS)]
    if style == 8:
        return Signature()
    if style == 5:
        name, other = pen_name(rng), pen_name(rng)
        return _signed(f"Tin: {name}; Ảnh: {other}", name, name)
    if style == 6:
        place = rng.choice(_SOURCES)
        return Signature(printed=f"Theo {place}", source=place, in_body=True)
    if style == 4:
        name = pen_name(rng)
        return _signed(f"Bài, ảnh: {name}", name, name)
    if style in (0, 1):
        code = rng.choice(sorted(UNITS))
        name = given_name(rng)
        printed = f"{name}_{code}" if style == 0 else f"{name} - {code}"
        author = Author(printed, name, code, UNITS[code])
    elif style == 2:
        name = pen_name(rng)
        printed, author = name, Author(name, name)
    elif style == 3:
        name, place = pen_name(rng), rng.choice(_PLACES)
        printed = f"{name} - {place}"
        author = Author(printed, name, None, place)
    else:
        name = ".".join(rng.choice("NTLPHVĐK") for _ in range(rng.choice((2, 3))))
        printed, author = name, Author(name, name)
    return Signature(printed, printed, author, None, in_body, in_meta, in_list)


def _signed(printed: str, name: str, plain: str) -> Signature:
    # a signature with a label ("Bài, ảnh:") is typed by the editor into the body; the field holds the name
    return Signature(printed, plain, Author(printed, name), None, in_body=True, in_meta=False, in_list=True)


SEED_SIGNATURE = Signature(
    "Linh_VPTU", "Linh_VPTU", Author("Linh_VPTU", "Linh", "VPTU", UNITS["VPTU"]), None, True, False, True
)
