"""The screens a reader sees: home, section, article, capture, and what stands where there is no page."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from quynhon_crawler.home import Home
from quynhon_crawler.publish.short import shorten
from tests.publish import archive
from tests.publish.conftest import address, serve, stop, value


def text(page: LexborHTMLParser, css: str) -> str:
    found = page.css_first(css)
    assert found is not None, css
    return " ".join(found.text(separator=" ").split())


async def read(web: httpx.AsyncClient, path: str, status: int = 200) -> LexborHTMLParser:
    answer = await web.get(path)
    assert answer.status_code == status, answer.text[:500]
    return LexborHTMLParser(answer.text)


async def test_home_has_one_search_box(web: httpx.AsyncClient) -> None:
    page = await read(web, "/")
    assert [box.attributes["placeholder"] for box in page.css("input")] == ["Tìm không cần gõ dấu"]


async def test_home_begins_with_the_newest_article(web: httpx.AsyncClient) -> None:
    assert text(await read(web, "/"), ".card h3") == "Họp bàn công tác kết nạp đảng viên ở khu dân cư"


async def test_home_counts_what_is_kept(web: httpx.AsyncClient) -> None:
    numbers = [node.text() for node in (await read(web, "/")).css(".numbers dd")]
    assert numbers == ["25", "17", "1", "43"]


async def test_home_lists_sections_with_their_articles(web: httpx.AsyncClient) -> None:
    rows = [" ".join(node.text().split()) for node in (await read(web, "/")).css(".sections li")]
    assert rows == ["Tin tức - Sự kiện 24", "Xây dựng Đảng 1"]


@pytest.mark.parametrize("path", ["/", "/tim?q=bien", "/nothing"])
async def test_no_screen_speaks_of_sql(web: httpx.AsyncClient, path: str) -> None:
    answer = await web.get(path)
    assert "sql" not in answer.text.lower()


async def test_section_shows_twenty_at_a_time(web: httpx.AsyncClient) -> None:
    first = await read(web, "/")
    section = first.css(".sections a")[0].attributes["href"]
    pages = [await read(web, f"{section}?trang={number}") for number in (1, 2)]
    assert [len(page.css(".card")) for page in pages] == [20, 4]


async def test_section_page_past_the_end_is_not_found(web: httpx.AsyncClient) -> None:
    section = (await read(web, "/")).css(".sections a")[0].attributes["href"]
    await read(web, f"{section}?trang=3", status=404)


async def test_article_shows_title_lead_and_paragraphs(web: httpx.AsyncClient, home: Home) -> None:
    page = await read(web, address(home, "hop-dang-vien.html"))
    assert text(page, "h1") == "Họp bàn công tác kết nạp đảng viên ở khu dân cư"
    assert [" ".join(node.text().split()) for node in page.css(".prose > p")] == [
        "Chiều 3/9/2026, khu phố họp bàn việc kết nạp đảng viên mới.",
        "Buổi họp ghi nhận nhiều ý kiến.",
        "Khu phố sẽ họp lại vào tháng sau./.",
        "Linh_VPTU",
    ]


async def test_article_shows_both_dates_when_they_differ(web: httpx.AsyncClient, home: Home) -> None:
    details = text(await read(web, address(home, "hop-dang-vien.html")), ".details")
    assert "Ngày đăng Thứ Tư, 30/09/2026, 19:09" in details
    assert "Ngày ghi trong mã trang Thứ Tư, 30/09/2026, 19:13" in details


async def test_article_names_writer_and_unit(web: httpx.AsyncClient, home: Home) -> None:
    details = text(await read(web, address(home, "hop-dang-vien.html")), ".details")
    assert "Linh – Văn phòng Thành ủy (VPTU)" in details


async def test_article_shows_the_day_of_the_event(web: httpx.AsyncClient, home: Home) -> None:
    details = text(await read(web, address(home, "hop-dang-vien.html")), ".details")
    assert "Ngày diễn ra Thứ Năm, 03/09/2026" in details


async def test_article_shows_the_section_path(web: httpx.AsyncClient, home: Home) -> None:
    page = await read(web, address(home, "hop-dang-vien.html"))
    assert [node.text() for node in page.css(".path li a")] == [
        "Trang đầu",
        "Tin tức - Sự kiện",
        "Xây dựng Đảng",
    ]


async def test_article_picture_stands_in_its_place_with_caption_and_code(
    web: httpx.AsyncClient, home: Home
) -> None:
    page = await read(web, address(home, "hop-dang-vien.html"))
    order = [node.tag for node in page.css(".prose > *")]
    assert order == ["p", "p", "figure", "figure", "p", "p"]
    assert text(page, "figcaption") == "Quang cảnh buổi họp HNTK092026001"


async def test_article_pictures_come_from_the_archive(web: httpx.AsyncClient, home: Home) -> None:
    page = await read(web, address(home, "hop-dang-vien.html"))
    (picture,) = page.css(".prose img")
    answer = await web.get(str(picture.attributes["src"]))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")


async def test_missing_picture_says_so(web: httpx.AsyncClient, home: Home) -> None:
    page = await read(web, address(home, "hop-dang-vien.html"))
    assert text(page, ".missing") == "Ảnh này chưa lưu được chua-luu.jpg"


async def test_article_offers_kept_attachments_and_names_missing_ones(
    web: httpx.AsyncClient, home: Home
) -> None:
    page = await read(web, address(home, "hop-dang-vien.html"))
    assert [" ".join(node.text().split()) for node in page.css(".files li")] == [
        "Kế hoạch họp 69 B",
        "Biên bản (chưa lưu được)",
    ]
    answer = await web.get(str(page.css(".files a")[0].attributes["href"]))
    assert answer.headers["content-type"] == "application/pdf"


async def test_article_tells_where_its_copy_lies(web: httpx.AsyncClient, home: Home) -> None:
    copy = text(await read(web, address(home, "hop-dang-vien.html")), ".copy")
    offset = value(home, "select warc_offset from captures where url like '%hop-dang-vien.html'")
    assert f"byte {offset:,}".replace(",", ".") in copy
    assert "Thứ Ba, 24/11/2026, 07:00 (giờ Việt Nam)" in copy


async def test_article_makes_no_request_elsewhere(web: httpx.AsyncClient, home: Home) -> None:
    page = await read(web, address(home, "hop-dang-vien.html"))
    loaded = [node.attributes.get("src") or "" for node in page.css("[src]")]
    loaded += [node.attributes.get("href") or "" for node in page.css("link[rel=stylesheet], link[rel=icon]")]
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)


async def test_article_links_its_neighbours(web: httpx.AsyncClient, home: Home) -> None:
    page = await read(web, address(home, "/bai-5.html"))
    assert text(page, "[rel=prev]").endswith("lần thứ 4")
    assert text(page, "[rel=next]").endswith("lần thứ 6")


async def test_capture_page_tells_how_to_cite(web: httpx.AsyncClient, home: Home) -> None:
    capture = shorten(value(home, "select capture_id from articles where url like '%hop-dang-vien.html'"))
    cite = text(await read(web, f"/ban-luu/{capture}"), ".cite")
    assert cite == (
        "Họp bàn công tác kết nạp đảng viên ở khu dân cư. Trang thử nghiệm. "
        "Bản lưu Thứ Ba, 24/11/2026, 07:00 "
        f"(giờ Việt Nam), Ký ức Quy Nhơn. http://kho.test/ban-luu/{capture}"
    )


@pytest.mark.parametrize(
    "path",
    ["/bai/00000000000", "/bai/zzzzzzzzzzz", "/muc/00000000000", "/ban-luu/00000000000", "/x", "/x/y/z"],
)
async def test_what_is_not_there_says_so_in_vietnamese(web: httpx.AsyncClient, path: str) -> None:
    assert text(await read(web, path, status=404), "h1") == "Không có trang này"


async def test_english_is_one_prefix_away(web: httpx.AsyncClient, home: Home) -> None:
    path = address(home, "hop-dang-vien.html")
    page = await read(web, f"/en{path}")
    assert page.css_first("html").attributes["lang"] == "en"
    assert "Wednesday, 30 September 2026, 19:09" in text(page, ".story")
    assert [node.attributes["href"] for node in page.css(".languages a")] == [path, f"/en{path}"]


async def test_lang_parameter_leads_to_the_language(web: httpx.AsyncClient) -> None:
    answer = await web.get("/tim?q=bien&lang=en")
    assert (answer.status_code, answer.headers["location"]) == (302, "/en/tim?q=bien")


@pytest.mark.parametrize("path", ["/", "/en", "/tim?q=bien", "/en/tim?q=bien"])
async def test_every_page_is_under_100_kb(web: httpx.AsyncClient, path: str) -> None:
    assert len((await web.get(path)).content) < 100_000


async def test_datasettes_own_pages_lead_back_to_the_archive(web: httpx.AsyncClient) -> None:
    for path in ("/quynhon", "/quynhon/articles"):
        page = (await web.get(path)).text
        assert '<a href="/">Ký ức Quy Nhơn</a>' in page
        assert "datasette.css" in page


async def test_what_columns_mean_does_not_stand_before_the_rows(web: httpx.AsyncClient) -> None:
    page = LexborHTMLParser((await web.get("/quynhon/articles")).text)
    meanings = page.css("dl.column-descriptions dd")
    assert len(meanings) > 15
    assert len(page.css("details.columns:not([open]) > dl dd")) == len(meanings)
    assert len(page.css("table.rows-and-columns tbody tr")) == 20


async def test_name_and_keeper_come_from_archive_toml(tmp_path: Path) -> None:
    made = archive.Archive(tmp_path / "archive")
    text = '[archive]\nname = "Kho Quy Nhơn"\noperator = "Thư viện"\nemail = "kho@quynhon.test"\n'
    made.home.config.write_text(text, "utf-8")
    datasette = serve(made.done())
    page = (await datasette.client.get("/")).text
    assert "<title>Kho Quy Nhơn</title>" in page
    assert 'Thư viện <a href="mailto:kho@quynhon.test">kho@quynhon.test</a>' in page
    stop(datasette)
