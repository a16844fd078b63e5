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
        ("Linh, VPTU", "Linh", "VPTU", VPTU),
        ("Linh, Minh_VPTU", "Linh, Minh", "VPTU", VPTU),
        ("Linh - Minh (VPTU)", "Linh, Minh", "VPTU", VPTU),
        ("Linh_VPTU, Hà_BTG", "Linh, Hà", "VPTU, BTG", f"{VPTU}, Ban Tuyên giáo"),
        ("Thu Hà - LĐLĐ TP", "Thu Hà", "LĐLĐ", "Liên đoàn Lao động thành phố"),
        ("Thu Hà_UBND phường Lê Lợi", "Thu Hà", None, "UBND phường Lê Lợi"),
        ("Thu Hà - LĐLĐ TP Quy Nhơn", "Thu Hà", None, "LĐLĐ TP Quy Nhơn"),
        ("Thanh Bình - Đài TT-TH", "Thanh Bình", None, "Đài TT-TH"),
        ("T.D", "T.D", None, None),
        ("H’Lan Niê", "H’Lan Niê", None, None),
        ("Đại úy Trần Bình", "Đại úy Trần Bình", None, None),
        ("Đoàn Thị Hồng", "Đoàn Thị Hồng", None, None),
        ("Nhóm phóng viên", "Nhóm phóng viên", None, None),
        ("Tin + ảnh: Thu Hà", "Thu Hà", None, None),
        ("Tin, ảnh Thu Hà", "Thu Hà", None, None),
        ("Bài Thu Hà - Ảnh Minh Khôi", "Thu Hà", None, None),
        ("Phan Hằng; Ảnh: CTV", "Phan Hằng", None, None),
        ("Thu Hà (tổng hợp)", "Thu Hà", None, None),
        ("Thu Hà tổng hợp", "Thu Hà", None, None),
        ("Tác giả bài viết: Lê Na", "Lê Na", None, None),
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
        ("(TTXVN)", "TTXVN"),
        ("Báo Gia Lai", "Báo Gia Lai"),
        ("Nguồn baobinhdinh.vn", "baobinhdinh.vn"),
        ("Theo: http://baobinhdinh.vn/chinh-tri", "http://baobinhdinh.vn/chinh-tri"),
        ("Theo Lan Anh (Báo Gia Lai)", "Lan Anh (Báo Gia Lai)"),
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
        "Quy Nhơn",
        "CHỦ TỊCH",
        "Hết",
        "Hội CCB",
        "VP. HĐND - UBND thành phố",
        "Đây là việc lớn; nguồn: ngân sách thành phố",
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


@pytest.mark.parametrize(
    ("printed", "name", "source"),
    [
        ("Thu Hà (theo TTXVN)", "Thu Hà", "TTXVN"),
        ("Tác giả: Thu Hà - Nguồn: Báo Gia Lai", "Thu Hà", "Báo Gia Lai"),
    ],
)
def test_a_writer_and_a_source(printed: str, name: str, source: str) -> None:
    byline = parse(printed)
    assert byline is not None
    assert byline.author is not None
    assert (byline.author.name, byline.source) == (name, source)


def test_an_office_alone_counts_where_bylines_stand() -> None:
    assert parse("Phòng Tư pháp") is None
    byline = parse("Phòng Tư pháp", office=True)
    assert byline is not None
    assert byline.author is not None
    assert (byline.author.name, byline.author.unit_name) == (None, "Phòng Tư pháp")


def test_a_photo_of_the_internet_is_nobodys() -> None:
    byline = parse("Ảnh: Internet")
    assert byline is not None
    assert byline.author is None
