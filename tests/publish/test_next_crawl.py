"""The state page tells when the portal is crawled next, where a timetable says so."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.publish import archive
from tests.publish.conftest import serve, stop

PORTAL = '[[portals]]\nname = "thu"\ntitle = "Trang thử nghiệm"\nurl = "https://b.example/"\n'


@pytest.mark.parametrize(
    ("config", "shown"),
    [
        (PORTAL + 'every = "6h"\n', "Lần thu thập tới: Trang thử nghiệm, ngay khi máy rảnh"),
        (PORTAL, None),
        ("speed = 1", None),
        (None, None),
    ],
)
async def test_the_next_crawl(tmp_path: Path, config: str | None, shown: str | None) -> None:
    home = archive.small(tmp_path / "archive").done()
    if config is not None:
        home.config.write_text(config)
    datasette = serve(home)
    transport = httpx.ASGITransport(app=datasette.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://kho.test") as web:
        answer = await web.get("/tinh-trang")
    stop(datasette)
    assert answer.status_code == 200
    said = " ".join(answer.text.replace('<span lang="vi">', "").replace("</span>", "").split())
    assert ("Lần thu thập tới" in said) is (shown is not None)
    assert (shown or "") in said
