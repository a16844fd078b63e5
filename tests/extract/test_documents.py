"""Legal documents: numbers, kinds, tables and pages of label and value."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from quynhon_crawler.extract import documents


def join(reference: str) -> str | None:
    return f"https://a.gov.vn{reference}" if reference.startswith("/") else None


def body(markup: str) -> LexborNode:
    found = LexborHTMLParser(markup).body
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("Quyết định số 1787/QĐ-UBND ngày 27/8/2019", "1787/QĐ-UBND", "Quyết định"),
        ("12/2019/NQ-HĐND", "12/2019/NQ-HĐND", "Nghị quyết"),
        ("45/TB-UBND", "45/TB-UBND", "Thông báo"),
        ("923/UBND-VX", "923/UBND-VX", None),
        ("07/CT-UBND.", "07/CT-UBND", "Chỉ thị"),
        ("Kế hoạch số 12-KH/TU", "12-KH/TU", "Kế hoạch"),
        ("18-NQ/TW", "18-NQ/TW", "Nghị quyết"),
        ("45-TB/VPTU-TH", "45-TB/VPTU-TH", "Thông báo"),
        ("ngày 27/8/2019", None, None),
        ("ngày 27-8-2019", None, None),
        ("Không có số", None, None),
    ],
)
def test_numbers(text: str, number: str | None, kind: str | None) -> None:
    assert documents.number_in(text) == number
    assert documents.kind_in(number) == kind


def test_a_table_with_a_heading() -> None:
    rows = documents.rows(
        body(
            "<table><tr><th>Ngày ký</th><th>Số hiệu</th><th>Nội dung</th><th>Người ký</th>"
            "<th>Tải về</th></tr>"
            "<tr><td>27/08/2019</td><td><a href='/vb/1'>1787/QĐ-UBND</a></td><td>Về giá đất</td>"
            "<td>Lê Biển</td>"
            "<td><a href='/f/1.pdf'>Tải</a></td></tr></table>"
        ),
        join,
    )
    assert [
        (row.number, row.issued_on, row.abstract, row.signer, row.url, row.attachment_url) for row in rows
    ] == [
        (
            "1787/QĐ-UBND",
            "2019-08-27",
            "Về giá đất",
            "Lê Biển",
            "https://a.gov.vn/vb/1",
            "https://a.gov.vn/f/1.pdf",
        )
    ]


def test_a_table_without_a_heading_is_told_by_its_cells() -> None:
    rows = documents.rows(
        body(
            "<table><tr><td>1</td><td>45/TB-UBND</td><td>03/11/2025</td>"
            "<td><a href='/vb/2'>Niêm yết danh sách hộ di dời</a></td></tr></table>"
        ),
        join,
    )
    assert [(row.number, row.issued_on, row.kind) for row in rows] == [
        ("45/TB-UBND", "2025-11-03", "Thông báo")
    ]


def test_a_table_of_something_else_gives_nothing() -> None:
    table = (
        "<table><tr><td>1</td><td>Chợ Đầm</td><td>27/08/2019</td><td><a href='/x'>Xem</a></td></tr></table>"
    )
    assert documents.rows(body(table), join) == ()


PAIRS = (("Số ký hiệu", "8/QĐ-UBND"), ("Ngày ban hành", "ngày 05 tháng 9 năm 2019"), ("Người ký", "Lê Biển"),
         ("Trích yếu", "Về chợ"))  # fmt: skip


@pytest.mark.parametrize(
    "layout",
    [
        "<table>{}</table>|<tr><td>{}:</td><td>{}</td></tr>",
        "<dl>{}</dl>|<dt>{}</dt><dd>{}</dd>",
        "<ul>{}</ul>|<li>{}: {}</li>",
        "<ul>{}</ul>|<li><b>{}:</b> <span>{}</span></li>",
        "<div>{}</div>|<div class='row'><div>{}</div><div>{}</div></div>",
        "<div>{}</div>|<p><strong>{}:</strong> {}</p>",
    ],
)
def test_a_page_of_one_document(layout: str) -> None:
    outer, _, pair = layout.partition("|")
    markup = outer.format("".join(pair.format(*said) for said in PAIRS)) + '<a href="/f/8.pdf">Tải về</a>'
    found = documents.detail(body(markup), join, "https://a.gov.vn/vb/8")
    assert found is not None
    assert (
        found.number,
        found.kind,
        found.issued_on,
        found.signer,
        found.abstract,
        found.attachment_url,
    ) == (
        *("8/QĐ-UBND", "Quyết định", "2019-09-05", "Lê Biển", "Về chợ"),
        "https://a.gov.vn/f/8.pdf",
    )


def test_two_labels_are_no_document() -> None:
    markup = "<li>Số ký hiệu: 8/QĐ-UBND</li><li>Người ký: Lê Biển</li>"
    assert documents.detail(body(markup), join, "https://a.gov.vn/") is None
