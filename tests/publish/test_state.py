"""The state page tells what is at work, what is wrong and when each portal is crawled next, at once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.lock import Lock, crawl_lock
from quynhon_crawler.publish import configuration
from quynhon_crawler.publish.screens import state
from quynhon_crawler.store import Store
from tests.publish import archive
from tests.publish.conftest import serve, stop

PORTAL = '[[portals]]\nname = "thu"\ntitle = "Trang thử nghiệm"\nurl = "https://b.example/"\n'


@asynccontextmanager
async def site(home: Home) -> AsyncIterator[httpx.AsyncClient]:
    datasette = serve(home)
    transport = httpx.ASGITransport(app=datasette.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://kho.test") as web:
        yield web
    stop(datasette)


async def told(web: httpx.AsyncClient, path: str = "/tinh-trang") -> str:
    """The words of the page."""
    answer = await web.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.mark.parametrize(
    ("config", "shown"),
    [
        (PORTAL + 'every = "6h"\n', "Lần thu thập tới Trang thử nghiệm , ngay khi máy rảnh"),
        (PORTAL, None),
        ("speed = 1", None),
        (None, None),
    ],
)
async def test_the_next_crawl(tmp_path: Path, config: str | None, shown: str | None) -> None:
    home = archive.small(tmp_path / "archive").done()
    if config is not None:
        home.config.write_text(config)
    async with site(home) as web:
        said = await told(web)
    assert ("Lần thu thập tới" in said) is (shown is not None)
    assert (shown or "") in said


async def test_what_is_at_work_and_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a mistake its kind is told, not its words, which name folders of the machine."""
    monkeypatch.setattr(state, "_SECONDS", 0.0)
    home = archive.small(tmp_path / "archive").done()
    home.config.write_text(PORTAL + "[crawl]\nmin_free = 0\n")
    home.state.mkdir(exist_ok=True)
    async with site(home) as web:
        said = await told(web)
        assert "Không có đợt thu thập nào đang chạy" in said
        assert "cổng không trả lời" in said  # its home page is not in this archive
        assert re.search(r"1 tệp WARC, [\d,]+ .B; cơ sở dữ liệu [\d,]+ .B ", said)
        assert "trống" not in said  # how much room is left is for the keeper
        with Lock(crawl_lock(home)):
            assert "Đang thu thập" in await told(web)
        with Store.open(home.database) as store:
            portal = store.put_portal(name="thu", home_url="https://b.example/", system=None, rights=None)
            store.start_crawl(
                id="x", portal_id=portal, mode="update", started_at="2026-11-23T01:00:00.000000Z"
            )
        assert "thu : the last crawl was killed" in await told(web, "/en/tinh-trang")
        home.config.write_text("speed = 1")
        said = await told(web, "/en/tinh-trang")
    assert "the configuration has a mistake" in said
    assert str(tmp_path) not in said


async def test_it_is_looked_at_once_in_ten_seconds(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.state.mkdir()
    Store.open(home.database, create=True).close()
    configuration.write(home)  # no archive.toml: a copy that is only shown
    async with site(home) as web:
        before = await told(web)
        assert "Không có việc gì cần can thiệp" in before
        with Lock(crawl_lock(home)):
            assert await told(web) == before


async def test_failures_are_told_once_and_removed_articles_are_none(tmp_path: Path) -> None:
    made = archive.small(tmp_path / "archive")
    archive.with_changes(made)
    gone = made.gone(archive.article(2).url)
    url, seen = archive.article(2).url, "2026-11-24T00:58:00Z"
    made.store.add_failure(url=url, stage="fetch", error="answered 404", seen_at=seen, capture_id=gone.id)
    for minute in (51, 52):
        lost = made.gone(f"{archive.HOST}/mat.html")
        made.store.add_failure(
            url=lost.url,
            stage="extract",
            error="soft 404: Không tìm thấy trang",
            seen_at=f"2026-11-24T00:{minute}:00Z",
            capture_id=lost.id,
        )
    async with site(made.done()) as web:
        page = (await web.get("/tinh-trang")).text
        english = await told(web, "/en/tinh-trang")
    assert page.count("/mat.html") == 1
    assert "cổng báo không có trang này" in page
    assert "2 lần" in page
    assert url not in page
    assert "the portal says that there is no such page" in english
    assert "Không tìm thấy" not in english
