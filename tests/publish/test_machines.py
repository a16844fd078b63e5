"""What machines read: feeds, sitemaps, robots.txt, linked data, the description of the open data."""

from __future__ import annotations

import json
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx

from quynhon_crawler.home import Home
from tests.publish.conftest import address
from tests.publish.test_pages import read, text

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


async def test_the_feed_names_articles_by_their_permanent_address(web: httpx.AsyncClient, home: Home) -> None:
    answer = await web.get("/tin.xml")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 25
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert f"http://kho.test{address(home, 'hop-dang-vien.html')}" in ids
    updated = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert updated == sorted(updated, reverse=True)


async def test_a_section_has_its_own_feed(web: httpx.AsyncClient) -> None:
    page = await read(web, str((await read(web, "/")).css(".sections a")[1].attributes["href"]))
    feed = page.css('link[type="application/atom+xml"]')[-1].attributes["href"]
    entries = ElementTree.fromstring((await web.get(str(feed))).content).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "Họp bàn công tác kết nạp đảng viên ở khu dân cư"
    ]


async def test_the_sitemap_leads_to_every_article(web: httpx.AsyncClient) -> None:
    index = ElementTree.fromstring((await web.get("/sitemap.xml")).content)
    found = []
    for part in index.iter(f"{MAP}loc"):
        answer = await web.get(urlsplit(part.text or "").path)
        found += [node.text or "" for node in ElementTree.fromstring(answer.content).iter(f"{MAP}loc")]
    assert len(found) == len(set(found)) == 25
    assert (await web.get(urlsplit(found[0]).path)).status_code == 200


async def test_robots_are_led_to_the_sitemap_and_away_from_endless_pages(web: httpx.AsyncClient) -> None:
    lines = (await web.get("/robots.txt")).text.splitlines()
    assert "Sitemap: http://kho.test/sitemap.xml" in lines
    assert "Disallow: /tim" in lines
    assert "Disallow: /quynhon" in lines


async def test_linked_data_of_an_article(web: httpx.AsyncClient, home: Home) -> None:
    page = await read(web, address(home, "hop-dang-vien.html"))
    said = json.loads(text(page, 'script[type="application/ld+json"]'))
    assert said["@type"] == "NewsArticle"
    assert said["headline"] == "Họp bàn công tác kết nạp đảng viên ở khu dân cư"
    assert said["datePublished"] == "2026-09-30T19:09:00+07:00"
    assert said["author"] == {"@type": "Person", "name": "Linh"}
    assert (await web.get(said["image"])).headers["content-type"] == "image/jpeg"


async def test_every_api_example_runs(web: httpx.AsyncClient) -> None:
    page = await read(web, "/du-lieu")
    examples = [str(node.attributes["href"]) for node in page.css(".examples")[0].css("a")]
    assert len(examples) == 6
    for example in examples:
        answer = await web.get(example, follow_redirects=True)
        assert (answer.status_code, bool(answer.content.strip())) == (200, True), example


async def test_the_tables_described_are_those_that_are_open(web: httpx.AsyncClient) -> None:
    page = await read(web, "/du-lieu")
    names = [node.text() for node in page.css(".examples")[1].css("dt")]
    assert "articles" in names
    assert "takedowns" not in names
    for name in names:
        assert (await web.get(f"/quynhon/{name}.json?_size=1&_nocount=1")).status_code == 200, name


async def test_state_shows_the_last_crawl(web: httpx.AsyncClient) -> None:
    row = text(await read(web, "/tinh-trang"), ".data tbody tr")
    assert row.startswith("Thứ Ba, 24/11/2026, 07:00 Trang thử nghiệm xong")


async def test_writers_are_listed_by_unit(web: httpx.AsyncClient) -> None:
    page = await read(web, "/tac-gia")
    assert [node.text() for node in page.css("main h2")] == ["Văn phòng Thành ủy 1", "Không ghi đơn vị 24"]
    assert [" ".join(node.text().split()) for node in page.css(".chips li")] == ["Linh 1", "Phi Hùng 24"]


async def test_a_writer_has_a_page_of_articles(web: httpx.AsyncClient) -> None:
    page = await read(web, str((await read(web, "/tac-gia")).css(".chips a")[1].attributes["href"]))
    assert text(page, "h1") == "Phi Hùng"
    assert len(page.css(".card")) == 20
    assert len((await read(web, str(page.css_first("[rel=next]").attributes["href"]))).css(".card")) == 4


async def test_a_unit_has_a_page_of_the_articles_of_all_its_writers(web: httpx.AsyncClient) -> None:
    unit = (await read(web, "/tac-gia")).css_first("h2 a")
    page = await read(web, str(unit.attributes["href"]))
    assert text(page, "h1") == "Văn phòng Thành ủy"
    assert [node.text() for node in page.css(".card h2")] == [
        "Họp bàn công tác kết nạp đảng viên ở khu dân cư"
    ]
    await read(web, "/don-vi?ten=khong-co", 404)


async def test_pictures_are_found_by_event_and_month(web: httpx.AsyncClient) -> None:
    page = await read(web, "/anh")
    assert len(page.css(".gallery li")) == 17
    chips = page.css(".filters .chips a")
    assert [" ".join(chip.text().split()) for chip in chips] == ["HNTK 1", "tháng 9/2026 1"]
    for chip in chips:
        found = await read(web, str(chip.attributes["href"]))
        assert [" ".join(node.text().split()) for node in found.css(".gallery li")] == [
            "Quang cảnh buổi họp HNTK092026001"
        ]
        assert (
            len((await read(web, str(found.css_first(".chips .on").attributes["href"]))).css(".gallery li"))
            == 17
        )
