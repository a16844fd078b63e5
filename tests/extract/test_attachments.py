"""Files on offer: told by their ending, found behind viewers, named for readers."""

from __future__ import annotations

import pytest

from quynhon_crawler.extract.attachments import behind_viewer, purpose_of, readable_title

HOST = "https://a.gov.vn"


@pytest.mark.parametrize(
    ("path", "purpose"),
    [
        ("/upload/1/a.pdf", "attachment"),
        ("/upload/1/a.DOCX?v=2", "attachment"),
        ("/?page=Article.Download&id=3", "attachment"),
        ("/vi/laws/?download=1&id=3", "attachment"),
        ("/upload/1/a.JPG", "image"),
        ("/css/a.css", "requisite"),
        ("/tin/pdf.html", "page"),
        ("/tin/a?file=a.pdf", "page"),
        ("/", "page"),
    ],
)
def test_purposes(path: str, purpose: str) -> None:
    assert purpose_of(HOST + path) == purpose


@pytest.mark.parametrize(
    ("viewer", "file"),
    [
        ("/lib/viewer.html?file=/upload/1/a.pdf", f"{HOST}/upload/1/a.pdf"),
        ("/lib/viewer.html?file=%2Fupload%2F1%2Fa.pdf#page=2", f"{HOST}/upload/1/a.pdf"),
        ("https://docs.google.com/gview?embedded=true&url=https://b.vn/a.doc", "https://b.vn/a.doc"),
        ("https://view.officeapps.live.com/op/embed.aspx?src=https://b.vn/a.xlsx", "https://b.vn/a.xlsx"),
        ("/lib/viewer.html?file=javascript:alert(1).pdf", None),
        ("/lib/viewer.html?file=/tin/a.html", None),
        ("/tin/a.html?file=/upload/1/a.pdf", None),
        ("/lib/viewer.html", None),
        ("/lib/viewer.html?file=//[/a.pdf", None),
    ],
)
def test_viewers(viewer: str, file: str | None) -> None:
    assert behind_viewer(viewer if viewer.startswith("http") else HOST + viewer) == file


RAW = "33b58c5d0f2e4d5c9a6b7c8d9e0f1a2bQuy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh_s%E1%BB%91_8_647a9.pdf"


@pytest.mark.parametrize(
    ("title", "file", "readable"),
    [
        (RAW, f"/upload/1/2025/{RAW}", "Quyết định số 8.pdf"),
        (None, f"/upload/1/2025/{RAW}", "Quyết định số 8.pdf"),
        ("Tải về", "/upload/1/ke_hoach_2c3d4.docx", "ke hoach.docx"),
        ("(xem tại đây)", "/upload/1/ke_hoach_2c3d4.docx", "ke hoach.docx"),
        ("ke_hoach_2c3d4.docx", "/upload/1/ke_hoach_2c3d4.docx", "ke hoach.docx"),
        ("Kế hoạch số 8", "/upload/1/ke_hoach_2c3d4.docx", "Kế hoạch số 8"),
        ("Tải về mẫu đơn", "/upload/1/don_2c3d4.doc", "Tải về mẫu đơn"),
        ("Tải về", "/?page=Article.Download&id=3", "Tải về"),
        (None, "/?page=Article.Download&id=3", None),
    ],
)
def test_titles_for_readers(title: str | None, file: str, readable: str | None) -> None:
    assert readable_title(title, HOST + file) == readable
