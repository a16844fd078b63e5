"""The pictures in the guides, as Chromium shows the screens now: left in ``build/screenshots/guide/``.

``make images`` puts them into docs/images/, when screens have changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from quynhon_crawler.replay import player
from tests.publish.browser.conftest import SHOTS, browser, wait_until
from tests.publish.guides.conftest import Desk
from tests.publish.guides.pages import DOCS

__all__ = ["browser"]

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 760}
LOADED = """[...document.images].filter(image => image.getBoundingClientRect().top < innerHeight)
    .every(image => image.complete)"""
NAMES = ("home", "search", "article", "copy", "calendar", "state", "opendata")


@pytest.fixture
def window(browser: Browser, desk: Desk) -> Iterator[Page]:
    opened = browser.new_page(viewport=PHONE, base_url=f"http://127.0.0.1:{desk.port}")
    opened.set_default_timeout(90_000)
    opened.emulate_media(reduced_motion="reduce")  # scrolling is done when it is asked for
    yield opened
    opened.close()


def open_screen(window: Page, name: str) -> None:
    """Go where a reader would go."""
    if name in ("article", "copy"):
        window.goto("/tim?q=ket+nap+dang+vien")
        window.locator(".card a").first.click()
        window.wait_for_url("**/bai/*")
        if name == "copy":
            window.locator("section.copy").evaluate("node => node.scrollIntoView()")
        return
    paths = {"home": "/", "search": "/tim?q=dai+bieu", "calendar": "/thoi-gian", "state": "/tinh-trang"}
    window.goto(paths.get(name, "/du-lieu"))
    if name == "calendar":
        window.wait_for_selector("html[data-charts=drawn]")


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_of_the_guides(window: Page, name: str) -> None:
    open_screen(window, name)
    wait_until(window, LOADED)
    keep(window, name)


def test_the_replay_opens_from_the_article(window: Page) -> None:
    """On its own origin, beside the site, as ``quynhon serve`` starts both."""
    try:
        player.find()
    except player.PlayerMissing as error:
        pytest.skip(str(error))
    open_screen(window, "article")
    title = window.get_by_role("heading", level=1).inner_text()
    window.get_by_role("link", name="Xem lại trang như lúc lưu").click()
    window.wait_for_url("**/xem?*")
    assert window.evaluate("location.origin") != window.evaluate("document.referrer").rstrip("/")
    page = window.frame_locator("replay-web-page iframe").frame_locator("iframe")
    page.get_by_role("heading", level=1).get_by_text(" ".join(title.split())).wait_for()
    keep(window, "replay")


def keep(window: Page, name: str) -> None:
    """What the window shows, as a small picture."""
    shot = Image.open(BytesIO(window.screenshot()))
    assert len(shot.getcolors(1 << 20) or range(99)) > 50, "an empty screen"
    folder = DOCS / "images" if os.environ.get("QUYNHON_IMAGES") else SHOTS / "guide"
    folder.mkdir(parents=True, exist_ok=True)
    shot.save(folder / f"{name}.webp", quality=62, method=6)
