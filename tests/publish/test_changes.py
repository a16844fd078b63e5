"""What the portal changed and removed, as a reader sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from quynhon_crawler.home import Home
from quynhon_crawler.publish.screens.compare import compare, paragraphs
from tests.publish.archive import PDF, Archive, article, with_changes
from tests.publish.conftest import address, serve, stop
from tests.publish.test_pages import read, text


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Archive(tmp_path_factory.mktemp("changed") / "archive")
    with_changes(made)
    return made.done()


@pytest.fixture
async def site(changed: Home) -> AsyncIterator[httpx.AsyncClient]:
    datasette = serve(changed)
    transport = httpx.ASGITransport(app=datasette.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://kho.test") as client:
        yield client
    stop(datasette)


async def test_changes_are_listed_the_latest_first(site: httpx.AsyncClient) -> None:
    kinds = [node.text() for node in (await read(site, "/thay-doi")).css(".what")]
    assert kinds == ["đăng lại", "đã gỡ", "đã gỡ", "đã sửa"]


async def test_removed_articles_are_those_still_gone(site: httpx.AsyncClient) -> None:
    titles = [node.text() for node in (await read(site, "/da-go")).css(".changes .about > a")]
    assert titles == ["Phường Ghềnh Ráng dọn vệ sinh bãi biển lần thứ 2"]


async def test_home_tells_of_the_latest_changes(site: httpx.AsyncClient) -> None:
    assert len((await read(site, "/")).css(".changes li")) == 4


async def test_a_removed_article_says_so_and_stays_readable(site: httpx.AsyncClient, changed: Home) -> None:
    page = await read(site, address(changed, "/bai-2.html"))
    assert "Cổng thông tin đã gỡ bài này" in text(page, ".notice")
    assert "Bà con chia thành bốn tổ." in text(page, ".prose")


async def test_a_changed_article_leads_to_the_comparison(site: httpx.AsyncClient, changed: Home) -> None:
    path = address(changed, "/bai-1.html")
    page = await read(site, path)
    assert "Bài đã được cổng thông tin sửa" in text(page, ".notice")
    assert page.css_first(f'a[href="{path}/so-sanh"]') is not None


async def test_the_comparison_marks_the_words_that_differ(site: httpx.AsyncClient, changed: Home) -> None:
    page = await read(site, address(changed, "/bai-1.html") + "/so-sanh")
    body = page.css("tr.differs")[-1]
    assert [node.text() for node in body.css("del")] == ["bốn"]
    assert [node.text() for node in body.css("ins")] == ["năm"]
    assert len(page.css("tr.differs")) == 2


@pytest.mark.parametrize("query", ["?tu=1&den=9", "?tu=9", "?tu=9&den=2"])
async def test_versions_that_are_not_there(site: httpx.AsyncClient, changed: Home, query: str) -> None:
    await read(site, address(changed, "/bai-1.html") + "/so-sanh" + query, status=404)


async def test_an_unchanged_article_has_nothing_to_compare(site: httpx.AsyncClient, changed: Home) -> None:
    await read(site, address(changed, "/bai-2.html") + "/so-sanh", status=404)


async def test_documents_are_a_table_the_latest_first(site: httpx.AsyncClient) -> None:
    rows = (await read(site, "/van-ban")).css(".data tbody tr")
    assert [row.css_first("th").text() for row in rows] == ["12/QĐ-UBND", "7/CT-UBND"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("dat ten duong", ["12/QĐ-UBND"]),
        ("12/qd", ["12/QĐ-UBND"]),
        ("bão chỉ thị", ["7/CT-UBND"]),
        ("%", []),
        ('"đặt tên"', ["12/QĐ-UBND"]),
        ("“dat ten”", ["12/QĐ-UBND"]),
        ('"tên đặt"', []),
        ("duon*", ["12/QĐ-UBND"]),
        ("duon", []),
        ("ubnd -duong", ["7/CT-UBND"]),
        ('ubnd –"dat ten"', ["7/CT-UBND"]),
        ("5/8/2026", ["12/QĐ-UBND"]),
    ],
)
async def test_documents_are_found_without_marks(
    site: httpx.AsyncClient, words: str, expected: list[str]
) -> None:
    page = await read(site, "/van-ban?q=" + words.replace("%", "%25"))
    assert [node.text() for node in page.css(".data tbody th")] == expected


async def test_a_documents_file_comes_from_the_archive(site: httpx.AsyncClient) -> None:
    link = (await read(site, "/van-ban")).css_first(".data tbody a")
    assert (await site.get(str(link.attributes["href"]))).content == PDF


def test_comparing_escapes() -> None:
    line = compare("a <b>", "a <i>")
    assert str(line.new) == "a &lt;<ins>i</ins>&gt;"


def test_added_and_removed_paragraphs() -> None:
    lines = paragraphs("một\n\nhai", "một\n\nhai\n\nba")
    assert [(str(line.old), str(line.new)) for line in lines] == [
        ("một", "một"),
        ("hai", "hai"),
        ("", "<ins>ba</ins>"),
    ]


@pytest.mark.parametrize("width", [3_000, 60_000])
def test_comparing_long_texts_is_quick(width: int) -> None:
    import time

    start = time.monotonic()
    compare("a b " * width, "b a c " * width)
    assert time.monotonic() - start < 1


async def test_documents_are_found_by_their_day_and_nothing_found_helps(site: httpx.AsyncClient) -> None:
    for typed in ("quyet dinh 2026", "05/08/2026", "2026-08"):
        assert [node.text() for node in (await read(site, f"/van-ban?q={typed}")).css("tbody th")] == [
            "12/QĐ-UBND"
        ]
    nothing = await read(site, "/van-ban?q=khong+co")
    assert [node.attributes["href"] for node in nothing.css("main ul a")] == ["/van-ban", "/tim?q=khong%20co"]


async def test_an_article_says_how_to_cite_it(site: httpx.AsyncClient, changed: Home) -> None:
    path = address(changed, "/bai-1.html")
    cited = text(await read(site, path), ".cite")
    assert cited.startswith("Tiêu đề đã sửa. Trang thử nghiệm. Bản lưu Thứ Ba, 24/11/2026")
    assert cited.endswith(f"http://kho.test{path}")


async def test_what_stayed_the_same_for_long_is_folded(tmp_path: Path) -> None:
    made = Archive(tmp_path / "archive")
    old = [f"Đoạn thứ {number}." for number in range(9)]
    for body in (old, [*old, "Đoạn thêm."]):
        made.article(article(1, body="\n\n".join(body)))
    home = made.done()
    datasette = serve(home)
    answer = await datasette.client.get(address(home, "/bai-1.html") + "/so-sanh")
    stop(datasette)
    page = LexborHTMLParser(answer.text)
    assert text(page, ".same summary") == "9 đoạn không đổi"
    assert [node.text() for node in page.css(".same p")] == old
    assert text(page, ".differs ins") == "Đoạn thêm."


async def test_an_article_removed_twice_is_listed_once(tmp_path: Path) -> None:
    made = Archive(tmp_path / "archive")
    for _ in range(2):
        made.article(article(1))
        made.gone(article(1).url)
    datasette = serve(made.done())
    answer = await datasette.client.get("/da-go")
    stop(datasette)
    assert len(LexborHTMLParser(answer.text).css(".changes li")) == 1


async def test_a_documents_number_finds_it(site: httpx.AsyncClient) -> None:
    for typed in ("12/QĐ-UBND", "12/qđ-ubnd", "quyet dinh 12/qd-ubnd", "012 /QĐ-UBND"):
        page = await read(site, f"/tim?q={typed}")
        assert text(page, ".named li a") == "12/QĐ-UBND"
        assert "Không tìm thấy" not in text(page, "main")


async def test_a_paragraph_that_only_one_version_has(tmp_path: Path) -> None:
    """The empty side says so; versions of one minute are told apart by their seconds."""
    made = Archive(tmp_path / "archive")
    made.article(article(1))
    made.article(article(1, body="Bà con chia thành bốn tổ.\n\nRác được phân loại ngay tại chỗ.\n\nMưa."))
    home = made.done()
    datasette = serve(home)
    page = LexborHTMLParser((await datasette.client.get(address(home, "/bai-1.html") + "/so-sanh")).text)
    stop(datasette)
    assert [cell.text() for cell in page.css("tr.differs td")] == ["(không có)", "Mưa."]
    assert [head.text()[-8:] for head in page.css("thead th")] == ["07:00:01", "07:00:02"]
