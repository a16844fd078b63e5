"""Crashes at nasty moments, and archives that lost a part of themselves."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.lock import lock_archive
from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.store.content import content_digest
from quynhon_crawler.warc.reader import Record, Stored, exchanges, paired, records
from quynhon_crawler.warc.tail import good_end
from quynhon_crawler.warc.walk import walk
from tests.crawl.archives import archive, ask, assert_level, missing, stored, warcs
from tests.crawl.run_crawl import quynhon, start


def killed(folder: Path, portal: SamplePortal, *, after: int) -> None:
    """A crawl that was killed when the portal had been asked ``after`` times."""
    process = start("crawl", portal.url, "--archive", folder)
    while len(portal.exchanges) < after:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("garbage", [b"\0" * 5000, b"no gzip at all", b"\x1f\x8b\x08\0 begins like a member"])
def test_garbage_behind_the_last_record_is_moved_aside(tmp_path: Path, garbage: bytes) -> None:
    archive(tmp_path)
    with SamplePortal(articles=20) as portal:
        killed(tmp_path, portal, after=30)
        (left_open,) = warcs(tmp_path)
        end = left_open.stat().st_size
        with left_open.open("ab") as stream:
            stream.write(garbage)
        done = quynhon("crawl", portal.url, "--archive", tmp_path)
        assert done.returncode == 0, done.stderr
        assert f"{len(garbage):,} torn bytes moved" in done.stdout
        assert missing(tmp_path, portal) == set()
    (aside,) = (tmp_path / "state" / "torn").iterdir()
    assert aside.name.endswith(f"@{end}")
    assert aside.read_bytes() == garbage
    assert_level(tmp_path)


@pytest.mark.parametrize("kept", [0, 40])
def test_a_file_without_a_whole_record_goes(tmp_path: Path, kept: int) -> None:
    archive(tmp_path)
    with SamplePortal(articles=20) as portal:
        killed(tmp_path, portal, after=30)
        (left_open,) = warcs(tmp_path)
        stray = left_open.with_name("QUYNHON-20260101000000-00001-x-1.warc.gz.open")
        stray.write_bytes(left_open.read_bytes()[:kept])  # 40 bytes: a torn warcinfo
        done = quynhon("crawl", portal.url, "--archive", tmp_path)
        assert done.returncode == 0, done.stderr
        assert missing(tmp_path, portal) == set()
    assert not [path for path in warcs(tmp_path) if path.name.startswith(stray.name[:20])]
    assert_level(tmp_path)


def whole_records(path: Path) -> Iterator[Record]:
    return (item for item in walk(path) if isinstance(item, Record))


def digest(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "quynhon.db")) as connection:
        return content_digest(connection)


def damaged_in_the_middle(path: Path) -> int:
    """Where the damaged record begins: a page that the database has been told of."""
    found = [item for item in exchanges(path) if isinstance(item, Stored)]
    record = found[len(found) // 2].record
    with path.open("rb+") as stream:
        stream.seek(record.offset + record.length // 2)
        stream.write(b"XXXX")
    return record.offset


def test_records_behind_a_damaged_spot_stay_and_are_read(tmp_path: Path) -> None:
    archive(tmp_path)
    with SamplePortal(articles=30) as portal:
        killed(tmp_path, portal, after=100)
        (left_open,) = warcs(tmp_path)
        whole = left_open.read_bytes()[: good_end(left_open)]
        left_open.write_bytes(whole)
        at = damaged_in_the_middle(left_open)
        held = left_open.read_bytes()
        kept = sum(isinstance(item, Stored) for item in paired(whole_records(left_open)))
        done = quynhon("crawl", portal.url, "--archive", tmp_path)
        assert done.returncode == 1, done.stderr
        name = left_open.name.removesuffix(".open")
        assert f"{name}@{at}: damaged" in done.stderr
        assert missing(tmp_path, portal) == set()
    assert not (tmp_path / "state" / "torn").exists()
    assert left_open.with_name(name).read_bytes() == held
    assert len(ask(tmp_path, "id", f"captures WHERE warc_file = '{name}'")) == kept
    verified = quynhon("verify", "--archive", tmp_path)
    assert verified.returncode == 1
    assert len(re.findall(r"@\d+", verified.stdout + verified.stderr)) == 1, verified.stdout
    before = digest(tmp_path)
    assert quynhon("rebuild", "--archive", tmp_path).returncode == 1  # it names the damaged record
    assert digest(tmp_path) == before


def test_rows_of_records_that_are_cut_off_go(tmp_path: Path) -> None:
    archive(tmp_path)
    with SamplePortal(articles=30) as portal:
        killed(tmp_path, portal, after=100)
        (left_open,) = warcs(tmp_path)
        assert quynhon("rebuild", "--archive", tmp_path).returncode in (0, 1)
        last = [item for item in paired(whole_records(left_open)) if isinstance(item, Stored)][-3]
        with left_open.open("rb+") as stream:
            stream.truncate(last.record.offset + 20)
        done = quynhon("crawl", portal.url, "--archive", tmp_path)
        assert done.returncode == 1, done.stderr
        assert "has lost 3 answers that the database had" in done.stderr
        assert missing(tmp_path, portal) == set()
    assert_level(tmp_path)
    assert quynhon("verify", "--archive", tmp_path).returncode == 0


def test_killed_while_it_recovers_it_recovers_again(tmp_path: Path) -> None:
    archive(tmp_path)
    with SamplePortal(articles=40) as portal:
        killed(tmp_path, portal, after=150)
        (left_open,) = warcs(tmp_path)
        before = [record.id for record in whole_records(left_open)]
        for path in (tmp_path / "state").glob("frontier.db*"):
            path.unlink()  # the recovery has everything to do
        for path in tmp_path.glob("quynhon.db*"):
            path.unlink()
        asked = len(portal.exchanges)
        for tenths in range(4, 12):
            process = start("crawl", portal.url, "--archive", tmp_path, "--limit", "1")
            time.sleep(tenths / 10)
            process.send_signal(signal.SIGKILL)
            process.wait()
        done = quynhon("crawl", portal.url, "--archive", tmp_path)
        assert done.returncode == 0, done.stderr
        assert len(portal.exchanges) > asked
        assert missing(tmp_path, portal) == set()
    closed = left_open.with_name(left_open.name.removesuffix(".open"))
    assert [record.id for record in records(closed)] == before
    assert_level(tmp_path)


def test_a_lost_database_is_told_with_its_remedy_and_nothing_is_asked(tmp_path: Path) -> None:
    archive(tmp_path)
    with SamplePortal(articles=10) as portal:
        assert quynhon("crawl", portal.url, "--archive", tmp_path).returncode == 0
        for path in tmp_path.glob("quynhon.db*"):
            path.unlink()
        asked = len(portal.exchanges)
        done = quynhon("crawl", portal.url, "--archive", tmp_path)
        assert done.returncode == 2
        (line,) = done.stderr.strip().splitlines()
        assert "quynhon.db: missing, while" in line
        assert f"quynhon rebuild --archive {tmp_path}" in line
        assert len(portal.exchanges) == asked
        assert not (tmp_path / "quynhon.db").exists()
        assert quynhon("rebuild", "--archive", tmp_path).returncode == 0
        assert quynhon("crawl", portal.url, "--archive", tmp_path).returncode == 0
        assert missing(tmp_path, portal) == set()


def test_numbers_are_right_when_the_database_was_rebuilt_after_a_kill(tmp_path: Path) -> None:
    archive(tmp_path)
    with SamplePortal(articles=12) as portal:
        killed(tmp_path, portal, after=60)
        assert quynhon("rebuild", "--archive", tmp_path).returncode == 0
        done = quynhon("crawl", portal.url, "--archive", tmp_path)
        assert done.returncode == 0, done.stderr
        told = quynhon("status", "--archive", tmp_path)
    ((requests,),) = ask(tmp_path, "requests", "crawls")
    ((answers,),) = ask(tmp_path, "count(*)", "captures WHERE url NOT LIKE '%/robots.txt'")
    assert answers <= requests <= answers + 4  # type: ignore[operator]  # what the kill left unanswered
    dead = re.search(r"(\d+) links? to nowhere", done.stdout)
    shown = re.search(r"(\d+) links? to nowhere", told.stdout)
    assert (dead and int(dead[1])) == (shown and int(shown[1]))
    assert dead


def test_a_database_of_no_bytes_is_a_lost_one(tmp_path: Path) -> None:
    archive(tmp_path)
    with SamplePortal(articles=5) as portal:
        assert quynhon("crawl", portal.url, "--archive", tmp_path).returncode == 0
        for path in tmp_path.glob("quynhon.db*"):
            path.unlink()
        (tmp_path / "quynhon.db").touch()
        asked = len(portal.exchanges)
        done = quynhon("crawl", portal.url, "--archive", tmp_path)
        assert done.returncode == 2
        (line,) = done.stderr.strip().splitlines()
        assert "quynhon.db: empty, while" in line
        assert f"quynhon rebuild --archive {tmp_path}" in line
        assert len(portal.exchanges) == asked
        assert quynhon("rebuild", "--archive", tmp_path).returncode == 0
        assert missing(tmp_path, portal) == set()


def test_a_frontier_that_is_no_database_is_told_with_its_remedy(tmp_path: Path) -> None:
    archive(tmp_path)
    (tmp_path / "state").mkdir()
    frontier = tmp_path / "state" / "frontier.db"
    frontier.write_bytes(b"this is no database, but a long text that fills the head of the file" * 40)
    done = quynhon("crawl", "http://127.0.0.1:1/", "--archive", tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert f"{frontier}: file is not a database; delete it" in line
    assert stored(tmp_path) == []


def test_a_database_from_an_older_copy_is_noticed(tmp_path: Path) -> None:
    folder = archive(tmp_path / "archive")
    with SamplePortal(articles=5) as portal:
        command = ("crawl", portal.url, "--archive", folder)
        assert quynhon(*command, "--limit", "3").returncode == 0
        shutil.copy(folder / "quynhon.db", tmp_path / "copy.db")
        assert quynhon(*command).returncode == 0
        for old in folder.glob("quynhon.db*"):
            old.unlink()
        shutil.copy(tmp_path / "copy.db", folder / "quynhon.db")
        told = quynhon(*command)
        assert told.returncode == 1
        assert "the database knows nothing of it; run: quynhon rebuild" in told.stderr
        assert quynhon("rebuild", "--archive", folder).returncode == 0
        assert quynhon(*command).returncode == 0


def test_a_database_with_damaged_pages_is_told_with_its_remedy(tmp_path: Path) -> None:
    archive(tmp_path)
    with SamplePortal(articles=40) as portal:
        assert quynhon("crawl", portal.url, "--archive", tmp_path).returncode == 0
        database = tmp_path / "quynhon.db"
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size = connection.execute("PRAGMA page_size").fetchone()[0]
            sql = "SELECT pageno FROM dbstat WHERE name IN ('listings', 'listing_items', 'captures')"
            try:
                pages = [number for (number,) in connection.execute(sql)]
            except sqlite3.OperationalError:  # built without dbstat
                pages = list(range(3, database.stat().st_size // size, 2))
        with database.open("rb+") as stream:
            for number in pages:
                stream.seek((number - 1) * size)
                stream.write(b"\xa5" * size)
        done = quynhon("crawl", portal.url, "--archive", tmp_path)
    assert done.returncode in (1, 2)
    (line,) = (line for line in done.stderr.splitlines() if "quynhon.db" in line)
    assert "quynhon.db: damaged (database disk image is malformed); make it again from the WARC files" in line
    assert "Traceback" not in done.stderr


def test_what_is_running_is_named(tmp_path: Path) -> None:
    with lock_archive(Home(archive(tmp_path)), "rebuild"):
        done = quynhon("crawl", "http://127.0.0.1:1/", "--archive", tmp_path)
    assert done.returncode == 2
    assert f"a rebuild of this archive is running already (process {os.getpid()})" in done.stderr
