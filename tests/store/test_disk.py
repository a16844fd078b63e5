"""A disk without room: one line that names what did not fit, nothing half-written, and on when there is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from quynhon_crawler.errors import DiskFull, QuynhonError
from quynhon_crawler.store import Store, fulltext, takedowns
from tests.crawl.disk import make_room, small_disk
from tests.store.old import unpack
from tests.store.test_export import EXPORTS, Export
from tests.store.test_migrations import version_of
from tests.store.test_opening import made
from tests.store.world import HOME, capture, reading


@contextmanager
def filled(folder: Path, *, left: int) -> Iterator[None]:
    """All of the small disk taken but ``left`` KiB."""
    ballast = folder / "ballast"
    free = os.statvfs(folder)
    ballast.write_bytes(b"\0" * (free.f_bavail * free.f_bsize - left * 1024))
    yield
    ballast.unlink()


def whole(path: Path) -> int:
    """The number of articles of a database that passes every check."""
    with Store.open(path) as store:
        assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert store.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for index in fulltext.NAMES:
            store.connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        store.commit()
        return int(store.connection.execute("SELECT count(*) FROM articles").fetchone()[0])


def add(path: Path, first: int, count: int) -> None:
    with Store.open(path) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        for number in range(first, first + count):
            url = f"{HOME}them-{number}"
            store.add_reading(capture(url), reading(url, body="dài " * 2000), portal_id=portal_id)
            if number % 10 == 9:
                store.commit()


def one_line(caught: pytest.ExceptionInfo[QuynhonError], path: Path) -> None:
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "make room" in str(caught.value)


def test_what_was_committed_stays_and_the_rest_can_be_added_again(tmp_path: Path) -> None:
    path = tmp_path / "quynhon.db"
    with small_disk(tmp_path, 3000):
        made(path)
        with pytest.raises(DiskFull) as caught:
            add(path, 0, 300)
        one_line(caught, path)
        make_room(tmp_path)
        kept = whole(path)
        assert kept % 10 == 3
        add(path, 0, 300)
        assert whole(path) == 303


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS.keys())
def test_an_export_names_its_folder_and_leaves_nothing(tmp_path: Path, export: Export) -> None:
    path = made(tmp_path / "quynhon.db", 100)
    disk = tmp_path / "disk"
    with small_disk(disk, 40):
        with pytest.raises(DiskFull) as caught:
            export(path, disk / "out")
        one_line(caught, disk)
        assert list(disk.iterdir()) == []
        make_room(disk)
        assert export(path, disk / "out").files
    assert whole(path) == 100


def told(work: Callable[[Path], None], path: Path) -> str | None:
    """The one line of an error, None when there was room enough."""
    try:
        work(path)
    except QuynhonError as error:
        (line,) = str(error).splitlines()
        return line if str(path.parent) in line else ""
    return None


def migrate(path: Path) -> None:
    Store.open(path).close()


def take_down(path: Path) -> None:
    with Store.open(path) as store:
        store.add_takedown(f"{HOME}bai-0", reason="theo yêu cầu")


@pytest.mark.parametrize(("work", "version"), [(migrate, 1), (take_down, 0)])
@pytest.mark.parametrize("left", [0, 4, 24])
def test_work_that_does_not_fit_is_not_done_by_half(
    tmp_path: Path, work: Callable[[Path], None], version: int, left: int
) -> None:
    path = tmp_path / "quynhon.db"
    with small_disk(tmp_path, 4000):
        if version:
            unpack("schema-1", path)
        else:
            made(path)
        with filled(tmp_path, left=left):
            said = told(work, path)
            assert said or (said is None and left)
        if version and said:
            assert version_of(path) == version
        work(path)
        assert whole(path) == (4 if version else 3)
        connection = sqlite3.connect(path)
        in_table = [url for (url,) in connection.execute("SELECT url FROM takedowns")]
        connection.close()
        assert in_table == [one.url for one in takedowns.in_force(path.with_name("takedowns.jsonl"))]
