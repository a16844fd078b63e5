"""A citizen on a phone, and at a desk: typing without marks, reading, comparing, with the keyboard alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from quynhon_crawler.home import Home
from quynhon_crawler.publish.short import shorten
from tests.publish.browser.conftest import shoot, wait_until
from tests.publish.conftest import address, value

pytestmark = pytest.mark.browser


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
    wait_until(page, "document.querySelector('.prose img').complete")
    assert picture.evaluate("node => node.naturalWidth") > 0
    assert page.get_by_text("Quang cảnh buổi họp").is_visible()
    assert page.get_by_text("Ảnh này chưa lưu được").is_visible()
    shoot(page, "bai")


def test_a_mistyped_search_leads_on(page: Page) -> None:
    page.goto("/tim?q=ket+nap+dang+vein")
    shoot(page, "tim-go-nham")
    page.get_by_role("link", name="ket nap dang vien").click()
    assert page.get_by_role("link", name="Họp bàn công tác kết nạp đảng viên").is_visible()


def test_a_separator_is_not_underlined_with_its_link(page: Page, home: Home) -> None:
    article = "select section_id from articles where url like '%hop-dang-vien.html'"
    page.goto("/muc/" + shorten(value(home, article)))
    # Inline content would be underlined by its parent; a box of its own is not.
    sign = page.evaluate(
        """(() => { const style = getComputedStyle(document.querySelector('.facts > a'), '::before');
                    return [style.content, style.display, style.whiteSpace]; })()"""
    )
    assert sign == ['" · "', "inline-block", "pre"]


def test_the_language_switch_stays_on_the_page(page: Page, home: Home) -> None:
    page.goto(address(home, "hop-dang-vien.html"))
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", level=1).inner_text().startswith("Họp bàn công tác")
    assert page.get_by_role("heading", name="Archived copy").is_visible()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until something with this text has the focus, and can be seen to have it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted in page.evaluate("document.activeElement.textContent || document.activeElement.name"):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{wanted}: no visible focus"
            return
    raise AssertionError(f"{wanted}: out of reach of the keyboard")


def test_keyboard_alone_is_enough(page: Page) -> None:
    """From the first page to the proof of an article, and to the other language."""
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
    tab_to(page, "Họp bàn công tác")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bai/*")
    tab_to(page, "Xem bản lưu này")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ban-luu/*")
    tab_to(page, "English")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/ban-luu/*")


def test_two_versions_are_compared_side_by_side(page: Page, home: Home) -> None:
    page.goto(address(home, "/bai-1.html"))
    page.get_by_role("link", name="So sánh với phiên bản trước").click()
    page.wait_for_url("**/so-sanh")
    assert page.locator("ins", has_text="năm").is_visible()
    assert page.locator("del", has_text="bốn").is_visible()
    old, new = (page.locator("tr.differs").last.locator("td").nth(place).bounding_box() for place in (0, 1))
    assert old is not None
    assert new is not None
    assert old["y"] == new["y"]
    assert new["x"] >= old["x"] + old["width"] - 1
    page.get_by_role("link", name="Trở lại bài viết").click()
    page.wait_for_url("**/bai/*")


def test_the_raw_record_can_be_downloaded(page: Page, home: Home) -> None:
    page.goto(address(home, "hop-dang-vien.html"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bản ghi gốc (WARC)").click()
    assert download.value.suggested_filename.endswith(".warc.gz")


SERIES = """id => Chart.getChart(document.querySelector(`[data-table=${id}] canvas`)).data.datasets
    .map(set => [set.label, ...set.data.map(item => item.v ?? item)])"""
COLOURS = """id => Chart.getChart(document.querySelector(`[data-table=${id}] canvas`)).data.datasets
    .map(set => set.backgroundColor)"""
NAMED_COLOURS = """names => names.map(name =>
    getComputedStyle(document.documentElement).getPropertyValue(`--series-${name}`).trim())"""
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
    assert page.evaluate(COLOURS, "bang-thoi-gian") == page.evaluate(NAMED_COLOURS, ["1", "2"])
    assert sum(page.evaluate(SERIES, "bang-lich")[0][1:]) == 25
    calendar = page.locator("[data-table=bang-lich] canvas")
    calendar.scroll_into_view_if_needed()
    box = calendar.bounding_box()
    assert box is not None
    x, y = page.evaluate(PLACE, "30/09/2026")
    page.mouse.click(box["x"] + x, box["y"] + y)
    page.wait_for_url("**/ngay/2026-09-30")
    assert page.get_by_role("link", name="Họp bàn công tác kết nạp đảng viên").is_visible()


def test_without_scripts_there_is_no_room_for_charts(browser: Browser, origin: str) -> None:
    with browser.new_context(java_script_enabled=False, base_url=origin) as context:
        page = context.new_page()
        page.goto("/thoi-gian")
        heights = [figure.bounding_box()["height"] for figure in page.locator(".chart").all()]  # type: ignore[index]
        assert len(heights) == 2
        assert max(heights) < 80
        assert page.locator(".chart noscript").first.is_visible()


def test_the_days_of_the_calendar_by_keys(page: Page) -> None:
    """Arrows go from day to day, what is reached is said, Enter opens it; a finger can meet a day too."""
    page.goto("/thoi-gian")
    page.wait_for_selector("html[data-charts=drawn]")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('figure')?.dataset.table") == "bang-lich":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    narrow = page.evaluate("innerWidth") < 600
    page.keyboard.press("ArrowRight")
    for _ in range(8):
        page.keyboard.press("ArrowRight" if narrow else "ArrowDown")
    for _ in range(29):
        page.keyboard.press("ArrowDown" if narrow else "ArrowRight")
    assert page.locator("figure.chart output").inner_text() == "30/09/2026: 1 bài"
    width, height = page.evaluate(DAY)
    assert min(width, height) >= (24 if narrow else 18)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ngay/2026-09-30")


DAY = """(() => {
    const { width, height } = Chart.getChart(document.querySelector("[data-table=bang-lich] canvas"))
        .getDatasetMeta(0).data[0].getProps(["width", "height"]);
    return [width + 1, height + 1];
})()"""


WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def test_datasettes_pages_do_not_complain_and_fit_a_phone(page: Page) -> None:
    page.goto("/quynhon")
    page.locator(".CodeMirror").wait_for()
    shoot(page, "bang-tat-ca")
    found = Axe().run(page, options={"runOnly": WCAG})
    assert found.violations_count == 0, found.generate_report()[:3000]
    page.goto("/quynhon/articles")
    shoot(page, "bang-bai")
    found = Axe().run(page, options={"runOnly": WCAG})
    assert found.violations_count == 0, found.generate_report()[:3000]
    wide, window, high = page.evaluate(
        "[document.documentElement.scrollWidth, innerWidth, document.documentElement.scrollHeight]"
    )
    assert wide <= window
    assert high < 9_000
