"""The screens of an archive of several portals: they fit, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from quynhon_crawler.home import Home
from quynhon_crawler.model import stable_id
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.urls import url_key
from tests.publish import archive
from tests.publish.archive import page_of, ward
from tests.publish.browser.conftest import shoot
from tests.publish.browser.test_screens import ALL
from tests.publish.conftest import running

pytestmark = pytest.mark.browser

SCREENS = {
    "cong-trang-dau": "/",
    "cong-danh-sach": "/cong",
    "cong-tim": "/en/cong?q=dong+da+11",
    "cong-mot": page_of(ward(7)),
    "cong-thanh-pho": page_of(f"{archive.HOST}/"),
    "cong-tieng-anh": "/en" + page_of(ward(7)),
    "cong-tim-bai": f"/tim?q=hop&cong={page_of(ward(7))[6:]}",
    "cong-thoi-gian": f"/thoi-gian?cong={page_of(ward(7))[6:]}",
    "cong-bai": "/bai/" + shorten(stable_id(url_key(f"{ward(7)}tin/bai.html"))),
    "cong-tinh-trang": "/tinh-trang",
}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    made = archive.small(tmp_path_factory.mktemp("several") / "archive")
    archive.with_wards(made, 40)
    home: Home = made.done()
    with running(home) as origin:
        yield origin


def test_they_fit_and_axe_finds_nothing(page: Page) -> None:
    for name, path in SCREENS.items():
        page.goto(path)
        shoot(page, name)
        wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, name
        found = Axe().run(page, options={"runOnly": ALL})
        assert found.violations_count == 0, f"{name}: {found.generate_report()[:3000]}"


def test_without_a_script_the_list_leads_to_a_portal_and_its_articles(page: Page) -> None:
    page.goto("/")
    page.click("text=Xem tất cả 41 cổng")
    page.fill("#tim-cong", "dong da 7")
    page.press("#tim-cong", "Enter")
    page.click("text=Phường Đống Đa 7")
    page.fill("#tim", "hop")
    page.press("#tim", "Enter")
    page.click("text=Phường 7 họp dân")
    assert page.url.endswith(SCREENS["cong-bai"])
