"""What may be taken away after a takedown: exports that say they obey it, whatever their files are dated."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from quynhon_crawler.deposit.index import export_cdxj
from quynhon_crawler.deposit.wacz import export_wacz
from quynhon_crawler.home import Home
from quynhon_crawler.publish import exports
from quynhon_crawler.store import Store
from quynhon_crawler.store.export import export_csv, export_dump, export_jsonl, export_parquet
from tests.publish import archive

TAKEN = archive.conference().url
OTHER = archive.article(5).url
FORMS: dict[str, Callable[[Home, Path], Any]] = {
    "dump": lambda home, output: export_dump(home.database, output),
    "csv": lambda home, output: export_csv(home.database, output),
    "jsonl": lambda home, output: export_jsonl(home.database, output),
    "parquet": lambda home, output: export_parquet(home.database, output),
    "kho.wacz": export_wacz,
    "wacz": export_wacz,
    "kho.cdxj": export_cdxj,
    "cdxj": export_cdxj,
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = archive.small(tmp_path / "archive").done()
    (home.root / "archive.toml").write_text("")
    home.exports.mkdir()
    return home


def take_down(home: Home, url: str = TAKEN) -> None:
    with Store.open(home.database) as store:
        store.add_takedown(url, reason="theo yêu cầu", by="Ngô Thị Lan")


def lift(home: Home, url: str) -> None:
    with Store.open(home.database) as store:
        store.lift_takedown(url, reason="nhầm", by="Ngô Thị Lan")


def make(home: Home, folder: Path) -> None:
    for name, form in FORMS.items():
        form(home, folder / name)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


async def listed(web: httpx.AsyncClient) -> set[str]:
    page = (await web.get("/du-lieu")).text
    return {unescape(name) for name in re.findall(r'href="/du-lieu/tai/([^"]+)"', page)}


async def taken(web: httpx.AsyncClient, names: set[str]) -> set[str]:
    """Those that are handed out when they are asked for by name."""
    answers = {name: (await web.get(f"/du-lieu/tai/{name}")).status_code for name in names}
    assert set(answers.values()) <= {200, 404}
    return {name for name, status in answers.items() if status == 200}


async def test_old_exports_are_not_offered_wherever_they_come_from(
    web: httpx.AsyncClient, home: Home, tmp_path: Path
) -> None:
    make(home, tmp_path / "elsewhere")
    take_down(home)
    shutil.copytree(tmp_path / "elsewhere", home.exports, dirs_exist_ok=True, copy_function=shutil.copyfile)
    names = files(home.exports)
    assert len(names) > 40
    assert (await listed(web), await taken(web, names)) == (set(), set())


async def test_they_are_offered_when_they_are_made_again(
    web: httpx.AsyncClient, home: Home, tmp_path: Path
) -> None:
    take_down(home)
    make(home, tmp_path / "elsewhere")
    shutil.copytree(tmp_path / "elsewhere", home.exports, dirs_exist_ok=True)
    names = files(home.exports)
    for name in names:
        os.utime(home.exports / name, (0, 0))
    assert (await listed(web), await taken(web, names)) == (names, names)
    take_down(home, OTHER)
    assert (await listed(web), await taken(web, names)) == (set(), set())
    lift(home, OTHER)
    assert (await listed(web), await taken(web, names)) == (names, names)
    lift(home, TAKEN)
    assert (await listed(web), await taken(web, names)) == (set(), set())


async def test_while_nothing_is_withdrawn_everything_is_offered(web: httpx.AsyncClient, home: Home) -> None:
    make(home, home.exports)
    (home.exports / "ghi-chú.txt").write_text("của người giữ kho")
    names = files(home.exports)
    assert await listed(web) == {*names} - {"ghi-chú.txt"} | {"ghi-ch%C3%BA.txt"}
    take_down(home)
    assert await taken(web, names) == set()


@pytest.mark.parametrize("mixed", ["dump/quynhon.db", "csv/articles.csv", "kho.cdxj", "kho.wacz", "new.csv"])
async def test_an_old_file_among_new_ones_is_not_offered(
    web: httpx.AsyncClient, home: Home, tmp_path: Path, mixed: str
) -> None:
    make(home, tmp_path / "elsewhere")
    take_down(home)
    make(home, home.exports)
    names = files(home.exports)
    source = "csv/articles.csv" if mixed == "new.csv" else mixed
    target = home.exports / ("csv/new.csv" if mixed == "new.csv" else mixed)
    shutil.copyfile(tmp_path / "elsewhere" / source, target)
    old = {target.relative_to(home.exports).as_posix()}
    assert (await listed(web), await taken(web, names | old)) == (names - old, names - old)


async def test_a_file_of_the_same_size_is_told_by_its_sum(
    web: httpx.AsyncClient, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_down(home)
    export_dump(home.database, home.exports / "dump")
    path = home.exports / "dump" / "quynhon.db"
    path.write_bytes(bytes(path.stat().st_size))
    monkeypatch.setattr(exports, "_AT_ONCE", 0)
    assert await taken(web, {"dump/quynhon.db", "dump/SCHEMA.md"}) == {"dump/SCHEMA.md"}
    assert await listed(web) == files(home.exports) - {"dump/quynhon.db"}


@pytest.mark.parametrize("harm", [b"", b"{", b"[]", b'{"resources": [1, {"path": []}]}', b"\xff\xfe"])
async def test_a_record_that_cannot_be_read_is_none(web: httpx.AsyncClient, home: Home, harm: bytes) -> None:
    take_down(home)
    make(home, home.exports)
    names = files(home.exports)
    (home.exports / "csv" / "datapackage.json").write_bytes(harm)
    (home.exports / "kho.cdxj.datapackage.json").write_bytes(harm)
    with zipfile.ZipFile(home.exports / "kho.wacz", "w") as broken:
        broken.writestr("datapackage.json", harm)
    kept = {name for name in names if not name.startswith(("csv/", "kho."))}
    assert (await listed(web), await taken(web, names)) == (kept, kept)


@pytest.mark.parametrize(
    ("path", "none", "again"),
    [
        ("/du-lieu", "Hiện chưa có tệp nào để tải", "Người giữ kho cần kết xuất lại"),
        ("/en/du-lieu", "There are no files to download", "keeper exports them again"),
    ],
)
async def test_the_page_says_why_there_are_none(
    web: httpx.AsyncClient, home: Home, path: str, none: str, again: str
) -> None:
    async def said() -> tuple[bool, bool]:
        page = unescape((await web.get(path)).text)
        return none in page, again in page

    assert await said() == (True, False)
    export_csv(home.database, home.exports / "csv")
    assert await said() == (False, False)
    take_down(home)
    assert await said() == (False, True)
    export_csv(home.database, home.exports / "again")
    assert await said() == (False, True)
    shutil.rmtree(home.exports / "csv")
    assert await said() == (False, False)


def said_of(home: Home, tmp_path: Path, name: str) -> dict[str, bytes]:
    """What four forms say, by their name."""
    folder = tmp_path / name
    make(home, folder)
    with zipfile.ZipFile(folder / "kho.wacz") as wacz:
        said = {"kho.wacz": wacz.read("datapackage.json")}
    for path in sorted(folder.rglob("*datapackage.json")):
        said[path.relative_to(folder).as_posix()] = path.read_bytes()
    return said


def test_what_is_recorded_tells_nothing(home: Home, tmp_path: Path) -> None:
    assert "kho.cdxj.datapackage.json" not in said_of(home, tmp_path, "nothing is withdrawn")
    take_down(home)
    said = said_of(home, tmp_path, "one is")
    assert len(said) == 7
    states = {json.loads(text)["takedowns"] for text in said.values()}
    assert len(states) == 1
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", states.pop())
    assert not any(TAKEN.encode() in text or "Ngô".encode() in text for text in said.values())
    assert said_of(home, tmp_path, "again") == said


def test_who_decided_does_not_show_in_it(tmp_path: Path) -> None:
    """Names could be tried one by one."""
    said = []
    for by in ("Ngô Thị Lan", ""):
        home = archive.small(tmp_path / f"archive {by}").done()
        with Store.open(home.database) as store:
            store.add_takedown(TAKEN, reason="thử", at="2026-11-24T09:00:00Z", by=by)
        export_csv(home.database, home.exports / "csv")
        said.append(json.loads((home.exports / "csv" / "datapackage.json").read_text("utf-8"))["takedowns"])
    assert said[0] == said[1]
