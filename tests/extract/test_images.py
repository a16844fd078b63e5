"""Image codes, and one identity for a picture across portal generations."""

from __future__ import annotations

import pytest

from quynhon_crawler.extract.images import Code, file_name, full_size, image_code, source, srcset

HOST = "https://quynhon.binhdinh.gov.vn"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HNBCH082019001", Code("HNBCH082019001", "HNBCH", "2019-08", 1)),
        ("hnbch082019001", Code("hnbch082019001", "HNBCH", "2019-08", 1)),
        ("hnbch_08_2019_001", Code("hnbch_08_2019_001", "HNBCH", "2019-08", 1)),
        ("HN-08-2019-12", Code("HN-08-2019-12", "HN", "2019-08", 12)),
        ("Ảnh ĐHPN052021012 chụp", Code("ĐHPN052021012", "ĐHPN", "2021-05", 12)),
        ("IMG082019001", None),
        ("dsc_08_2019_01", None),
        ("HNBCH132019001", None),
        ("HNBCH002019001", None),
        ("HNBCH08201900123", None),
        ("082019001", None),
        ("", None),
    ],
)
def test_codes(text: str, code: Code | None) -> None:
    assert image_code(text) == code


def test_the_first_text_with_a_code_counts() -> None:
    found = image_code(None, "không có", "AB012020003", "CD022020004")
    assert found is not None
    assert found.code == "AB012020003"


@pytest.mark.parametrize(
    ("url", "name", "uploaded"),
    [
        (
            "http://quynhon.gov.vn/Images/damthinai01_637027696164871909.jpg",
            "damthinai01.jpg",
            "2019-08-30T13:46:56+07:00",
        ),
        (
            f"{HOST}/upload/105285/20230906/2d4dda700e5700b0778eb95b8156cd98damthinai01_637027696164871909_74de1.jpg",
            "damthinai01.jpg",
            "2019-08-30T13:46:56+07:00",
        ),
        (f"{HOST}/upload/105285/fck/files/a6_0d235.jpg", "a6.jpg", None),
        (f"{HOST}/upload/1/fck/files/%E1%BA%A3nh%20(2)_0d235.jpg", "ảnh (2).jpg", None),
        ("https://x.vn/wp-content/uploads/2024/01/cho-2-768x512.jpg", "cho-2.jpg", None),
        ("https://x.vn/wp-content/uploads/2024/01/cho-1-scaled.jpg", "cho-1.jpg", None),
        ("https://x.vn/uploads/news/2022_06/file.jpg", "file.jpg", None),
        ("https://x.vn/a_0d235.jpg", "a_0d235.jpg", None),
        ("https://x.vn/a_999999999999999999.jpg", "a_999999999999999999.jpg", None),
    ],
)
def test_decorations_are_stripped(url: str, name: str, uploaded: str | None) -> None:
    found = file_name(url)
    assert found is not None
    assert (found.name, found.uploaded_at) == (name, uploaded)


@pytest.mark.parametrize("url", ["https://x.vn/", "https://x.vn/anh", "https://x.vn/.jpg"])
def test_what_names_no_file(url: str) -> None:
    assert file_name(url) is None


@pytest.mark.parametrize(
    ("thumbnail", "full"),
    [
        (
            f"{HOST}/publish/thumbnail/105285/80x60xdefault/upload/105285/a_1c2d3.jpg",
            f"{HOST}/upload/105285/a_1c2d3.jpg",
        ),
        ("https://x.vn/assets/news/2022_06/file.jpg", "https://x.vn/uploads/news/2022_06/file.jpg"),
        ("https://x.vn/uploads/news/file.jpg", "https://x.vn/uploads/news/file.jpg"),
    ],
)
def test_thumbnails_lead_to_the_full_file(thumbnail: str, full: str) -> None:
    assert full_size(thumbnail) == full


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ({"src": "/App/images/bg_trans.png;", "data-original": "/a.jpg"}, "/a.jpg"),
        ({"src": "data:image/gif;base64,x", "data-src": "/a.jpg"}, "/a.jpg"),
        ({"src": "/a.jpg"}, "/a.jpg"),
        ({"src": "/App/images/no-image-news.png"}, None),
        ({"srcset": "/s.jpg 300w, /l.jpg 1200w"}, "/l.jpg"),
        ({}, None),
    ],
)
def test_the_picture_that_a_reader_sees(attributes: dict[str, str | None], shown: str | None) -> None:
    assert source(attributes) == shown


def test_srcset_gives_the_widest_first() -> None:
    assert srcset("/a.jpg 1x, /c.jpg 3x, /b.jpg 2x") == ["/c.jpg", "/b.jpg", "/a.jpg"]
