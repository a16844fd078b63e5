"""Text, album, video or notice."""

from __future__ import annotations

import pytest

from quynhon_crawler.extract.kinds import kind_of


@pytest.mark.parametrize(
    ("sections", "title", "words", "pictures", "player", "kind"),
    [
        (["Tin tức"], "Hội nghị", 400, 1, False, "article"),
        (["Tin tức"], "Hội nghị", 400, 8, False, "article"),
        (["Quy Nhơn qua ảnh"], "Biển sớm", 20, 4, False, "album"),
        (["Tin tức"], "Biển sớm", 20, 8, False, "album"),
        (["Video TP. Quy Nhơn"], "Phóng sự", 30, 0, True, "video"),
        (["Tin tức"], "Hội nghị", 30, 0, True, "video"),
        (["Tin tức"], "Hội nghị", 400, 1, True, "article"),
        (["Thông báo", "Giá đất"], "Bảng giá", 100, 0, False, "notice"),
        (["Lịch tiếp công dân"], "Tháng 12", 100, 0, False, "notice"),
        (["Kết quả giải quyết khiếu nại, tố cáo"], "Quý 3", 100, 0, False, "notice"),
        (["Tuyển dụng"], "Viên chức", 100, 0, False, "notice"),
        (["Tin tức"], "Thông báo lịch cúp điện", 100, 0, False, "article"),
    ],
)
def test_kinds(sections: list[str], title: str, words: int, pictures: int, player: bool, kind: str) -> None:
    assert kind_of(sections=sections, title=title, words=words, pictures=pictures, player=player) == kind
