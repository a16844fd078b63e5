"""The tree of sections, as a Quy Nhơn city portal would have it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ..model import ArticleKind

SITE = "105285"
PORTAL_NAME = "Cổng thông tin điện tử thành phố Quy Nhơn"


def hex_id(text: str, length: int = 24) -> str:
    """An id as the CMS makes them: lower-case hex digits, here from a text so that they never change."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


@dataclass(frozen=True, slots=True)
class Branch:
    """One section. ``topics`` are keys of phrases.toml; ``share`` is its part of the articles."""

    path: str
    title: str
    topics: tuple[str, ...]
    share: int
    module: int
    kind: ArticleKind = "article"
    parent: Branch | None = None

    @property
    def category(self) -> str:
        """The CMS's categoryId."""
        return hex_id(f"category {self.path}")

    @property
    def trail(self) -> tuple[Branch, ...]:
        """From the top section down to this one."""
        return (*self.parent.trail, self) if self.parent else (self,)


_NEWS = Branch("/tin-tuc-su-kien", "Tin tức - Sự kiện", ("hoi_nghi", "thoi_tiet"), 16, 25)
_PARTY = Branch(
    "/tin-tuc-su-kien/xay-dung-dang", "Xây dựng Đảng", ("hoi_nghi", "chi_bo"), 7, 26, parent=_NEWS
)
_LEADERS = Branch("/hoat-dong-cua-lanh-dao", "Hoạt động của lãnh đạo", ("kiem_tra", "tham_hoi"), 15, 28)
_ECONOMY = Branch("/kinh-te", "Kinh tế", ("kinh_te",), 11, 29)
_SOCIETY = Branch("/van-hoa-xa-hoi", "Văn hóa - Xã hội", ("van_hoa", "giao_duc", "y_te"), 15, 31)
_CITY = Branch("/do-thi-moi-truong", "Đô thị - Môi trường", ("xay_dung", "moi_truong"), 14, 33)
_SAFETY = Branch("/an-ninh-quoc-phong", "An ninh - Quốc phòng", ("an_ninh",), 12, 34)

BRANCHES: tuple[Branch, ...] = (
    _NEWS,
    _PARTY,
    Branch(
        "/tin-tuc-su-kien/xay-dung-dang/sinh-hoat-chi-bo",
        "Sinh hoạt chi bộ",
        ("chi_bo",),
        3,
        27,
        parent=_PARTY,
    ),
    _LEADERS,
    _ECONOMY,
    Branch("/kinh-te/du-lich", "Du lịch", ("du_lich",), 4, 30, parent=_ECONOMY),
    _SOCIETY,
    Branch("/van-hoa-xa-hoi/the-thao", "Thể thao", ("the_thao",), 3, 32, parent=_SOCIETY),
    _CITY,
    _SAFETY,
)

_NOTICES = Branch("/thong-bao", "Thông báo", ("thong_bao",), 0, 35, kind="notice")


def _notices(slug: str, title: str, topic: str, module: int) -> Branch:
    return Branch(f"/thong-bao/{slug}", title, (topic,), 0, module, kind="notice", parent=_NOTICES)


# Beside the six sections: (section, number of items), the same for every size of the portal.
EXTRAS: tuple[tuple[Branch, int], ...] = (
    (_NOTICES, 4),
    (_notices("gia-dat", "Giá đất", "gia_dat", 36), 6),
    (_notices("lich-tiep-cong-dan", "Lịch tiếp công dân", "tiep_dan", 37), 6),
    (_notices("giai-quyet-khieu-nai", "Kết quả khiếu nại, tố cáo", "khieu_nai", 38), 5),
    (_notices("tuyen-dung", "Tuyển dụng", "tuyen_dung", 39), 4),
    (Branch("/quy-nhon-qua-anh", "Quy Nhơn qua ảnh", ("anh",), 0, 40, kind="album"), 13),
    (Branch("/video-tp-quy-nhon", "Video TP. Quy Nhơn", ("phim",), 0, 41, kind="video"), 9),
)

ALL_BRANCHES: tuple[Branch, ...] = (*BRANCHES, *(branch for branch, _ in EXTRAS))
