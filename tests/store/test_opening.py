"""Databases that cannot be used as they are: one line that names the file, no row lost or half-written."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from quynhon_crawler.errors import ArchiveError, QuynhonError, SchemaError
from quynhon_crawler.store import Store, fulltext
from quynhon_crawler.store.database import connect
from quynhon_crawler.store.schema import VERSION
from tests.store.world import HOME, capture, reading

ROOT = Path(__file__).parents[2]


def made(path: Path, articles: int = 3) -> Path:
    with Store.open(path, create=True) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        for number in range(articles):
            url = f"{HOME}bai-{number}"
            page = reading(url, title=f"Bài {number}")
            store.add_reading(capture(url), page, portal_id=portal_id)
    return path


def newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()


def foreign(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE articles(id INTEGER PRIMARY KEY)")
    connection.close()


@pytest.mark.parametrize("readonly", [True, False])
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (newer, "made by a newer version"),
        (foreign, "not one of this program"),
        (lambda path: path.write_bytes(b"<html>" * 500), "not a SQLite database"),
    ],
)
def test_what_is_not_ours_is_refused_and_left_alone(
    tmp_path: Path, spoil: Callable[[Path], object], said: str, readonly: bool
) -> None:
    path = made(tmp_path / "quynhon.db")
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(SchemaError, match=said) as caught:
        Store.open(path, readonly=readonly)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_a_database_that_was_deleted(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="there is no database yet"):
        Store.open(tmp_path / "quynhon.db")
    assert not (tmp_path / "quynhon.db").exists()


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="cannot be opened"):
        Store.open(tmp_path, create=True)


def write_again(path: Path) -> None:
    with Store.open(path) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        for number in range(40):
            url = f"{HOME}bai-{number}"
            store.add_reading(capture(url, day=2), reading(url, title="Mới"), portal_id=portal_id)


@pytest.mark.parametrize("keep", [0.3, 0.7, 0.95])
def test_a_database_that_was_cut_off(tmp_path: Path, keep: float) -> None:
    path = made(tmp_path / "quynhon.db", 40)
    os.truncate(path, int(path.stat().st_size * keep))
    with pytest.raises(QuynhonError, match="quynhon rebuild") as caught:
        write_again(path)
    assert str(path) in str(caught.value)


def test_a_read_only_database(tmp_path: Path) -> None:
    path = made(tmp_path / "quynhon.db")
    store = Store.open(path, readonly=True)
    assert store.search("đảng viên").total == 3
    with pytest.raises(ArchiveError, match="read-only"):
        store.put_portal(name="Khác", home_url=HOME, system=None, rights=None)
    store.close()


def test_two_writers(tmp_path: Path) -> None:
    path = made(tmp_path / "quynhon.db")
    with Store.open(path) as first:
        first.put_portal(name="Một", home_url=HOME, system=None, rights=None)
        second = Store(connect(path, patience=0.1).conn, path)
        with pytest.raises(ArchiveError, match="another program is writing") as caught:
            second.put_portal(name="Hai", home_url=HOME, system=None, rights=None)
        assert str(path) in str(caught.value)
        first.commit()
        second.put_portal(name="Hai", home_url=HOME, system=None, rights=None)
        second.close()
    with Store.open(path, readonly=True) as store:
        assert store.connection.execute("SELECT name FROM portals").fetchone() == ("Hai",)


WRITER = """
import sys
from pathlib import Path
from quynhon_crawler.store import Store
from tests.store.world import HOME, capture, reading
store = Store.open(Path(sys.argv[1]), create=True)
portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
number = 0
while True:
    for _ in range(20):
        url = f"{HOME}bai-{number}"
        store.add_reading(capture(url), reading(url), portal_id=portal_id)
        number += 1
    store.commit()
    print(number, flush=True)
"""


def test_a_killed_writer_leaves_whole_batches(tmp_path: Path) -> None:
    path = tmp_path / "quynhon.db"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert writer.stdout is not None
    for _ in range(3):
        committed = int(writer.stdout.readline())
    time.sleep(0.02)
    writer.send_signal(signal.SIGKILL)
    rest = writer.communicate()[0].split()
    committed = int(rest[-1]) if rest else committed
    with Store.open(path) as store:
        found = store.connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        # The kill may fall between a commit and the line that tells of it.
        assert found in (committed, committed + 20)
        assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for index in fulltext.NAMES:
            store.connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        assert store.search("đảng viên").total == found


def add_and_fail(store: Store) -> None:
    with store:
        store.add_reading(capture(f"{HOME}them"), reading(f"{HOME}them"), portal_id=1)
        store.flush()
        raise RuntimeError


def test_an_error_in_the_middle_takes_nothing_along(tmp_path: Path) -> None:
    path = made(tmp_path / "quynhon.db")
    with pytest.raises(RuntimeError):
        add_and_fail(Store.open(path))
    with Store.open(path, readonly=True) as store:
        assert store.connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def test_a_capture_is_found_for_the_revisit_that_refers_to_it(tmp_path: Path) -> None:
    seen = capture(captured_at="2026-01-01T10:00:00.123456Z")
    with Store.open(tmp_path / "quynhon.db", create=True) as store:
        store.add_capture(seen)
        assert store.has_capture(seen.id)
        assert store.find_capture(f"http://www.{seen.url[8:]}", "2026-01-01T10:00:00Z") == seen
        assert store.find_capture(seen.url, "2026-01-01T10:00:01Z") is None
        store.commit()
        assert store.has_capture(seen.id)
