"""Databases of earlier versions, as their code wrote them, become what today's code would have written."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quynhon_crawler.errors import QuynhonError, SchemaError
from quynhon_crawler.store import Store, fulltext
from quynhon_crawler.store.content import content_digest, public_tables, rows_of
from quynhon_crawler.store.rows import picture_id_of
from quynhon_crawler.store.schema import VERSION
from quynhon_crawler.store.settle import form_of, new_form
from tests.crawl.disk import unwritable
from tests.store.old import NAMES, fill, unpack
from tests.store.test_opening import ROOT
from tests.store.world import HOME, capture, reading

# Of all tables, indexes, views and triggers. When this fails, a published migration was changed: make a new
# one instead, and a database of the version before it for these tests.
FORM = (6, "0d9081c73eb82764")


@pytest.fixture(params=NAMES)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return unpack(request.param, tmp_path / "quynhon.db")


def version_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return version


def texts(path: Path) -> list[list[tuple[object, ...]]]:
    connection = sqlite3.connect(path)
    rows = [connection.execute(f"SELECT * FROM {t}").fetchall() for t in ("articles", "article_versions")]
    connection.close()
    return rows


def test_the_form_belongs_to_its_number() -> None:
    form = hashlib.sha256(repr(sorted(new_form().items())).encode()).hexdigest()
    assert (VERSION, form[:16]) == FORM


def test_it_becomes_what_todays_code_writes(older: Path, tmp_path: Path) -> None:
    with Store.open(older) as migrated, Store.open(tmp_path / "new.db", create=True) as new:
        fill(new)
        assert form_of(migrated.connection) == form_of(new.connection) == new_form()
        for table in public_tables(new.connection):
            rows = [list(rows_of(store.connection, table)) for store in (migrated, new)]
            assert rows[0] == rows[1], table
        assert content_digest(migrated.connection) == content_digest(new.connection)
        assert migrated.search("dang vien").total == 4
        for index in fulltext.NAMES:
            migrated.connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
    assert version_of(older) == VERSION


def test_it_goes_on_with_its_history(older: Path) -> None:
    url = f"{HOME}tin-tuc/bai-0.html"
    with Store.open(older) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system="vhv", rights=None)
        same = reading(url, title="Bài 0, đã sửa")
        store.add_reading(capture(url, day=4), same, portal_id=portal_id)
        store.add_reading(capture(url, day=5), reading(url, title="Bài 0, sửa nữa"), portal_id=portal_id)
        store.commit()
        sql = "SELECT v.version, v.title FROM article_versions v JOIN articles a ON a.id = v.article_id"
        found = store.connection.execute(f"{sql} WHERE a.url = ? ORDER BY 1", (url,)).fetchall()
    assert found == [(1, "Bài 0"), (2, "Bài 0, đã sửa"), (3, "Bài 0, sửa nữa")]


def test_a_copy_is_kept_as_it_was(older: Path) -> None:
    version, rows = version_of(older), texts(older)
    Store.open(older).close()
    copy = older.with_name(f"quynhon.db.v{version}")
    assert version_of(copy) == version
    kept = sqlite3.connect(copy)
    assert rows == [
        list(kept.execute(f"SELECT * FROM {table}")) for table in ("articles", "article_versions")
    ]
    kept.close()
    assert sorted(path.name for path in older.parent.iterdir()) == ["quynhon.db", copy.name]


def test_reading_brings_it_up_to_date_too(older: Path) -> None:
    with Store.open(older, readonly=True) as store:
        assert store.search("dang vien").total == 4
    assert version_of(older) == VERSION


def test_where_nothing_can_be_written_it_is_refused_in_one_line(older: Path) -> None:
    before = older.read_bytes()
    said = r"older version \(schema \d, this one is 6\), and cannot be brought up to date"
    with unwritable(older.parent), pytest.raises(SchemaError, match=said) as caught:
        Store.open(older, readonly=True)
    assert "\n" not in str(caught.value)
    assert older.read_bytes() == before


def test_an_empty_file_is_no_older_database(tmp_path: Path) -> None:
    path = tmp_path / "quynhon.db"
    path.touch()
    with pytest.raises(SchemaError, match="is empty; quynhon rebuild"):
        Store.open(path, readonly=True)
    assert path.read_bytes() == b""


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = unpack("schema-1", tmp_path / "quynhon.db")
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE articles_fts(in_the_way)")
    connection.close()
    with pytest.raises(QuynhonError) as caught:
        Store.open(path)
    assert str(path) in str(caught.value)
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT name FROM sqlite_master WHERE name = 'articles_search'").fetchall()
    connection.close()
    assert (version_of(path), found) == (1, [])


def test_two_processes_that_open_it_at_once(older: Path) -> None:
    command = [sys.executable, "-c", _OPEN, str(older)]
    opening = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate()[1] for process in opening]
    assert said == ["", "", ""]
    with Store.open(older, readonly=True) as store:
        assert form_of(store.connection) == new_form()


def test_one_that_is_killed_in_the_middle_leaves_the_version_that_was(older: Path) -> None:
    version, rows = version_of(older), texts(older)
    holder = sqlite3.connect(older, isolation_level=None)
    holder.execute("PRAGMA journal_mode = WAL")
    holder.execute("BEGIN IMMEDIATE")  # so that it waits behind its copy, and can be met there
    copy = older.with_name(f"quynhon.db.v{version}")
    opening = subprocess.Popen([sys.executable, "-c", _OPEN, str(older)], cwd=ROOT)
    while not copy.exists():
        assert opening.poll() is None
        time.sleep(0.01)
    opening.kill()
    opening.wait()
    holder.execute("ROLLBACK")
    holder.close()
    assert (version_of(older), texts(older)) == (version, rows)
    with Store.open(older) as store:
        assert form_of(store.connection) == new_form()


_OPEN = """
import sys
from pathlib import Path
from quynhon_crawler.store import Store
Store.open(Path(sys.argv[1])).close()
"""


@pytest.mark.parametrize("older", [name for name in NAMES if name < "schema-4"], indirect=True)
def test_a_picture_whose_code_is_written_in_parts_gets_its_number(older: Path) -> None:
    connection = sqlite3.connect(older)
    connection.execute("UPDATE images SET code = 'hnbch_08_2019_001', uploaded_at = NULL, picture_id = 1")
    connection.commit()
    connection.close()
    wanted = picture_id_of(None, None, "HNBCH082019001", 0)
    with Store.open(older) as store:
        assert {row[0] for row in store.connection.execute("SELECT picture_id FROM images")} == {wanted}
