"""A citizen on a phone: a real Chromium, a real server, typing without marks.

Screenshots of what was seen are left in ``build/screenshots/`` to look at.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from quynhon_crawler.home import Home
from quynhon_crawler.publish.short import shorten
from tests.publish import archive
from tests.publish.conftest import address, serve, stop, value

pytestmark = pytest.mark.browser

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small archive with changes, so that every screen has something to show."""
    made = archive.small(tmp_path_factory.mktemp("browser") / "archive")
    archive.with_changes(made)
    return made.done()


@pytest.fixture(scope="module")
def origin(home: Home) -> Iterator[str]:
    datasette = serve(home)
    config = uvicorn.Config(datasette.app(), port=0, log_level="critical", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    stop(datasette)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "no Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(params=[390, 1280], ids=["phone", "desk"])
def page(browser: Browser, origin: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window that fails the test when a page complains, or asks anyone but our server for anything."""
    window = browser.new_page(viewport={"width": request.param, "height": 844}, base_url=origin)
    window.set_default_timeout(90_000)  # the machine may be doing other things
    complaints: list[str] = []
    window.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type in ("error", "warning") and "404" not in said.text
            else None
        ),
    )
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on("request", lambda asked: None if asked.url.startswith(origin) else complaints.append(asked.url))
    # A picture that was still coming when the reader went on is no fault.
    window.on(
        "requestfailed",
        lambda failed: complaints.append(failed.url) if failed.failure != "net::ERR_ABORTED" else None,
    )
    yield window
    window.close()
    assert complaints == []


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)


def test_search_without_marks_open_read_and_see(page: Page) -> None:
    page.goto("/")
    shoot(page, "trang-dau")
    page.get_by_role("searchbox").fill("ket nap dang vien")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim?q=ket+nap+dang+vien")
    shoot(page, "tim")
    page.get_by_role("link", name="Họp bàn công tác kết nạp đảng viên").click()
    page.wait_for_url("**/bai/*")
    picture = page.locator(".prose img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.prose img').complete")
    assert picture.evaluate("node => node.naturalWidth") > 0
    assert page.get_by_text("Quang cảnh buổi họp").is_visible()
    assert page.get_by_text("Ảnh này chưa lưu được").is_visible()
    shoot(page, "bai")


def test_the_language_switch_stays_on_the_page(page: Page, home: Home) -> None:
    page.goto(address(home, "hop-dang-vien.html"))
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", level=1).inner_text().startswith("Họp bàn công tác")
    assert page.get_by_role("heading", name="Archived copy").is_visible()


def test_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("dang vien")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim?q=dang+vien")
    assert page.evaluate("getComputedStyle(document.querySelector('.card a')).color") != ""


def test_the_raw_record_can_be_downloaded(page: Page, home: Home) -> None:
    page.goto(address(home, "hop-dang-vien.html"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bản ghi gốc (WARC)").click()
    assert download.value.suggested_filename.endswith(".warc.gz")


SERIES = """id => Chart.getChart(document.querySelector(`[data-table=${id}] canvas`)).data.datasets
    .map(set => [set.label, ...set.data.map(item => item.v ?? item)])"""
PLACE = """day => {
    const chart = Chart.getChart(document.querySelector("[data-table=bang-lich] canvas"));
    const place = chart.data.datasets[0].data.findIndex(item => item.cell.dataset.day === day);
    const { x, y } = chart.getDatasetMeta(0).data[place].getCenterPoint();
    return [x, y];
}"""


def test_charts_are_drawn_from_their_tables_and_lead_to_the_articles(page: Page) -> None:
    page.goto("/thoi-gian")
    page.wait_for_selector("html[data-charts=drawn]")
    assert page.locator("figure.chart:visible").count() == 2
    assert page.locator("details[open] table.counts").count() == 0
    assert page.evaluate(SERIES, "bang-thoi-gian") == [["Tin tức - Sự kiện", 24], ["Xây dựng Đảng", 1]]
    assert sum(page.evaluate(SERIES, "bang-lich")[0][1:]) == 25
    calendar = page.locator("[data-table=bang-lich] canvas")
    calendar.scroll_into_view_if_needed()
    box = calendar.bounding_box()
    assert box is not None
    x, y = page.evaluate(PLACE, "30/09/2026")
    page.mouse.click(box["x"] + x, box["y"] + y)
    page.wait_for_url("**/ngay/2026-09-30")
    assert page.get_by_role("link", name="Họp bàn công tác kết nạp đảng viên").is_visible()


def screens(home: Home) -> dict[str, str]:
    article = "select {} from articles where url like '%hop-dang-vien.html'"
    return {
        "trang-dau": "/",
        "tim": "/tim?q=bien",
        "tim-loc": "/tim?q=ngay&nam=2026",
        "tim-khong-thay": "/tim?q=khongcotunay",
        "bai": address(home, "hop-dang-vien.html"),
        "muc": "/muc/" + shorten(value(home, article.format("section_id"))),
        "ban-luu": "/ban-luu/" + shorten(value(home, article.format("capture_id"))),
        "tieng-anh": "/en" + address(home, "hop-dang-vien.html"),
        "tim-trong": "/en/tim",
        "khong-co": address(home, "/bai-4.html") + "/so-sanh",
        "so-sanh": address(home, "/bai-1.html") + "/so-sanh",
        "bai-da-go": address(home, "/bai-2.html"),
        "thoi-gian": "/thoi-gian",
        "ngay": "/ngay/2026-09-30",
        "thay-doi": "/thay-doi",
        "da-go": "/da-go",
        "van-ban": "/van-ban",
        "anh": "/anh",
        "tac-gia": "/tac-gia",
        "du-lieu": "/du-lieu",
        "tinh-trang": "/en/tinh-trang",
    }


def test_no_screen_is_wider_than_the_window(page: Page, home: Home) -> None:
    for name, path in screens(home).items():
        page.goto(path)
        shoot(page, name)
        wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend(page: Page, home: Home, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    for name, path in screens(home).items():
        page.goto(path)
        found = Axe().run(page, options=rules)
        assert found.violations_count == 0, f"{name}: {found.generate_report()[:3000]}"
