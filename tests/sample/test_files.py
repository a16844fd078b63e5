"""Pictures, papers, dress: everything that a page points to is real and can be opened."""

import io
import re
import zipfile
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from quynhon_crawler.sample import SamplePortal
from tests.sample.client import fetch


def test_pictures_decode_at_the_size_that_the_page_says(portal: SamplePortal) -> None:
    for article in portal.truth.articles[:120]:
        for shown in article.images:
            answer = fetch(portal, shown.url)
            with Image.open(io.BytesIO(answer.body)) as image:
                image.load()
                assert image.size == (shown.width, shown.height)
                assert answer.header("Content-Type") == f"image/{(image.format or '').lower()}"


def test_pictures_are_small_and_have_a_length(portal: SamplePortal) -> None:
    sizes = []
    for url in portal.truth.images[:150]:
        answer = fetch(portal, url)
        assert answer.header("Content-Length") == str(len(answer.body))
        sizes.append(len(answer.body))
    assert min(sizes) > 1_000
    assert max(sizes) < 40_000


def test_thumbnails_are_small_pictures(portal: SamplePortal) -> None:
    soup = BeautifulSoup(fetch(portal, "/kinh-te").text, "lxml")
    lazy = [img["data-original"] for img in soup.select("img.lazy")]
    thumbnails = [src for src in lazy if src.startswith("/publish/thumbnail/105285/300x200xdefault/upload/")]
    assert len(thumbnails) > 20
    for src in thumbnails:
        with Image.open(io.BytesIO(fetch(portal, quote(src)).body)) as image:
            assert image.size == (300, 200)


def test_missing_pictures_fall_back(portal: SamplePortal) -> None:
    assert fetch(portal, "/App/images/no-image-news.png").header("Content-Type") == "image/png"
    assert fetch(portal, "/App/images/bg_trans.png;").header("Content-Type") == "image/png"
    assert fetch(portal, "/publish/thumbnail/105285/300x200xdefault/upload/105285/none.jpg").status == 404
    assert fetch(portal, "/publish/thumbnail/105285/0x9999xdefault/App/images/logo.png").status == 404


def test_papers_open(portal: SamplePortal) -> None:
    kinds = set()
    for url in portal.truth.attachments:
        answer = fetch(portal, url)
        assert answer.status == 200
        kind = answer.header("Content-Type") or ""
        kinds.add(kind)
        if kind == "application/pdf":
            assert answer.body.startswith(b"%PDF-1.4")
            start = int(answer.body.split(b"startxref\n")[1].split()[0])
            assert answer.body[start:].startswith(b"xref")
        else:
            with zipfile.ZipFile(io.BytesIO(answer.body)) as package:
                assert package.testzip() is None
    assert len(kinds) == 4


def test_some_documents_come_by_article_download(portal: SamplePortal) -> None:
    urls = [document.attachment_url or "" for document in portal.truth.documents]
    by_download = [url for url in urls if "?page=Article.Download&id=" in url]
    assert 10 < len(by_download) < len(urls)
    answer = fetch(portal, by_download[0])
    assert answer.body.startswith(b"%PDF")
    assert (answer.header("Content-Disposition") or "").startswith("attachment; filename=")


def test_document_pages_say_what_the_truth_says(portal: SamplePortal) -> None:
    for document in portal.truth.documents:
        soup = BeautifulSoup(fetch(portal, document.url).text, "lxml")
        cells = {row.td.text: row.select("td")[1] for row in soup.select("table.law-detail tr")}
        assert cells["Số/Ký hiệu"].text == document.number
        assert cells["Người ký"].text == document.signer
        assert cells["Trích yếu"].text == document.abstract
        day, month, year = cells["Ngày ban hành"].text.split("/")
        assert f"{year}-{month}-{day}" == document.issued_on
        assert portal.base + cells["Tệp đính kèm"].a["href"] == document.attachment_url


def test_every_requisite_is_there_and_named_by_a_page_or_sheet(portal: SamplePortal) -> None:
    named = fetch(portal, "/").text
    for sheet in ("style", "layout", "fonts", "print"):
        named += fetch(portal, f"/App/css/{sheet}.css").text
    for url in portal.truth.requisites:
        assert fetch(portal, url).status == 200, url
        assert url.rpartition("/")[2] in named, url


def test_style_sheets_import_and_point_on(portal: SamplePortal) -> None:
    sheet = fetch(portal, "/App/css/style.css").text
    assert '@import url("fonts.css");' in sheet
    assert "url(../images/bg-body.png)" in sheet
    assert 'url("../fonts/quynhon.woff")' in fetch(portal, "/App/css/fonts.css").text


@pytest.mark.parametrize(("name", "magic"), [("woff", b"wOFF\x00\x01\x00\x00"), ("ttf", b"\x00\x01\x00\x00")])
def test_fonts_are_fonts(portal: SamplePortal, name: str, magic: bytes) -> None:
    answer = fetch(portal, f"/App/fonts/quynhon.{name}")
    assert answer.body.startswith(magic)
    assert answer.header("Content-Type") == f"font/{name}"


def test_robots_forbid_what_the_real_ones_do(portal: SamplePortal) -> None:
    answer = fetch(portal, "/robots.txt")
    assert answer.header("Content-Type") == "text/plain"
    assert re.findall(r"Disallow: (\S+)", answer.text) == [
        url.removeprefix(portal.base) for url in portal.truth.forbidden
    ]
    assert fetch(portal, "/data/so-lieu.html").status == 200


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/kinh-te/", "/kinh-te"),
        ("/Default.aspx", "/"),
        ("/tin-tuc", "/tin-tuc-su-kien"),
        ("/gioi-thieu/", "/gioi-thieu"),
    ],
)
def test_old_addresses_lead_on(portal: SamplePortal, old: str, new: str) -> None:
    answer = fetch(portal, old)
    assert (answer.status, answer.header("Location")) == (301, portal.base + new)


def test_articles_moved_from_their_old_address(portal: SamplePortal) -> None:
    url = portal.truth.articles[0].url
    answer = fetch(portal, url.removesuffix(".html"))
    assert (answer.status, answer.header("Location")) == (301, url)


def test_gone_pages_are_gone_in_two_ways(portal: SamplePortal) -> None:
    soft = fetch(portal, "/tin-cu/ban-tin-nam-2012.html")
    assert (soft.status, "Không tìm thấy trang" in soft.text) == (200, True)
    assert fetch(portal, "/hoi-dap/2015.html").status == 404


@pytest.mark.parametrize(
    "target",
    [
        "/%ff%fe",
        "/..%2f..%2fetc/passwd",
        "/?page=Article.Print.detail&id=zz",
        "/?page=Article.Download",
        "/tag/",
        "//",
        "/%00",
    ],
)
def test_nonsense_addresses_do_no_harm(portal: SamplePortal, target: str) -> None:
    assert fetch(portal, target).status in (200, 404)


def test_calendar_is_a_trap_only_when_asked_for(portal: SamplePortal) -> None:
    assert fetch(portal, "/lich-cong-tac").status == 404
    with SamplePortal(articles=20, traps=True, feeds=True) as trapping:
        assert "/lich-cong-tac?tu-ngay=2025-06-23" in fetch(trapping, "/lich-cong-tac").text
        assert "tu-ngay=2025-06-30" in fetch(trapping, "/lich-cong-tac?tu-ngay=2025-06-23").text
        assert fetch(trapping, "/lich-cong-tac?tu-ngay=9999-12-31").status == 200
        assert fetch(trapping, "/sitemap.xml").text.count("<url>") == len(trapping.truth.articles)
