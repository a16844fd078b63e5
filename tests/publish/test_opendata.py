"""``/du-lieu``: what may be taken away, and that it is what was said."""

from __future__ import annotations

import hashlib
import re
from html import unescape
from pathlib import Path

import httpx
import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.publish import exports
from quynhon_crawler.store.export import export_dump
from tests.publish import archive
from tests.publish.conftest import until

WACZ = b"PK" + bytes(5000)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A dump in a folder, a WACZ beside it, a bag, and what must not be seen."""
    made = archive.Archive(tmp_path / "archive")
    made.article(archive.article(1))
    home = made.done()
    export_dump(home.database, home.exports / "dữ liệu")
    (home.exports / "kho.wacz").write_bytes(WACZ)
    (home.exports / ".unfinished").write_bytes(b"x")
    (home.exports / "secret").symlink_to(home.database)
    (home.exports / "bag" / "data").mkdir(parents=True)
    (home.exports / "bag" / "bagit.txt").write_text("BagIt-Version: 1.0\n")
    (home.exports / "bag" / "data" / "all.warc.gz").write_bytes(b"withdrawn too")
    return home


async def downloads(web: httpx.AsyncClient) -> dict[str, str]:
    """Addresses of the files, with the sums that are told."""
    page = (await web.get("/du-lieu")).text
    rows = re.findall(r'href="(/du-lieu/tai/[^"]+)".*?SHA-256</abbr> (\w+)', page, re.DOTALL)
    return {unescape(address): digest for address, digest in rows}


async def test_every_file_is_what_its_sum_says(web: httpx.AsyncClient) -> None:
    listed = await downloads(web)
    assert len(listed) >= 4
    for address, digest in listed.items():
        answer = await web.get(address)
        assert (answer.status_code, hashlib.sha256(answer.content).hexdigest()) == (200, digest), address


async def test_bags_links_and_unfinished_files_are_not_offered(web: httpx.AsyncClient) -> None:
    listed = " ".join(await downloads(web))
    assert "kho.wacz" in listed
    assert not any(name in listed for name in ("bag", "unfinished", "secret"))


@pytest.mark.parametrize(
    "name",
    ["secret", "bag/data/all.warc.gz", ".unfinished", "../archive.toml", "%2e%2e/quynhon.db", "/etc/passwd"],
)
async def test_nothing_else_can_be_taken(web: httpx.AsyncClient, name: str) -> None:
    assert (await web.get(f"/du-lieu/tai/{name}")).status_code == 404


async def test_a_part_may_be_asked_for(web: httpx.AsyncClient) -> None:
    part = await web.get("/du-lieu/tai/kho.wacz", headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"PK", "bytes 0-1/5002")
    outside = await web.get("/du-lieu/tai/kho.wacz", headers={"Range": "bytes=9999-"})
    assert outside.status_code == 416


async def test_head_and_what_is_known_already_send_no_bytes(web: httpx.AsyncClient) -> None:
    head = await web.head("/du-lieu/tai/kho.wacz")
    assert (head.content, head.headers["content-length"]) == (b"", "5002")
    again = await web.get("/du-lieu/tai/kho.wacz", headers={"If-None-Match": head.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_sum_of_a_large_file_comes_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_AT_ONCE", 10)
    (tmp_path / "kho.wacz").write_bytes(WACZ)
    await until(lambda: exports.offered(tmp_path, None).files[0].sha256 == hashlib.sha256(WACZ).hexdigest())
