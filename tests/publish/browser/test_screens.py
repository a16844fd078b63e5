"""Every screen: fits its window, has nothing that axe finds, is light, stands still."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from quynhon_crawler.home import Home
from quynhon_crawler.publish.short import shorten
from tests.publish.browser.conftest import SHOTS, shoot
from tests.publish.conftest import address, value

pytestmark = pytest.mark.browser


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
        "anh-ma": "/anh?ma=HNTK&thang=2026-09",
        "tac-gia": "/tac-gia",
        "don-vi": "/don-vi?ten=V%C4%83n%20ph%C3%B2ng%20Th%C3%A0nh%20%E1%BB%A7y",
        "van-ban-khong-thay": "/van-ban?q=khong+co",
        "du-lieu": "/du-lieu",
        "tinh-trang": "/en/tinh-trang",
    }


def test_no_screen_is_wider_than_the_window(page: Page, home: Home) -> None:
    for name, path in screens(home).items():
        page.goto(path)
        shoot(page, name)
        wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, name


ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# In the dark only the colours are others.
@pytest.mark.parametrize(
    ("scheme", "rules"), [("light", ALL), ("dark", ["color-contrast"])], ids=["light", "dark"]
)
def test_axe_finds_nothing_to_mend(page: Page, home: Home, scheme: str, rules: list[str]) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for name, path in screens(home).items():
        page.goto(path)
        found = Axe().run(page, options={"runOnly": rules})
        assert found.violations_count == 0, f"{name}: {found.generate_report()[:3000]}"


WEIGHT = """() => new Promise(done => {
    const seen = { shift: 0, paint: 0 };
    new PerformanceObserver(list => list.getEntries().forEach(entry => { seen.shift += entry.value; }))
        .observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver(list => list.getEntries().forEach(entry => { seen.paint = entry.startTime; }))
        .observe({ type: "largest-contentful-paint", buffered: true });
    const files = ["navigation", "resource"].flatMap(type => performance.getEntriesByType(type));
    const bytes = pictures => files.filter(file => (file.initiatorType === "img") === pictures)
        .reduce((sum, file) => sum + file.transferSize, 0);
    setTimeout(() => done({ ...seen, requests: files.length, text: bytes(false), pictures: bytes(true),
        nodes: document.querySelectorAll("*").length }), 100);
})"""


def test_pages_are_light_and_stand_still(browser: Browser, origin: str, home: Home) -> None:
    """Each as a first visit, nothing kept from before; the figures are left beside the screenshots."""
    heads = ("screen", "requests", "kB", "kB of pictures", "elements", "shift", "painted (ms)")
    lines = [f"| {' | '.join(heads)} |", "|---|--:|--:|--:|--:|--:|--:|"]
    for name, path in screens(home).items():
        context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=origin)
        visited = context.new_page()
        visited.goto(path)
        found = visited.evaluate(WEIGHT)
        context.close()
        lines.append(
            f"| {name} | {found['requests']} | {found['text'] / 1000:.1f} | {found['pictures'] / 1000:.1f} "
            f"| {found['nodes']} | {found['shift']:.3f} | {found['paint']:.0f} |"
        )
        assert 0 < found["text"] < 100_000, name
        assert found["shift"] < 0.1, name
    SHOTS.mkdir(parents=True, exist_ok=True)
    (SHOTS / "figures.md").write_text("\n".join(lines) + "\n", "utf-8")
