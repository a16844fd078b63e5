"""A WARC file that rows lead to is not there: each command says so in one line that names it."""

from __future__ import annotations

import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import archive
from tests.crawl.run_crawl import quynhon
from tests.publish.conftest import serve, stop


@pytest.fixture(scope="module")
def portal() -> Iterator[SamplePortal]:
    with SamplePortal(articles=4) as portal:
        yield portal


@pytest.fixture(scope="module")
def crawled(portal: SamplePortal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of several files."""
    folder = tmp_path_factory.mktemp("crawled") / "archive"
    archive(folder, "min_free = 0\nwarc_size = 200000\n")
    done = quynhon("crawl", portal.url, "--archive", folder)
    assert "finished" in done.stdout, done.stderr
    return folder


@pytest.fixture
def lost(crawled: Path, tmp_path: Path) -> tuple[Home, Path]:
    """A copy of it, and where its first file went."""
    home = Home(tmp_path / "archive")
    shutil.copytree(crawled, home.root)
    first = min(home.warc.iterdir())
    aside = tmp_path / first.name
    first.rename(aside)
    return home, aside


def test_status_names_it(lost: tuple[Home, Path]) -> None:
    home, aside = lost
    done = quynhon("status", "--archive", home.root)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"{aside.name} is not in warc/, and " in line


@pytest.mark.parametrize("left", [0.0, 0.5])
def test_a_file_that_lost_bytes_is_named_and_what_it_held_is_stored_again(
    portal: SamplePortal, crawled: Path, tmp_path: Path, left: float
) -> None:
    home = Home(tmp_path / "archive")
    shutil.copytree(crawled, home.root)
    first = min(home.warc.iterdir())
    first.chmod(0o644)
    whole = first.stat().st_size
    size = int(whole * left)
    os.truncate(first, size)
    why = f"{first.name} has {size:,} bytes, {whole:,} were recorded; put it back from a copy"
    for command in (("status",), ("report",)):
        done = quynhon(*command, "--archive", home.root)
        assert (done.returncode, why in done.stdout + done.stderr) == (1, True), done.stderr
    assert json.loads(quynhon("status", "--json", "--archive", home.root).stdout)["wrong_files"] == {
        f"warc/{first.name}": why.partition(" ")[2]
    }
    done = quynhon("crawl", portal.url, "--archive", home.root, "--full")
    assert done.returncode == 1
    assert [
        line for line in done.stderr.splitlines() if why.partition(" ")[2] in line and "fetched again" in line
    ]
    assert "finished" in done.stdout
    lost = f"""SELECT DISTINCT url FROM captures WHERE warc_file = '{first.name}' AND status = 200
        AND warc_offset + warc_length > {size} AND media_type = 'text/html'"""
    again = (
        f"SELECT DISTINCT url FROM captures WHERE warc_file <> '{first.name}' AND record_type = 'response'"
    )
    connection = sqlite3.connect(home.database)
    assert set(connection.execute(lost)) <= set(connection.execute(again))
    assert connection.execute(lost).fetchone()
    connection.close()


def test_a_lost_manifest_is_told_once(portal: SamplePortal, crawled: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "archive")
    shutil.copytree(crawled, home.root)
    home.manifest.unlink()
    first, second = (quynhon("crawl", portal.url, "--archive", home.root) for _ in range(2))
    assert (first.returncode, second.returncode) == (1, 0)
    (line,) = (line for line in first.stderr.splitlines() if "manifest.jsonl" in line)
    assert "is gone; put it back from a copy, or the sums of" in line


def test_rebuild_refuses_to_lose_its_rows(lost: tuple[Home, Path]) -> None:
    home, aside = lost
    before = home.database.read_bytes()
    done = quynhon("rebuild", "--archive", home.root)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert aside.name in line
    assert "quynhon rebuild --without-lost" in line
    assert home.database.read_bytes() == before
    home.database.rename(aside.with_name("old.db"))
    made = quynhon("rebuild", "--archive", home.root)
    assert made.returncode == 1  # manifest.jsonl still knows of it
    assert f"warc/{aside.name}: is not there, and " in made.stderr


def test_a_crawl_names_it_and_stores_again_what_it_held(
    portal: SamplePortal, lost: tuple[Home, Path]
) -> None:
    home, aside = lost
    sql = "SELECT count(*) FROM captures WHERE warc_file {} ? AND url = ? AND record_type = 'response'"
    connection = sqlite3.connect(home.database)
    assert connection.execute(sql.format("="), (aside.name, portal.url)).fetchone() == (1,)
    done = quynhon("crawl", portal.url, "--archive", home.root, "--full")
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if aside.name in line and "fetched again" in line]
    assert connection.execute(sql.format("<>"), (aside.name, portal.url)).fetchone() == (1,)
    connection.close()


async def test_the_site_shows_all_else_and_logs_its_name(
    lost: tuple[Home, Path], caplog: pytest.LogCaptureFixture
) -> None:
    home, aside = lost
    connection = sqlite3.connect(home.database)
    sql = "SELECT id, url FROM captures WHERE warc_file = ? AND status = 200 ORDER BY warc_offset"
    capture_id, _ = connection.execute(sql, (aside.name,)).fetchone()
    connection.close()
    datasette = serve(home)
    with caplog.at_level(logging.ERROR):
        answer = await datasette.client.get(f"/ban-luu/{shorten(capture_id)}/record.warc.gz")
    assert answer.status_code >= 500
    assert f"{aside.name}@" in caplog.text
    assert "No such file" in caplog.text
    assert (await datasette.client.get("/")).status_code == 200
    stop(datasette)
