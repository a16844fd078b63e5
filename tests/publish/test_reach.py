"""A takedown reaches the same on the site, in open data and in replay, and lifting gives everything back."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from quynhon_crawler.deposit.withdrawn import Withdrawn
from quynhon_crawler.home import Home
from quynhon_crawler.model import Document, Image, Reading
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.store import Store
from quynhon_crawler.store.content import content_digest
from quynhon_crawler.store.export import export_csv, export_dump, export_jsonl
from tests.publish import archive
from tests.publish.archive import HOST
from tests.publish.conftest import query, serve, stop, value

TAKEN = archive.conference().url
THUMBNAIL = f"{HOST}/publish/thumbnail/7"
GONE = {
    TAKEN,
    f"{HOST}/upload/HNTK092026001.jpg",
    f"{HOST}/upload/ke-hoach.pdf",
    f"{THUMBNAIL}/480x360xdefault/upload/HNTK092026001.jpg",
    f"{THUMBNAIL}/120x90xdefault/upload/HNTK092026001.jpg?v=2",
    # The picture itself was never captured.
    f"{THUMBNAIL}/120x90xdefault/upload/chua-luu.jpg",
    f"{HOST}/uploads/news/2026/a.jpg",
    f"{HOST}/assets/news/2026/a.jpg",
}
KEPT = {
    # A picture that a public article shows too, and its copy; a name that only begins alike; another's copy.
    f"{HOST}/upload/bien-1.jpg",
    f"{THUMBNAIL}/480x360xdefault/upload/bien-1.jpg",
    f"{THUMBNAIL}/480x360xdefault/upload/HNTK092026001.jpg.png",
    f"{THUMBNAIL}/480x360xdefault/upload/bien-2.jpg",
    f"{THUMBNAIL}/0",
    f"{HOST}/assets/news/2026/b.jpg",
}


def made(root: Path) -> Home:
    making = archive.small(root)
    pictures = (
        *archive.conference().images,
        Image(2, f"{HOST}/uploads/news/2026/a.jpg"),
        Image(3, f"{HOST}/upload/bien-1.jpg"),
    )
    making.article(replace(archive.conference(), images=pictures))
    making.article(archive.article(1, images=(pictures[3],)))
    for number, url in enumerate(sorted(GONE | KEPT)):
        if "/upload/" not in url or "/thumbnail/" in url:
            making.file(url, archive.jpeg(200 + number, (60, 40)), "image/jpeg", (60, 40))
        making.store.add_capture(making.capture(url, b"", "image/jpeg", status=304))
    making.store.add_failure(
        url=f"{HOST}/upload/chua-luu.jpg", stage="fetch", error="hỏng", seen_at="2026-11-24T00:50:00Z",
        capture_id=None,
    )  # fmt: skip
    return making.done()


TABLES = ("captures", "files", "images", "sections", "articles", "failures", "url_events")
WHY = "gia đình ông Tám xin ẩn"


@dataclass
class Taken:
    home: Home
    web: httpx.AsyncClient
    whole: dict[str, object]


async def counted(web: httpx.AsyncClient) -> dict[str, object]:
    sql = "select count(*) from {}"
    return {table: (await query(web, sql.format(table))).json()["rows"] for table in TABLES}


@pytest.fixture
async def taken(tmp_path: Path) -> AsyncIterator[Taken]:
    home = made(tmp_path / "archive")
    datasette = serve(home)
    transport = httpx.ASGITransport(app=datasette.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://kho.test") as web:
        whole = await counted(web)
        with Store.open(home.database) as store:
            store.add_takedown(TAKEN, reason=WHY)
        yield Taken(home, web, whole)
    stop(datasette)


def captures(database: Path) -> dict[int, str]:
    with closing(sqlite3.connect(database)) as db:
        return dict(db.execute("select id, url from captures"))


async def settled(taken: Taken) -> None:
    """Datasette's own connections have followed."""
    await asyncio.sleep(1.1)
    await taken.web.get("/")


async def test_one_rule_for_site_exports_and_replay(taken: Taken, tmp_path: Path) -> None:
    everything = captures(taken.home.database)
    wanted = {number for number, url in everything.items() if url not in GONE}
    assert set(everything.values()) >= GONE | KEPT
    await settled(taken)
    rows = (await taken.web.get("/quynhon/captures.json?_shape=array&_size=1000")).json()
    assert {row["id"] for row in rows} == wanted
    dump = export_dump(taken.home.database, tmp_path / "dump").folder / "quynhon.db"
    assert set(captures(dump)) == wanted
    written = export_jsonl(taken.home.database, tmp_path / "jsonl").folder / "captures.jsonl"
    lines = written.read_text("utf-8").splitlines()
    assert {json.loads(line)["id"] for line in lines} == wanted
    hidden = Withdrawn.of(taken.home.database)
    assert {number for number, url in everything.items() if not hidden.hides(url)} == wanted
    with closing(sqlite3.connect(dump)) as db:
        assert {row[0] for row in db.execute("select url from files")}.isdisjoint(GONE)
        assert db.execute("select count(*) from failures").fetchone() == (0,)
        counts = {name: [list(db.execute(f"select count(*) from {name}").fetchone())] for name in TABLES}
    assert await counted(taken.web) == counts


async def test_whatever_is_asked_of_it_answers_410(taken: Taken) -> None:
    for number, url in captures(taken.home.database).items():
        for path in ("/ban-luu/{}", "/ban-luu/{}/record.warc.gz", "/tep/{}/x.jpg"):
            status = (await taken.web.get(path.format(shorten(number)))).status_code
            assert (status == 410) == (url in GONE), (url, path)


async def test_a_document_goes_with_its_file_unless_others_have_that_too(tmp_path: Path) -> None:
    law, file, shared = (f"{HOST}/van-ban/{name}" for name in ("12.html", "12-qd.pdf", "phu-luc.pdf"))
    making = archive.small(tmp_path / "archive")
    whole = Document(number="12/QĐ-UBND", abstract="Về việc riêng", url=law, attachment_url=file)
    one, *others = (
        replace(whole, url=f"{law}?{n}", number=f"{n}/QĐ-UBND", attachment_url=shared) for n in range(3)
    )
    for document in (whole, one, *others):
        capture = making.capture(document.url, f"<h1>{document.number}</h1>".encode())
        reading = Reading("vhv", "document", documents=(document,))
        making.store.add_reading(capture, reading, portal_id=making.portal)
    held = {url: making.file(url, b"%PDF-1.4 " + url.encode(), "application/pdf") for url in (file, shared)}
    home = making.done()
    with Store.open(home.database) as store:
        store.add_takedown(archive.conference().url, reason="việc khác", at="2026-11-24T02:00:00Z")
        for url in (law, one.url):
            store.add_takedown(url, reason=WHY)
    datasette = serve(home)
    transport = httpx.ASGITransport(app=datasette.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://kho.test") as web:
        paths = {url: f"/tep/{shorten(capture.id)}/van-ban.pdf" for url, capture in held.items()}
        assert [(await web.get(paths[url])).status_code for url in (file, shared)] == [410, 200]
        assert WHY in (await web.get(paths[file])).text
        rows = (await query(web, "select url from files where url like '%/van-ban/%'")).json()["rows"]
        assert rows == [[shared]]
    stop(datasette)
    withdrawn = Withdrawn.of(home.database)
    assert [withdrawn.hides(url) for url in (law, file, shared)] == [True, True, False]
    dump = export_dump(home.database, tmp_path / "dump").folder / "quynhon.db"
    assert not {law, file, one.url} & set(captures(dump).values())
    assert shared in captures(dump).values()


async def test_a_section_known_from_it_stays_without_its_capture(taken: Taken, tmp_path: Path) -> None:
    party = f"select capture_id from sections where title = '{archive.PARTY.title}'"
    assert value(taken.home, party)
    await settled(taken)
    assert (await query(taken.web, party)).json()["rows"] == [[None]]
    others = "select count(*) from sections where capture_id in (select id from captures)"
    assert (await query(taken.web, others)).json()["rows"] == [[1]]
    dump = export_dump(taken.home.database, tmp_path / "dump").folder / "quynhon.db"
    with closing(sqlite3.connect(dump)) as db:
        assert db.execute(party).fetchall() == [(None,)]
        assert db.execute("pragma foreign_key_check").fetchall() == []
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
    folder = export_jsonl(taken.home.database, tmp_path / "jsonl").folder
    package = json.loads((folder / "datapackage.json").read_text())
    fields = {
        resource["name"]: {field["name"]: field for field in resource["schema"]["fields"]}
        for resource in package["resources"]
        if "schema" in resource
    }
    assert "constraints" not in fields["sections"]["capture_id"]
    assert fields["files"]["capture_id"]["constraints"] == {"required": True}


async def test_no_export_tells_what_was_taken_down(taken: Taken, tmp_path: Path) -> None:
    for export in (export_dump, export_jsonl, export_csv):
        folder = export(taken.home.database, tmp_path / export.__name__).folder
        for path in folder.iterdir():
            content = path.read_bytes().decode("utf-8", "replace")
            for url in GONE:
                assert not re.search(re.escape(url) + r"(?![\w.?])", content), (url, path)
            assert WHY not in content, path


async def test_lifting_gives_everything_back(taken: Taken, tmp_path: Path) -> None:
    with Store.open(taken.home.database) as store:
        store.lift_takedown(TAKEN, reason="nhầm")
        digest = content_digest(store.connection)
    await settled(taken)
    assert await counted(taken.web) == taken.whole
    dump = export_dump(taken.home.database, tmp_path / "dump").folder / "quynhon.db"
    with closing(sqlite3.connect(dump)) as db:
        assert content_digest(db) == digest
    number = next(iter(captures(taken.home.database)))
    assert (await taken.web.get(f"/ban-luu/{shorten(number)}")).status_code == 200


async def test_the_steps_of_the_rule_are_no_way_in(taken: Taken) -> None:
    await settled(taken)
    for name in ("own", "hidden_own", "pictures", "copies"):
        sql = f"with {name}(key) as (select url from main.captures) select key from {name}"
        assert (await query(taken.web, sql)).status_code in (400, 403)
