"""When articles were published: the tables that the charts are drawn from, and the pages of days."""

from __future__ import annotations

import hashlib
import re
import tomllib
from importlib import resources
from pathlib import Path

import httpx
import pytest

from quynhon_crawler.model import Section
from quynhon_crawler.publish.screens.calendar import named_sections, timeline
from tests.publish import archive
from tests.publish.conftest import serve, stop

ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)


def table(page: str, name: str) -> list[list[str]]:
    """The words of a table's cells."""
    inside = page.split(f'id="{name}"')[1].split("</table>")[0]
    cells = [re.split(r"</t[hd]>", row)[:-1] for row in ROW.findall(inside)]
    return [[re.sub(r"<[^>]*>", "", cell).strip() for cell in row] for row in cells]


@pytest.fixture
async def web(tmp_path: Path) -> httpx.AsyncClient:
    """Articles of two years: one in 2024, three in 2025, two of them on a day."""
    made = archive.Archive(tmp_path / "archive")
    party = (archive.PARTY,)
    made.article(archive.article(1, published_at="2024-02-29T08:00:00+07:00"))
    made.article(archive.article(2, published_at="2025-03-01T08:00:00+07:00", sections=party))
    made.article(archive.article(3, published_at="2025-03-01T23:59:00+07:00"))
    made.article(archive.article(4, published_at="2025-04-02", title="Ngày không giờ"))
    made.article(archive.article(5, published_at=None, title="Không ngày"))
    datasette = serve(made.done())
    transport = httpx.ASGITransport(app=datasette.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://kho.test") as client:
        yield client  # type: ignore[misc]
    stop(datasette)


async def test_years_and_sections_are_counted(web: httpx.AsyncClient) -> None:
    page = (await web.get("/thoi-gian")).text
    assert table(page, "bang-thoi-gian") == [
        ["Thời gian", "Tin tức - Sự kiện", "Xây dựng Đảng", "Tổng"],
        ["2024", "1", "", "1"],
        ["2025", "2", "1", "3"],
    ]


async def test_the_last_year_is_shown_by_month_and_day(web: httpx.AsyncClient) -> None:
    page = (await web.get("/thoi-gian")).text
    assert [row[0] for row in table(page, "bang-thang")[1:]] == ["tháng 3/2025", "tháng 4/2025"]
    march = table(page, "bang-lich")[3]
    assert (march[0], march[1], "".join(march[2:])) == ("tháng 3", "2", "")
    assert 'href="/ngay/2025-03-01"' in page


async def test_another_year_may_be_chosen_and_has_its_own_calendar(web: httpx.AsyncClient) -> None:
    february = table((await web.get("/thoi-gian?nam=2024")).text, "bang-lich")[2]
    assert february[29] == "1"


async def test_one_section_may_be_chosen(web: httpx.AsyncClient) -> None:
    page = (await web.get("/thoi-gian")).text
    party = re.search(r'href="(/thoi-gian\?muc=\w{11})#lich"[^>]*>Xây dựng Đảng', page)
    assert party is not None
    assert table((await web.get(party[1])).text, "bang-lich")[3][1] == "1"


async def test_a_day_shows_its_articles_and_the_days_beside_it(web: httpx.AsyncClient) -> None:
    page = (await web.get("/ngay/2025-03-01")).text
    assert page.count('<li class="card') == 2
    assert 'rel="prev" href="/ngay/2024-02-29"' in page
    assert 'rel="next" href="/ngay/2025-04-02"' in page


async def test_a_month_shows_its_articles(web: httpx.AsyncClient) -> None:
    page = (await web.get("/ngay/2025-04")).text
    assert "Ngày không giờ" in page
    assert 'rel="prev" href="/ngay/2025-03"' in page


@pytest.mark.parametrize("path", ["/ngay/2025-02-30", "/ngay/2025-13", "/thoi-gian?muc=00000000001"])
async def test_what_no_calendar_has_is_not_found(web: httpx.AsyncClient, path: str) -> None:
    assert (await web.get(path)).status_code == 404


async def test_an_empty_archive_has_no_chart(tmp_path: Path) -> None:
    datasette = serve(archive.Archive(tmp_path / "archive").done())
    page = await datasette.client.get("/thoi-gian")
    assert (page.status_code, "<canvas" in page.text) == (200, False)
    stop(datasette)


def test_small_sections_are_shown_together() -> None:
    rows = [
        {"period": "2025", "section_id": number, "section": f"Mục {number}", "articles": 10 - number}
        for number in range(9)
    ]
    made = timeline(rows, named_sections(rows))  # type: ignore[arg-type]
    assert [title for _, title in made.sections] == [*(f"Mục {number}" for number in range(6)), None]
    assert made.periods == [("2025", [10, 9, 8, 7, 6, 5, 4 + 3 + 2])]


def test_a_section_without_a_title_leaves_room_for_the_others() -> None:
    rows = [
        {"period": "2025", "section_id": number, "section": number and "Mục", "articles": 1}
        for number in (None, *range(1, 8))
    ]
    assert len(timeline(rows, named_sections(rows)).sections) == 7  # type: ignore[arg-type]


async def test_a_colour_means_one_section_in_all_charts(tmp_path: Path) -> None:
    """Nine sections; the last of the archive are the first of its last year."""
    made = archive.Archive(tmp_path / "archive")
    sections = [Section(f"Mục {number}", f"{archive.HOST}/muc-{number}") for number in range(9)]
    days = [("2024", number) for number in range(9) for _ in range(12 - number)]
    days += [("2025", number) for number in (8, 8, 7)] + [("2025", number) for number in (0, 4)]
    for number, (year, section) in enumerate(days):
        at = f"{year}-03-01T08:00:00+07:00"
        made.article(archive.article(number, published_at=at, sections=(sections[section],)))
    datasette = serve(made.done())
    page = (await datasette.client.get("/thoi-gian")).text
    stop(datasette)
    charts = [
        dict(
            re.findall(
                r'data-series="(\d)"[^>]*>([^<]+)<', page.split(f'id="{name}"')[1].split("</thead>")[0]
            )
        )
        for name in ("bang-thoi-gian", "bang-thang")
    ]
    years, months = charts
    assert len(years) == len(set(years.values())) == 7
    assert months.items() <= years.items()
    assert {"Mục 8", "Mục 7", "Mục 0"} <= set(months.values())


async def test_related_articles_share_tags_the_rare_ones_first(tmp_path: Path) -> None:
    made = archive.Archive(tmp_path / "archive")
    common = Section("Tin tức", f"{archive.HOST}/tin-tuc")
    for number, tags in enumerate([("đất", "cầu"), ("đất",), ("đất",), ("cầu",), ()]):
        made.article(archive.article(number, title=f"Bài {number}", tags=tags, sections=(common,)))
    datasette = serve(made.done())
    home = (await datasette.client.get("/")).text
    address = re.search(r'href="(/bai/\w{11})">Bài 0<', home)
    assert address is not None
    page = (await datasette.client.get(address[1])).text
    related = page.split('id="cung-tu-khoa"')[1].split("</section>")[0]
    assert re.findall(r"Bài \d", related) == ["Bài 3", "Bài 2", "Bài 1"]
    stop(datasette)


def test_other_peoples_scripts_are_as_they_were_published() -> None:
    folder = resources.files("quynhon_crawler.publish") / "static" / "vendor"
    listed = tomllib.loads((folder / "vendored.toml").read_text("utf-8"))
    for name, entry in listed.items():
        assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], name
        assert entry["licence"] in (folder / f"{name}.LICENSE.txt").read_text("utf-8")
    scripts = {entry.name for entry in folder.iterdir() if entry.name.endswith(".js")}
    assert scripts == {entry["file"] for entry in listed.values()}


async def test_a_day_without_articles_is_no_page_but_leads_on(web: httpx.AsyncClient) -> None:
    answer = await web.get("/ngay/2025-03-15")
    assert answer.status_code == 404
    assert "Không có bài nào đăng vào lúc này" in answer.text
    assert 'href="/ngay/2025-03-01"' in answer.text


@pytest.mark.parametrize(("year", "status"), [("2024", 200), ("1800", 404), ("abcd", 200), ("20245", 200)])
async def test_a_year_that_has_none(web: httpx.AsyncClient, year: str, status: int) -> None:
    """What cannot be a year is as if it were not there."""
    assert (await web.get(f"/thoi-gian?nam={year}")).status_code == status


async def test_the_days_of_the_table_have_names(web: httpx.AsyncClient) -> None:
    assert (
        'href="/ngay/2025-03-01" aria-label="01/03/2025: 2 bài">2</a>' in (await web.get("/thoi-gian")).text
    )


async def test_only_months_with_articles_are_linked(web: httpx.AsyncClient) -> None:
    page = (await web.get("/thoi-gian")).text
    assert set(re.findall(r'href="(/ngay/2025-\d\d)"', page)) == {"/ngay/2025-03", "/ngay/2025-04"}
