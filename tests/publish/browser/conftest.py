"""A real Chromium before a real server. Screenshots are left in ``build/screenshots/`` to look at."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from quynhon_crawler.home import Home
from tests.publish import archive
from tests.publish.conftest import running

SHOTS = Path(__file__).parents[3] / "build" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small archive with changes, so that every screen has something to show."""
    made = archive.small(tmp_path_factory.mktemp("browser") / "archive")
    archive.with_changes(made)
    return made.done()


@pytest.fixture(scope="package")
def origin(home: Home) -> Iterator[str]:
    with running(home) as origin:
        yield origin


# One at a time: Playwright's plain interface cannot run twice in a process.
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


def wait_until(page: Page, holds: str, *, seconds: float = 60) -> None:
    """Until an expression is true. Chromium's own waiting evaluates text, which the site's policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(holds):
        assert time.monotonic() < end, f"never: {holds}"
        page.wait_for_timeout(20)
