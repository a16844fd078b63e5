"""Archives on a disk that cannot be written: they are read, searched, exported and served all the same."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home
from quynhon_crawler.publish import configuration
from quynhon_crawler.store import Store
from quynhon_crawler.store.export import export_csv, export_dump
from tests.crawl.disk import unwritable
from tests.crawl.run_crawl import quynhon
from tests.publish.conftest import serve, stop
from tests.store.test_opening import ROOT, WRITER, made
from tests.store.world import capture


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "archive")
    home.warc.mkdir(parents=True)
    home.config.write_text("")
    configuration.write(home)
    made(home.database)
    (home.warc / capture().warc_file).touch()
    return home


def test_it_is_read_and_nothing_is_left_beside_it(home: Home, tmp_path: Path) -> None:
    before = sorted(home.root.iterdir())
    with unwritable(home.root):
        found = quynhon("search", "dang vien", "--archive", home.root)
        assert (found.returncode, found.stdout.splitlines()[-1]) == (0, "3 found")
        told = quynhon("status", "--archive", home.root)
        assert (told.returncode, told.stderr) == (0, "")
        assert "3 articles" in told.stdout
        assert export_dump(home.database, tmp_path / "dump").files["quynhon.db"]
        assert export_csv(home.database, tmp_path / "csv").files["articles.csv"]
        for name in ("kho.wacz", "kho.cdxj"):
            kind = name.rpartition(".")[2]
            made = quynhon("export", kind, "--archive", home.root, "--output", tmp_path / name)
            assert (tmp_path / name).is_file(), made.stderr
    assert sorted(home.root.iterdir()) == before


async def test_it_is_served(home: Home) -> None:
    with unwritable(home.root):
        datasette = serve(home)
        page = await datasette.client.get("/tim?q=dang+vien")
        rows = await datasette.client.get("/quynhon/articles.json?_search=dang+vien&_shape=array")
        assert "Bài 0" in page.text
        assert len(rows.json()) == 3
        stop(datasette)
    assert not list(home.root.glob("*-shm"))


@pytest.mark.parametrize(
    "command", [("rebuild",), ("crawl", "http://127.0.0.1:9/")], ids=["rebuild", "crawl"]
)
def test_what_must_write_says_so_in_one_line(home: Home, command: tuple[str, ...]) -> None:
    with unwritable(home.root):
        done = quynhon(*command, "--archive", home.root)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "cannot be written" in line
    assert str(home.root) in line


def killed(path: Path) -> int:
    """A writer killed after some commits: its log stays. Gives how many articles it surely had committed."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert writer.stdout is not None
    committed = [int(writer.stdout.readline()) for _ in range(3)][-1]
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    assert path.with_name(f"{path.name}-wal").stat().st_size
    return committed


def test_what_a_kill_left_in_the_log_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "archive" / "quynhon.db"
    path.parent.mkdir()
    committed = killed(path)
    with unwritable(path.parent), Store.open(path, readonly=True) as store:
        assert store.search("đảng viên").total >= committed


def test_a_link_to_such_a_database_is_followed(tmp_path: Path) -> None:
    real, link = tmp_path / "elsewhere" / "kho.db", tmp_path / "archive" / "quynhon.db"
    for path in (real, link):
        path.parent.mkdir()
    link.symlink_to(real)
    killed(real)
    with unwritable(real.parent), Store.open(link, readonly=True) as store:
        assert store.search("đảng viên").total


def test_a_log_that_cannot_be_read_in_place_is_told(tmp_path: Path) -> None:
    path = tmp_path / "archive" / "quynhon.db"
    path.parent.mkdir()
    killed(path)
    path.with_name("quynhon.db-shm").unlink()
    with unwritable(path.parent), pytest.raises(ArchiveError, match="copy both files") as caught:
        Store.open(path, readonly=True)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    # What the line advises works.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("quynhon.db", "quynhon.db-wal"):
        (elsewhere / name).write_bytes((path.parent / name).read_bytes())
    with Store.open(elsewhere / "quynhon.db", readonly=True) as store:
        assert store.search("đảng viên").total


def test_a_database_that_may_be_read_but_not_written(home: Home) -> None:
    """Its file is read-only, its folder is not: SQLite reads it beside its own writer."""
    home.database.chmod(0o444)
    with sqlite3.connect(home.database) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    with Store.open(home.database, readonly=True) as store:
        assert store.search("đảng viên").total == 3
