"""What a reader names instead of describing it stands above the results."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.model import Reading
from quynhon_crawler.publish.short import shorten
from tests.publish import archive
from tests.publish.conftest import value
from tests.publish.test_pages import read, text
from tests.publish.test_results import with_documents
from tests.publish.test_state import site


@pytest.mark.parametrize(
    "typed", ["Linh_VPTU", "linh vptu", "VPTU", "văn phòng thành ủy", "van phong thanh uy"]
)
async def test_a_byline_or_unit_leads_to_its_articles(web: httpx.AsyncClient, home: Home, typed: str) -> None:
    article = value(home, "select articles.id from articles join authors on authors.id = author_id "
                          "where unit_code = 'VPTU'")  # fmt: skip
    page = await read(web, f"/tim?q={typed}")
    assert f"/bai/{shorten(article)}" in [node.attributes["href"] for node in page.css(".named li a")]
    assert "Văn phòng Thành ủy" in text(page, ".named h2")


@pytest.mark.parametrize(
    "typed",
    [
        "http://cong.quynhon.test/tin-tuc/xay-dung-dang/hop-dang-vien.html",
        "  https://www.cong.quynhon.test/tin-tuc/xay-dung-dang/hop-dang-vien.html/ ",
        "HTTPS://Cong.QuyNhon.test/tin-tuc/xay-dung-dang/hop-dang-vien.html#binh-luan",
        "cong.quynhon.test/tin-tuc/xay-dung-dang/hop-dang-vien.html",
        "www.cong.quynhon.test/tin-tuc/xay-dung-dang/hop-dang-vien.html?utm_source=zalo&fbclid=" + "I" * 60,
    ],
)
async def test_a_pasted_address_leads_to_its_article(web: httpx.AsyncClient, home: Home, typed: str) -> None:
    article = value(home, "select id from articles where url like '%/hop-dang-vien.html'")
    page = await read(web, f"/tim?q={quote(typed)}")
    assert [node.attributes["href"] for node in page.css(".named a")] == [f"/bai/{shorten(article)}"]
    assert "Không tìm thấy" not in text(page, "main")


@pytest.mark.parametrize(
    "url", ["http://cong.quynhon.test/cu/bai-5.htm", "cong.quynhon.test/cu/bai-5.htm?sid=1"]
)
async def test_an_address_that_led_to_the_article_leads_there_too(tmp_path: Path, url: str) -> None:
    made = archive.Archive(tmp_path / "archive")
    made.article(archive.article(5))
    capture = made.capture("http://cong.quynhon.test/cu/bai-5.htm", b"<html></html>")
    reading = Reading("vhv", "article", article=archive.article(5))
    made.store.add_reading(capture, reading, portal_id=made.portal)
    home = made.done()
    async with site(home) as web:
        page = await read(web, f"/tim?q={quote(url)}")
    article = value(home, "select id from articles")
    assert [node.attributes["href"] for node in page.css(".named a")] == [f"/bai/{shorten(article)}"]


@pytest.mark.parametrize(
    "typed",
    [
        "http://[",
        "http://x:99999/a",
        "http://",
        "http://%/",
        "a/b",
        "12/qd",
        "../..",
        "http://cong.quynhon.test/khong-co.html",
        "http://cong.quynhon.test/",
        "x@y/z",
    ],
)
async def test_what_is_no_articles_address_offers_none(web: httpx.AsyncClient, typed: str) -> None:
    assert (await read(web, f"/tim?q={quote(typed)}")).css_first(".named") is None


@pytest.mark.parametrize(
    "typed",
    ["30/09/2026", "30-9-2026", "30.9.2026", "2026-09-30", "2026/9/30", "ngày 30/9/2026", "30 – 9 – 2026"]
    + ["Ngày 30 tháng 9 năm 2026"],
)
async def test_a_day_that_is_typed_is_offered(web: httpx.AsyncClient, typed: str) -> None:
    page = await read(web, f"/tim?q={quote(typed)}")
    assert [node.attributes["href"] for node in page.css(".named a")] == ["/ngay/2026-09-30"]
    assert text(page, ".named h2") == "Bài đăng ngày 30/09/2026 1 bài"


@pytest.mark.parametrize(
    "typed",
    ["2026-09", "2026/9", "9/2026", "09-2026", "9.2026", "tháng 9/2026", "thang 9 2026", "Tháng 9 năm 2026"]
    + ["thang 09, nam 2026", "T9/2026", unicodedata.normalize("NFD", "tháng 9 năm 2026")],
)
async def test_a_month_that_is_typed_is_offered(web: httpx.AsyncClient, typed: str) -> None:
    page = await read(web, f"/tim?q={quote(typed)}")
    assert [node.attributes["href"] for node in page.css(".named a")] == ["/ngay/2026-09"]
    assert text(page, ".named h2") == "Bài đăng tháng 9/2026 25 bài"
    english = await read(web, f"/en/tim?q={quote(typed)}")
    assert text(english, ".named h2") == "Articles of 9/2026 25 articles"
    await read(web, str(english.css_first(".named a").attributes["href"]))


@pytest.mark.parametrize("typed", ["2026", "năm 2026", "nam 2026"])
async def test_a_year_that_is_typed_is_offered(web: httpx.AsyncClient, typed: str) -> None:
    page = await read(web, f"/tim?q={quote(typed)}")
    assert text(page, ".named h2") == "Bài đăng năm 2026 25 bài"
    (link,) = page.css(".named a")
    await read(web, str(link.attributes["href"]))


@pytest.mark.parametrize(
    "typed", ["2026-10", "13/2026", "0/2026", "2026-00", "9/26", "2025", "tháng 9", "0000"]
)
async def test_a_month_without_articles_is_not_offered(web: httpx.AsyncClient, typed: str) -> None:
    assert (await read(web, f"/tim?q={quote(typed)}")).css_first(".named") is None


@pytest.mark.parametrize(
    "typed", ["29/02/2026", "30/09/2025", "99/99/2026", "0/0/0000", "2026-13-01", "30/9"]
)
async def test_a_day_without_articles_is_not_offered(web: httpx.AsyncClient, typed: str) -> None:
    assert (await read(web, f"/tim?q={quote(typed)}")).css_first(".named") is None


async def test_a_pictures_code_shows_it(web: httpx.AsyncClient) -> None:
    page = await read(web, "/tim?q=hntk092026001")
    assert text(page, ".named h2") == "Ảnh HNTK092026001"
    assert page.css_first(".named img") is not None
    event = await read(web, "/tim?q=HNTK")
    assert event.css_first(".named p a").attributes["href"] == "/anh?ma=HNTK"


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("12", ["12/QĐ-UBND"]),
        ("012", ["12/QĐ-UBND"]),
        ("quyet dinh 12", ["12/QĐ-UBND"]),
        ("văn bản số 7", ["7/CT-UBND"]),
        ("quyet dinh 7", []),
        ("1", []),
        ("12/QĐ", ["12/QĐ-UBND"]),
        ("12/", ["12/QĐ-UBND"]),
        ("12/qd-ub", ["12/QĐ-UBND"]),
        ("012-qd-ubnd", ["12/QĐ-UBND"]),
        ("12–qđ", ["12/QĐ-UBND"]),
        ("quyết định 12-qd-ubnd", ["12/QĐ-UBND"]),
        ("12/UBND", []),
        ("1/2", []),
        ("7-ct", ["7/CT-UBND"]),
    ],
)
async def test_a_documents_number_alone_leads_to_it(tmp_path: Path, typed: str, numbers: list[str]) -> None:
    async with site(await with_documents(tmp_path)) as web:
        page = await read(web, f"/tim?q={typed}")
    assert [node.text() for node in page.css(".named a")] == numbers


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("HNTK09", "HNTK09…"),
        ("hntk09*", "HNTK09…"),
        ("HNTK 09 2026", "HNTK092026…"),
        ("hntk_09_2026_0", "HNTK0920260…"),
        ("HNTK092026001", "HNTK092026001"),
    ],
)
async def test_the_beginning_of_a_pictures_code_is_enough(
    web: httpx.AsyncClient, typed: str, meant: str
) -> None:
    """The picture opens itself, its title the article; both say how many there are."""
    page = await read(web, f"/tim?q={typed}")
    assert text(page, ".named h2") == f"Ảnh {meant}"
    assert text(page, ".named .facts") == "1 ảnh"
    shown, article = (str(node.attributes["href"]) for node in page.css(".named .card a"))
    assert (await web.get(shown)).headers["content-type"] == "image/jpeg"
    assert article.startswith("/bai/")
    assert page.css_first(".named .chips a").attributes["href"] == "/anh?ma=HNTK&thang=2026-09"


@pytest.mark.parametrize("typed", ["HNTK08", "HNTK102026", "HNT09", "HNTK092026002"])
async def test_a_code_that_no_picture_has(web: httpx.AsyncClient, typed: str) -> None:
    assert (await read(web, f"/tim?q={typed}")).css_first(".named") is None


async def test_letters_with_a_star_lead_to_the_events_that_begin_so(web: httpx.AsyncClient) -> None:
    page = await read(web, "/tim?q=hn*")
    assert text(page, ".named p") == "Các ảnh mang mã HNTK: 1"
