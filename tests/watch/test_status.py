"""`quynhon status`: what a person sees at a glance, also after a kill -9 and with a wrong archive.toml."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from quynhon_crawler.cli import main
from quynhon_crawler.crawl.pace import HANOI
from quynhon_crawler.home import Home
from quynhon_crawler.lock import Lock, crawl_lock
from quynhon_crawler.watch.disk import disk_of
from quynhon_crawler.watch.problems import problems_of
from quynhon_crawler.watch.state import state_of
from tests.crawl.run_crawl import COMMAND, environment, quynhon
from tests.imports.files import packed, page, write
from tests.schedule.tiny import Portal, archive_of, tiny_portal, wait_until


@pytest.fixture
def portal() -> Iterator[Portal]:
    with tiny_portal() as portal:
        yield portal


def status(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["status", *words, "--archive", str(folder)])


def told(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(status(folder, "--json").stdout)
    return found


def test_before_the_first_crawl(portal: Portal, tmp_path: Path) -> None:
    said = status(archive_of(tmp_path / "a", portal)).stdout
    assert "nothing crawled yet" in said
    assert f"Portal a, {portal.url}\n  next: update, due now (never crawled yet)" in said


def test_what_failed_is_named_and_what_was_had_later_is_not(portal: Portal, tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "a", portal)
    portal.pages, portal.bad = 9, {f"/tin/{number}.html": 500 for number in range(7)} | {"/tin/8.html": 404}
    quynhon("crawl", "a", "--archive", folder)
    done = status(folder)
    assert done.exit_code == 0, done.stderr
    assert "  failed: 7 addresses\n" in done.stdout
    assert f"{portal.url}tin/6.html: answered 500" in done.stdout
    assert "all of them: quynhon status --failures" in done.stdout
    assert "  1 link to nowhere (404)" in done.stdout
    lines = status(folder, "--failures").stdout.splitlines()
    assert sorted(line.split("\t")[0].rpartition("/")[2] for line in lines) == [
        *(f"{number}.html" for number in range(7)), "8.html",
    ]  # fmt: skip
    portal.bad = {}
    quynhon("crawl", f"{portal.url}", "--full", "--archive", folder)
    assert "failed:" not in status(folder).stdout


def test_after_a_kill_it_shows_what_is_there(portal: Portal, tmp_path: Path) -> None:
    """Twice: the numbers of the first end must not be shown for what was killed later."""
    folder = archive_of(tmp_path / "a", portal)
    portal.pages, portal.latency = 400, 0.01
    quynhon("crawl", "a", "--limit", "5", "--archive", folder)
    before = told(folder)["portals"][0]["last"]
    assert (before["outcome"], before["requests"]) == ("limit", 5)
    crawl = subprocess.Popen(
        [*COMMAND, "crawl", "a", "--archive", str(folder)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    wait_until(lambda: told(folder)["portals"][0]["last"]["requests"] > 20)
    assert told(folder)["running"] == str(crawl.pid)
    crawl.send_signal(signal.SIGKILL)
    crawl.wait()
    after = told(folder)
    assert after["running"] is None
    assert after["portals"][0]["last"]["outcome"] is None
    assert after["portals"][0]["last"]["requests"] > 20
    assert [problem["code"] for problem in after["problems"]] == ["killed"]
    said = status(folder)
    assert said.exit_code == 1
    assert "was killed; " in said.stdout
    assert "was left open by a crawl that was killed; " in said.stdout
    assert "  next: update, due now" in said.stdout


def test_a_portal_is_silent_since_the_first_crawl_that_it_did_not_answer(tmp_path: Path) -> None:
    with tiny_portal() as portal:
        folder = archive_of(tmp_path / "a", portal)
        quynhon("crawl", "a", "--archive", folder)
    quynhon("crawl", "a", "--archive", folder)
    quynhon("crawl", "a", "--archive", folder)
    connection = sqlite3.connect(folder / "quynhon.db")
    for day in (1, 2, 3):  # a crawl a day
        begun = "SELECT id FROM crawls ORDER BY started_at LIMIT 1"
        connection.execute(
            f"""UPDATE crawls SET started_at = '2027-01-0{day}T02:00:00.000000Z',
                finished_at = '2027-01-0{day}T03:00:00.000000Z' WHERE id = ({begun})"""
        )
        if day == 1:
            connection.execute("UPDATE captures SET captured_at = '2027-01-01T02:30:00.000000Z'")
    connection.commit()
    connection.close()
    (problem,) = (one["text"] for one in told(folder)["problems"] if one["code"] == "unreachable")
    assert problem == "the portal did not answer since Sat 2027-01-02 09:00"


def test_a_file_that_waits_to_be_read_is_named_and_a_copy_of_what_was_read_is_not(tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "a")
    first = write(tmp_path / "1.warc.gz", packed(page(1), page(2)))
    assert quynhon("import", first, "--archive", folder).returncode == 0
    before = (folder / "quynhon.db").read_bytes()
    for name, content in (("copy.warc", page(2) + page(1)), ("2.warc.gz", packed(page(1), page(3)))):
        assert quynhon("import", write(tmp_path / name, content), "--archive", folder).returncode == 0
    assert status(folder).exit_code == 0
    (folder / "quynhon.db").write_bytes(before)  # as a kill between the copy and its reading leaves it
    done = status(folder)
    assert done.exit_code == 1
    (line,) = done.stderr.splitlines()
    assert "-2.warc.gz is not in the database" in line
    assert line.endswith("; run quynhon rebuild")
    said = quynhon("report", "--archive", folder).stdout
    assert "-2.warc.gz is not in the database" in said
    assert "All is well" not in said
    assert quynhon("import", first, "--archive", folder).returncode == 0  # an import reads it too
    assert status(folder).exit_code == 0


def test_a_timer_that_calls_no_more_is_noticed(portal: Portal, tmp_path: Path) -> None:
    home = Home(archive_of(tmp_path / "a", portal, keys='every = "6h"\nhours = "00:00-23:59"'))
    quynhon("crawl", "a", "--archive", home.root)
    now = datetime.now(UTC)

    def codes(hours: float) -> list[str]:
        return [one.code for one in problems_of(state_of(home, now + timedelta(hours=hours)))]

    assert [codes(hours) for hours in (0, 7, 9, 170)] == [[], [], ["overdue"], ["overdue"]]
    # what waits for its hours is not late
    opens = (now + timedelta(hours=8)).astimezone(HANOI)
    keys = f'every = "6h"\nhours = "{opens:%H:%M}-{opens + timedelta(hours=6):%H:%M}"'
    archive_of(home.root, portal, keys=keys)
    assert [codes(hours) for hours in (7.9, 9, 10.5)] == [[], [], ["overdue"]]


def test_a_wrong_archive_toml_is_told_and_the_rest_shown(portal: Portal, tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "a", portal)
    quynhon("crawl", "a", "--archive", folder)
    with (folder / "archive.toml").open("a") as file:
        file.write("speed = 3\n")
    done = status(folder)
    assert done.exit_code == 1
    assert "Problem (archive): " in done.stderr
    assert "unknown key 'speed'" in done.stderr
    assert "  last: update, begun " in done.stdout
    assert told(folder)["portals"][0]["next"] is None


def test_looking_disturbs_no_crawl_that_begins(tmp_path: Path) -> None:
    """Who asks whether the lock is held takes it for an instant; who wants it waits that long."""
    home = Home(archive_of(tmp_path / "a"))
    home.state.mkdir()
    crawl_lock(home).touch()
    looker = subprocess.Popen(
        [COMMAND[0], "-c", "import sys; from pathlib import Path; from quynhon_crawler.lock import holder\n"
         "print(flush=True)\nwhile True: holder(Path(sys.argv[1]))", str(crawl_lock(home))],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert looker.stdout is not None
    looker.stdout.readline()
    for _ in range(200):
        Lock(crawl_lock(home)).release()
    looker.kill()
    looker.wait()
    looker.stdout.close()


NOW = datetime(2026, 11, 24, tzinfo=UTC)


def warc(home: Home, age: float, size: int) -> None:
    home.warc.mkdir(exist_ok=True)
    stamp = (NOW - timedelta(days=age)).strftime("%Y%m%d%H%M%S")
    path = home.warc / f"QUYNHON-{stamp}-00001-host.warc.gz"
    path.touch()
    os.truncate(path, size)


@pytest.mark.parametrize(
    ("files", "growth"),
    [
        ([], None),
        ([(0.5, 700)], None),
        ([(7, 700), (3, 700)], 1400),
        ([(100, 9_000), (27, 2_000), (1, 2_000)], 1_000),
        ([(100, 9_000)], 0),
    ],
)
def test_growth_is_of_the_last_four_weeks(
    tmp_path: Path, files: list[tuple[float, int]], growth: int | None
) -> None:
    home = Home(tmp_path)
    for age, size in files:
        warc(home, age, size)
    disk = disk_of(home, NOW)
    assert disk.growth == growth
    assert disk.warc_bytes == sum(size for _, size in files)
    left = disk.days_left()
    assert (left is None) is (not growth)
    if growth:
        assert left == pytest.approx(disk.free_bytes / growth * 7)


def test_a_database_that_is_none_is_told(tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "a")
    (folder / "quynhon.db").write_bytes(b"x" * 5000)
    done = status(folder)
    assert done.exit_code == 2
    assert "Problem (archive): " in done.output
    assert "quynhon.db: not a SQLite database" in done.output
