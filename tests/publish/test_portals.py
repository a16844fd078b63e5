"""An archive of several portals: a page for each, a list, names on cards, search and feeds by portal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from bs4 import BeautifulSoup

from quynhon_crawler.home import Home
from quynhon_crawler.model import stable_id
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.store import Store
from quynhon_crawler.urls import url_key
from tests.publish import archive
from tests.publish.archive import page_of, ward
from tests.publish.conftest import serve, stop

WARDS = 120
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small archive, and wards beside it: each with an article, one that is incomplete."""
    made = archive.small(tmp_path_factory.mktemp("several"))
    archive.with_wards(made, WARDS)
    return made.done()


@pytest.fixture
async def web(several: Home) -> AsyncIterator[httpx.AsyncClient]:
    served = serve(several)
    await served.invoke_startup()
    transport = httpx.ASGITransport(app=served.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://kho.test") as client:
        yield client
    stop(served)


async def soup(web: httpx.AsyncClient, path: str) -> BeautifulSoup:
    answer = await web.get(path)
    assert answer.status_code == 200, path
    assert len(answer.content) < 100_000, path
    assert answer.headers["etag"]
    assert "default-src" in answer.headers["content-security-policy"]
    return BeautifulSoup(answer.text, "lxml")


async def test_a_portal_has_a_page_with_all_that_is_its_own(web: httpx.AsyncClient) -> None:
    shown = await soup(web, page_of(ward(7)))
    assert shown.h1 is not None
    assert shown.h1.get_text() == "Phường Đống Đa 7"
    assert shown.select_one(f'a[href="{ward(7)}"]') is not None
    assert [each.get_text() for each in shown.select(".cards h3")] == ["Phường 7 họp dân"]
    assert [each.get_text() for each in shown.select("ul.sections a")] == ["Tin phường"]
    assert shown.select_one('a[href^="/thoi-gian?cong="]') is not None
    crawls = [row.get_text(" ", strip=True) for row in shown.select("#dot + .scroll tbody tr")]
    assert len(crawls) == 1
    assert "1 / 9" in crawls[0]
    lists = [row.get_text(" ", strip=True) for row in shown.select("#danh-sach + .scroll tbody tr")]
    assert len(lists) == 1
    assert lists[0].endswith("9 1 1")


async def test_the_page_is_the_same_in_english_and_named_in_the_path(web: httpx.AsyncClient) -> None:
    assert "Search in this portal" in (await web.get("/en" + page_of(ward(7)))).text
    url = f"{ward(7)}tin/bai.html"
    shown = await soup(web, "/bai/" + shorten(stable_id(url_key(url))))
    steps = [(each.get_text(), each["href"]) for each in shown.select(".path a")]
    assert steps[1] == ("Phường Đống Đa 7", page_of(ward(7)))
    assert steps[2][0] == "Tin phường"
    section = await soup(web, str(steps[2][1]))
    assert [each["href"] for each in section.select(".path a")] == ["/", page_of(ward(7))]


@pytest.mark.parametrize("short", ["00000000000", "zzzzzzzzzzz"])
async def test_there_is_no_other_portal(web: httpx.AsyncClient, short: str) -> None:
    for path in (f"/cong/{short}", f"/cong/{short}/tin.xml", f"/thoi-gian?cong={short}"):
        found = await web.get(path)
        assert found.status_code == (404 if "?" not in path or short[0] == "0" else 200), path


async def test_the_list_is_searched_without_marks_and_sorted(web: httpx.AsyncClient) -> None:
    first = await soup(web, "/cong")
    assert len(first.select(".portals li")) == 100
    assert first.select_one('a[rel="next"]') is not None
    rest = await soup(web, "/cong?trang=2")
    assert len(rest.select(".portals li")) == WARDS + 1 - 100
    assert (await web.get("/cong?trang=3")).status_code == 404
    found = await soup(web, "/cong?q=dong+da+119")
    assert [each.get_text() for each in found.select(".portals a")] == ["Phường Đống Đa 119"]
    most = await soup(web, "/cong?xep=nhieu")
    assert most.select(".portals a")[0].get_text() == "Trang thử nghiệm"
    assert "Không có cổng" in (await soup(web, "/cong?q=khong-co")).get_text()


async def test_cards_say_whose_they_are_and_home_leads_to_portals(web: httpx.AsyncClient) -> None:
    home = await soup(web, "/")
    ward_card = next(card for card in home.select(".card") if "họp dân" in card.get_text())
    number = ward_card.get_text().split("Phường ")[1].split()[0]
    assert ward_card.select_one(".facts span[lang=vi]").get_text() == f"Phường Đống Đa {number}"  # type: ignore[union-attr]
    assert len(home.select("#cong + ul li")) == 12
    assert all(card.select(".facts span[lang=vi]") for card in home.select(".card"))


async def test_search_narrows_to_a_portal(web: httpx.AsyncClient) -> None:
    everywhere = await soup(web, "/tim?q=hop")
    assert len(everywhere.select('.filters > .chips a[href*="cong="]')) == 12
    assert len(everywhere.select('.filters details .chips a[href*="cong="]')) == 48
    there = await soup(web, f"/tim?q=hop&cong={page_of(ward(7))[6:]}")
    assert [each.get_text() for each in there.select(".card h2")] == ["Phường 7 họp dân"]
    assert there.select_one(".chips a.on") is not None


async def test_a_portal_has_a_feed_and_stands_in_the_sitemap(web: httpx.AsyncClient) -> None:
    feed = ElementTree.fromstring((await web.get(page_of(ward(7)) + "/tin.xml")).text)
    assert [each.text for each in feed.iter(f"{ATOM}title")][1:] == ["Phường 7 họp dân"]
    assert "sitemap-cong.xml" in (await web.get("/sitemap.xml")).text
    assert (await web.get("/sitemap-cong.xml")).text.count("<loc>") == WARDS + 2


async def test_the_calendar_of_a_portal_counts_its_own(web: httpx.AsyncClient) -> None:
    shown = await soup(web, f"/thoi-gian?cong={page_of(ward(7))[6:]}")
    assert shown.h1 is not None
    assert "Phường Đống Đa 7" in shown.h1.get_text()
    assert [each.get_text() for each in shown.select("#bang-lich td a")] == ["1"]


async def test_the_state_names_what_is_incomplete_and_no_other(web: httpx.AsyncClient) -> None:
    shown = await soup(web, "/tinh-trang")
    named = [each.get_text() for each in shown.select("#danh-sach + .scroll tbody th")]
    assert named == ["Phường Đống Đa 7"]


async def test_what_is_taken_down_is_on_no_portal_page(tmp_path: Path) -> None:
    made = archive.small(tmp_path)
    made.store.put_portal(name="Khác", home_url=ward(1), system=None, rights=None)
    home = made.done()
    served = serve(home)
    await served.invoke_startup()
    transport = httpx.ASGITransport(app=served.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://kho.test") as web:
        paths = (page_of(f"{archive.HOST}/"), page_of(f"{archive.HOST}/") + "/tin.xml")
        before = [(await web.get(path)).text for path in paths]
        assert all(archive.conference().title in text for text in before)
        with Store.open(home.database) as store:
            store.add_takedown(archive.conference().url, reason="thử")
        after = [(await web.get(path)).text for path in paths]
        assert not any(str(archive.conference().title) in text for text in after)
        with Store.open(home.database) as store:
            store.add_takedown(ward(1), reason="thử")
        assert (await web.get(page_of(ward(1)))).status_code == 410
    stop(served)


async def test_of_one_portal_nothing_of_this_is_in_the_way(home: Home) -> None:
    served = serve(home)
    await served.invoke_startup()
    transport = httpx.ASGITransport(app=served.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://kho.test") as web:
        for path in ("/", "/tim?q=hop"):
            assert "/cong" not in (await web.get(path)).text
            assert "cong=" not in (await web.get(path)).text
        assert "cong" not in (await web.get("/sitemap.xml")).text.replace("cong.quynhon", "")
        assert (await web.get(page_of(f"{archive.HOST}/"))).status_code == 200
    stop(served)
