"""Archived pages replayed: in a real browser, the portal stopped; by ranges of a WACZ that is not written."""

from __future__ import annotations

import gzip
import re
import shutil
import sqlite3
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Response, sync_playwright

from quynhon_crawler.home import Home
from quynhon_crawler.replay import player
from quynhon_crawler.replay.server import Replay
from quynhon_crawler.replay.shelf import Shelf
from quynhon_crawler.store import Store
from tests.deposit.conftest import Crawled

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@contextmanager
def served(home: Home) -> Iterator[str]:
    """The replay of an archive; its origin."""
    try:
        files = player.find()
    except player.PlayerMissing as error:
        pytest.skip(str(error))
    shelf = Shelf(home)
    server = uvicorn.Server(
        uvicorn.Config(Replay(shelf, files, site="http://kho.test"), port=0, log_level="critical")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    shelf.close()


@pytest.fixture(scope="module")
def origin(crawled: Crawled) -> Iterator[str]:
    with served(crawled.home) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "no Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


def illustrated(home: Home) -> tuple[str, str, str]:
    """Address, timestamp and title of an article with pictures that are in the archive."""
    with closing(sqlite3.connect(home.database)) as db:
        url, at, title = db.execute(
            """SELECT c.url, c.captured_at, a.title FROM articles a JOIN captures c ON c.id = a.capture_id
                JOIN images i ON i.article_id = a.id WHERE i.sha256 IS NOT NULL AND a.kind = 'article'
                ORDER BY a.url LIMIT 1"""
        ).fetchone()
    return url, re.sub(r"\D", "", at)[:14], title


@pytest.mark.browser
def test_an_archived_article_opens_with_style_pictures_and_fonts(
    browser: Browser, crawled: Crawled, origin: str
) -> None:
    """The portal is stopped. Nobody but the replay is asked for anything, and nothing that is kept fails."""
    url, timestamp, title = illustrated(crawled.home)
    context = browser.new_context(viewport={"width": 1280, "height": 844})
    asked: list[str] = []
    answers: list[Response] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("response", lambda response: answers.append(response))
    window = context.new_page()
    window.set_default_timeout(90_000)
    window.goto(f"{origin}/xem?{urlencode({'ts': timestamp, 'url': url})}")
    page = window.frame_locator("replay-web-page iframe").frame_locator("iframe")
    page.get_by_role("heading", level=1).get_by_text(title).wait_for()
    frame = next(frame for frame in window.frames if f"mp_/{url}" in frame.url)
    frame.wait_for_load_state("networkidle")
    pictures = page.locator("article img")
    for number in range(pictures.count()):
        pictures.nth(number).scroll_into_view_if_needed()
    frame.wait_for_function(
        "[...document.querySelectorAll('article img')].every((image) => image.naturalWidth > 0)"
    )
    assert pictures.count() > 0
    assert frame.evaluate("[...document.fonts].some((font) => font.status == 'loaded')")
    assert frame.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(0, 0, 0)"
    window.evaluate("window.scrollTo(0, 0)")
    frame.evaluate("window.scrollTo(0, 0)")
    SHOTS.mkdir(parents=True, exist_ok=True)
    for width in (1280, 390):
        window.set_viewport_size({"width": width, "height": 844})
        window.screenshot(path=SHOTS / f"xem-lai-{width}.png")
        assert window.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Trang chủ").first.click()
    home = window.locator("#address").get_by_text(re.compile(rf"^{re.escape(crawled.portal)}$"))
    home.wait_for()
    assert re.fullmatch(r"Trang đã lưu \S+ \S+, [\d/]{10}, \d\d:\d\d \(giờ Việt Nam\)", window.title())
    context.close()
    assert [one for one in asked if not one.startswith((origin, "data:", "blob:"))] == []
    assert failed(answers, crawled.home) == []
    kinds = {re.sub(r".*\.", "", one.url) for one in answers if one.ok and "/replay/w/" in one.url}
    assert {"css", "jpg", "js", "woff"} <= kinds


def failed(answers: list[Response], home: Home) -> list[str]:
    """Addresses of the archive that did not come. What was never captured cannot."""
    missing = {
        match[1]
        for answer in answers
        if answer.status >= 400 and (match := re.search(r"/replay/w/[^/]+/.*?\d{14}\w{2}_/(.*)", answer.url))
    }
    with closing(sqlite3.connect(home.database)) as db:
        held = {url for (url,) in db.execute("SELECT url FROM captures WHERE status = 200")}
    return sorted(missing & held)


def volume_of(origin: str, url: str) -> str:
    """The address of the WACZ that a page is replayed from."""
    page = httpx.get(f"{origin}/xem", params={"url": url}).text
    match = re.search(r'source="(/kho/[0-9a-f]{64}\.wacz)"', page)
    assert match
    return origin + match[1]


def test_ranges_of_the_archive_are_served(origin: str, crawled: Crawled) -> None:
    address = volume_of(origin, crawled.portal)
    whole = httpx.get(address)
    size = len(whole.content)
    assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")
    with zipfile.ZipFile(BytesIO(whole.content)) as package:
        assert package.testzip() is None
    for wanted, start, stop in (
        ("bytes=0-0", 0, 1),
        ("bytes=100-300000", 100, 300_001),
        ("bytes=-22", size - 22, size),
        (f"bytes={size - 5}-", size - 5, size),
        (f"bytes=5-{size * 2}", 5, size),
        (f"bytes=-{size * 2}", 0, size),
    ):
        part = httpx.get(address, headers={"Range": wanted})
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {start}-{stop - 1}/{size}"
        assert part.content == whole.content[start:stop]
    for wanted in (f"bytes={size}-", "bytes=-0"):
        outside = httpx.get(address, headers={"Range": wanted})
        assert (outside.status_code, outside.headers["content-range"]) == (416, f"bytes */{size}")
    for wanted in ("bytes=5-2", "lines=1-2", "bytes=0-1,4-5", "bytes=-", "bytes=a-"):
        assert len(httpx.get(address, headers={"Range": wanted}).content) == size


def test_a_reader_who_has_it_is_told_so(origin: str, crawled: Crawled) -> None:
    address = volume_of(origin, crawled.portal)
    head = httpx.head(address)
    assert (head.status_code, head.content, int(head.headers["content-length"]) > 1_000_000) == (
        200,
        b"",
        True,
    )
    etag = head.headers["etag"]
    assert httpx.get(address, headers={"If-None-Match": etag}).status_code == 304
    ranged = {"Range": "bytes=0-9", "If-Range": etag}
    assert len(httpx.get(address, headers=ranged).content) == 10
    assert len(httpx.get(address, headers=ranged | {"If-Range": '"other"'}).content) > 10


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/robots.txt", 200),
        ("/LICENSE", 200),
        ("/replay/sw.js?serveIndex=1", 200),
        ("/nowhere", 404),
        (f"/kho/{'0' * 64}.wacz", 404),
        ("/kho/../../etc/passwd", 404),
        ("/xem?url=javascript:alert(1)", 400),
        ("/xem?url=http://[::1", 400),
        ("/xem?url=http://a:99999/", 400),
        ("/xem?url=http://a.vn%0d%0aX:y/", 400),
        ("/xem?url=http://a.vn/%ff%00", 400),
        ("/xem?url=http://" + "a" * 9000, 400),
        ("/xem?" + "a=1&" * 50, 200),
        ("/xem?url=http://a.vn/&ts=no", 404),
    ],
)
def test_what_is_asked_wrongly_is_answered_in_words(origin: str, path: str, status: int) -> None:
    answer = httpx.get(origin + path)
    assert answer.status_code == status
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert "Traceback" not in answer.text


def test_only_reading_is_possible(origin: str) -> None:
    assert httpx.post(f"{origin}/xem").status_code == 405


def test_an_address_cannot_break_out_of_the_page(origin: str, crawled: Crawled) -> None:
    url = f'{crawled.portal}?utm_source="><script>alert(1)</script>'
    page = httpx.get(f"{origin}/xem", params={"url": url, "ts": "20260101000000"})
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text
    assert "01/01/2026, 07:00" in page.text


def test_what_is_taken_down_is_gone_from_the_replay(own: Home, crawled: Crawled) -> None:
    url, _, _ = illustrated(own)
    with served(own) as origin:
        before = volume_of(origin, url)
        assert url.encode() in unpacked_index(before)
        with Store.open(own.database) as store:
            store.add_takedown(url, reason="Theo yêu cầu", at="2026-11-24T09:00:00Z")
        wait_until(lambda: httpx.get(f"{origin}/xem", params={"url": url}).status_code == 410)
        assert httpx.get(before).status_code == 404
        after = volume_of(origin, crawled.portal)
        assert url.encode() not in unpacked_index(after)


def test_a_new_warc_file_is_replayed_and_open_pages_go_on(own: Home, crawled: Crawled) -> None:
    name = sorted(own.warc.iterdir())[-1]
    held = name.read_bytes()
    name.unlink()
    with served(own) as origin:
        before = volume_of(origin, crawled.portal)
        name.write_bytes(held)
        wait_until(lambda: volume_of(origin, crawled.portal) != before)
        assert httpx.head(before).status_code == 200


def test_an_archive_on_a_read_only_disk_is_replayed(own: Home, crawled: Crawled) -> None:
    shutil.rmtree(own.cdx, ignore_errors=True)
    own.cdx.write_text("a file stands where the indexes would go")
    with served(own) as origin:
        assert httpx.head(volume_of(origin, crawled.portal)).status_code == 200


def unpacked_index(address: str) -> bytes:
    with zipfile.ZipFile(BytesIO(httpx.get(address).content)) as package:
        return gzip.decompress(package.read("indexes/index.cdx.gz"))


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)
