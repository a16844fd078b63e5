"""Bylines: person and unit, source, or nobody."""

from __future__ import annotations

import pytest

from quynhon_crawler.extract.bylines import parse

VPTU = "Văn phòng Thành ủy"


@pytest.mark.parametrize(
    ("printed", "name", "code", "office"),
    [
        ("Linh_VPTU", "Linh", "VPTU", VPTU),
        ("Linh _ VPTU", "Linh", "VPTU", VPTU),
        ("linh_vptu", "linh", "VPTU", VPTU),
        ("Thu Hà - VPTU", "Thu Hà", "VPTU", VPTU),
        ("Thu Hà – VPTU", "Thu Hà", "VPTU", VPTU),
        ("Thu Hà (VPTU)", "Thu Hà", "VPTU", VPTU),
        ("Thu Hà/VPTU", "Thu Hà", "VPTU", VPTU),
        (
            "Minh Châu (VP HĐND-UBND)",
            "Minh Châu",
            "VP HĐND-UBND",
            "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân",
        ),
        ("Hoài Thu_XYZ", "Hoài Thu", "XYZ", None),
        ("Thu Hà_Phường Trần Phú", "Thu Hà", None, "Phường Trần Phú"),
        ("Thu Hà - Văn phòng Thành ủy", "Thu Hà", None, VPTU),
        ("Phi Hùng", "Phi Hùng", None, None),
        ("N.V.A", "N.V.A", None, None),
        ("Đ.T", "Đ.T", None, None),
        ("PV", "PV", None, None),
        ("VPTU", None, "VPTU", VPTU),
        ("Hồng Phúc, Mai Lan", "Hồng Phúc, Mai Lan", None, None),
        ("Hồng Phúc - Mai Lan", "Hồng Phúc, Mai Lan", None, None),
        ("Hồng Phúc và Mai Lan", "Hồng Phúc, Mai Lan", None, None),
        ("Bài, ảnh: Phi Hùng", "Phi Hùng", None, None),
        ("Bài và ảnh: Phi Hùng", "Phi Hùng", None, None),
        ("Tin, ảnh: Thu Hà_VPTU", "Thu Hà", "VPTU", VPTU),
        ("Tin: An Nhiên; Ảnh: Bảo Lâm", "An Nhiên", None, None),
        ("Tin: An Nhiên - Ảnh: Bảo Lâm", "An Nhiên", None, None),
        ("Ảnh: Bảo Lâm", "Bảo Lâm", None, None),
        ("Tác giả: Lê Na", "Lê Na", None, None),
        ("(Thực hiện: Kim Ngân)", "Kim Ngân", None, None),
    ],
)
def test_writers(printed: str, name: str | None, code: str | None, office: str | None) -> None:
    byline = parse(printed)
    assert byline is not None
    assert byline.printed == printed
    assert byline.author is not None
    assert (byline.author.name, byline.author.unit_code, byline.author.unit_name) == (name, code, office)


@pytest.mark.parametrize(
    ("printed", "source"),
    [
        ("Theo baobinhdinh.vn", "baobinhdinh.vn"),
        ("(Theo Báo Bình Định)", "Báo Bình Định"),
        ("Nguồn: TTXVN", "TTXVN"),
        ("Nguồn: Cổng thông tin điện tử tỉnh", "Cổng thông tin điện tử tỉnh"),
    ],
)
def test_sources(printed: str, source: str) -> None:
    byline = parse(printed)
    assert byline is not None
    assert byline.source == source
    assert byline.author is None


@pytest.mark.parametrize(
    "text",
    [
        "Tăng cường quản lý đất đai",
        "Theo kế hoạch, tuyến đường sẽ xong trong tháng tới",
        "HỘI NGHỊ TỔNG KẾT",
        "Cổng thông tin điện tử thành phố",
        "Trang tin phường",
        "admin",
        "UBND phường",
        "Điện thoại: 0256 000 000",
        "27/08/2019",
        "",
        "x" * 500,
    ],
)
def test_what_is_no_byline(text: str) -> None:
    assert parse(text) is None


def test_a_labelled_name_may_be_in_small_letters() -> None:
    byline = parse("thu hà", labelled=True)
    assert byline is not None
    assert byline.author is not None
    assert byline.author.name == "thu hà"


def test_two_names_of_islands_are_no_school() -> None:
    byline = parse("Hoàng Sa - Trường Sa")
    assert byline is None or byline.author is None or byline.author.unit_name is None
