"""Search as a reader meets it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.model import Section
from quynhon_crawler.publish.short import shorten
from tests.publish import archive
from tests.publish.conftest import value
from tests.publish.test_pages import read, text
from tests.publish.test_state import site


@pytest.mark.parametrize("words", ["dang vien", "đảng viên", "ĐẢNG VIÊN", "viên đảng"])
async def test_marks_need_not_be_typed(web: httpx.AsyncClient, words: str) -> None:
    page = await read(web, f"/tim?q={words}")
    assert text(page, ".facts") == "1 kết quả"
    assert [node.text() for node in page.css(".card h2 mark")] == ["đảng", "viên"]


async def test_what_was_typed_stays_in_the_box(web: httpx.AsyncClient) -> None:
    page = await read(web, '/tim?q="><script>alert(1)</script>')
    assert page.css_first("input").attributes["value"] == '"><script>alert(1)</script>'
    assert not page.css("script")


async def test_nothing_found_helps_on(web: httpx.AsyncClient) -> None:
    page = await read(web, "/tim?q=khongcotunay")
    assert "Không tìm thấy bài nào cho “khongcotunay”." in text(page, "main")
    assert [node.text() for node in page.css(".sections a")] == ["Tin tức - Sự kiện", "Xây dựng Đảng"]


async def test_a_section_narrows(web: httpx.AsyncClient, home: Home) -> None:
    section = shorten(value(home, "select id from sections where title = 'Xây dựng Đảng'"))
    page = await read(web, f"/tim?q=hop&muc={section}")
    assert (text(page, ".facts"), len(page.css(".card"))) == ("1 kết quả", 1)


async def test_a_chip_leads_to_fewer_results_and_back(web: httpx.AsyncClient, home: Home) -> None:
    page = await read(web, "/tim?q=ngay")
    total = text(page, ".facts")
    author = shorten(value(home, "select id from authors where byline = 'Phi Hùng'"))
    narrowed = await read(web, f"/tim?q=ngay&tacgia={author}")
    assert text(narrowed, ".facts") == total == "24 kết quả"
    chip = narrowed.css_first(".chips a.on")
    assert chip.attributes["href"] == "/tim?q=ngay"
    assert chip.attributes["aria-label"] == "Bỏ lọc: Phi Hùng"


async def test_more_sections_than_fit_are_folded(tmp_path: Path) -> None:
    made = archive.Archive(tmp_path / "archive")
    for number in range(15):
        section = Section(f"Mục {number}", f"{archive.HOST}/muc-{number}")
        made.article(archive.article(number, sections=(section,)))
    async with site(made.done()) as web:
        page = await read(web, "/tim?q=bien")
    groups = page.css(".filters > .chips")
    assert [len(group.css("li")) for group in groups] == [12]
    assert text(page, ".filters details summary") == "+ 3"
    assert len(page.css(".filters details li")) == 3
    assert len({node.attributes["href"] for node in page.css(".filters a")}) == 15


async def test_results_come_in_pages(web: httpx.AsyncClient) -> None:
    page = await read(web, "/tim?q=bien")
    assert len(page.css(".card")) == 20
    second = await read(web, str(page.css_first("[rel=next]").attributes["href"]))
    assert len(second.css(".card")) == 4


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%22", "q=*", "q=AND", "q=NEAR(", "q=title:", "q=%F0%9F%98%80", "q=%FF", "muc=", "nam=2026",
     "trang=99999999999999999999", "trang=-1", "tacgia=+", "loai=video&q=bien", "q=" + "a" * 5000],
)  # fmt: skip
async def test_no_query_is_an_error(web: httpx.AsyncClient, query: str) -> None:
    assert (await web.get(f"/tim?{query}")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/tim?muc=x", "/tim"),
        ("/tim?q=hoi&muc=zzz", "/tim?q=hoi"),
        ("/tim?q=hoi&nam=abcd&trang=2", "/tim?q=hoi"),
        ("/tim?q=hoi&nam=-1&loai=video", "/tim?q=hoi&loai=video"),
        ("/tim?loai=x&q=%C4%91i+ch%E1%BB%A3", "/tim?q=%C4%91i+ch%E1%BB%A3"),
        ("/en/tim?q=hoi&tacgia=%27&cong=1", "/en/tim?q=hoi"),
        ("/tim?q=hoi&muc=zzz&muc=yyy&nam=%0d%0aSet-Cookie:a=b", "/tim?q=hoi"),
        ("/tim?q=a%0d%0aSet-Cookie:%20a%3db&muc=x", "/tim?q=a%0D%0ASet-Cookie%3A+a%3Db"),
    ],
)
async def test_a_filter_that_cannot_be_meant_is_taken_out_of_the_address(
    web: httpx.AsyncClient, asked: str, kept: str
) -> None:
    answer = await web.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (302, kept)
    assert (await web.get(kept)).status_code == 200


async def test_a_question_that_is_too_long_says_what_was_searched_for(web: httpx.AsyncClient) -> None:
    page = (await web.get("/tim?q=" + "bien+" * 12_000)).text
    assert len(page) < 40_000
    assert "chỉ tìm theo 200 ký tự đầu" in page
    assert "chỉ tìm theo" not in (await web.get("/tim?q=" + "bien+" * 30)).text


async def test_what_a_minus_stands_before_is_left_out(web: httpx.AsyncClient) -> None:
    assert text(await read(web, "/tim?q=ghenh"), ".facts") == "24 kết quả"
    page = await read(web, "/tim?q=ghenh -7")
    assert text(page, ".facts") == "23 kết quả"
    chips = {node.text(): node for node in page.css(".chips .count")}
    assert "24" not in chips


async def test_i_for_y_leads_to_what_was_meant(tmp_path: Path) -> None:
    made = archive.Archive(tmp_path / "archive")
    made.article(archive.article(1, title="Quy Nhơn đón khách"))
    async with site(made.done()) as web:
        page = await read(web, "/tim?q=qui nhơn")
        hint = page.css_first("main p a")
        assert (hint.text(), hint.attributes["href"]) == ("quy nhơn", "/tim?q=quy%20nh%C6%A1n")
        for typed in ("quy nhơn", "đi khách"):
            assert "Có phải bạn tìm" not in text(await read(web, f"/tim?q={typed}"), "main")


async def test_a_slip_of_a_finger_leads_to_what_was_meant(web: httpx.AsyncClient) -> None:
    page = await read(web, "/tim?q=bãi bein")
    hint = page.css_first("main p a")
    assert "Có phải bạn tìm" in text(page, "main")
    assert (hint.text(), hint.attributes["href"]) == ("bãi bien", "/tim?q=b%C3%A3i%20bien")
    assert text(await read(web, str(hint.attributes["href"])), ".facts") == "24 kết quả"
    for typed in ("bien", "xqzw", "Linh_VPTU", "30/09/2026"):
        assert "Có phải bạn tìm" not in text(await read(web, f"/tim?q={typed}"), "main")


async def with_documents(tmp_path: Path) -> Home:
    made = archive.Archive(tmp_path / "archive")
    archive.with_changes(made)
    return made.done()


async def test_results_lead_on_to_the_documents(tmp_path: Path) -> None:
    async with site(await with_documents(tmp_path)) as web:
        page = await read(web, "/tim?q=ghenh rang")
    assert page.css_first(".beyond a").attributes["href"] == "/van-ban?q=ghenh%20rang"


async def test_a_minus_alone_says_what_was_searched_for(web: httpx.AsyncClient) -> None:
    assert "kho tìm chính từ ấy" in text(await read(web, "/tim?q=-ghenh"), "main")
    assert "kho tìm chính từ ấy" not in text(await read(web, "/tim?q=ghenh -bien"), "main")


async def test_pages_of_results_go_on_and_back_not_older_and_newer(web: httpx.AsyncClient) -> None:
    assert text(await read(web, "/tim?q=bien"), ".pager [rel=next]") == "Trang sau →"
    assert text(await read(web, "/tim?q=bien&trang=2"), ".pager [rel=prev]") == "← Trang trước"


@pytest.mark.parametrize(
    "path",
    ["/tim?q=bien&trang=3", "/tim?q=bien&trang=999", "/van-ban?trang=2", "/anh?trang=2", "/anh?ma=KHONG",
     "/anh?thang=1999-01", "/thay-doi?trang=2", "/da-go?trang=2", "/ngay/2026-09?trang=2"],
)  # fmt: skip
async def test_past_the_last_page_there_is_nothing(web: httpx.AsyncClient, path: str) -> None:
    await read(web, path, status=404)


async def test_no_word_of_what_was_taken_down_alone_is_offered(tmp_path: Path) -> None:
    made = archive.Archive(tmp_path / "archive")
    made.article(archive.article(1, title="Chuyện bí mật"))
    made.article(archive.article(2, title="Chuyện vui"))
    made.store.add_takedown(archive.article(1).url, reason="theo yêu cầu", at="2026-11-25T00:00:00Z")
    async with site(made.done()) as web:
        assert "Có phải bạn tìm" not in text(await read(web, "/tim?q=chuyen bi maat"), "main")
        assert "chuyen vui" in text(await read(web, "/tim?q=chuyen viu"), "main")
