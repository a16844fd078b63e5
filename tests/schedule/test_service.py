"""`quynhon crawl --due` as a timer calls it: real processes, a real portal, real signals."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quynhon_crawler.cli import main
from quynhon_crawler.config.hours import VIETNAM
from quynhon_crawler.home import Home
from quynhon_crawler.lock import Lock, crawl_lock, holder
from tests.crawl.run_crawl import COMMAND, environment
from tests.schedule.tiny import Portal, archive_of, tiny_portal, wait_until


@pytest.fixture
def portal() -> Iterator[Portal]:
    with tiny_portal() as portal:
        yield portal


def due(folder: Path, *words: str) -> Result:
    """One call in this process; the crawls that it makes are processes of their own."""
    return CliRunner().invoke(main, ["crawl", "--due", *words, "--archive", str(folder)])


def begin(folder: Path) -> subprocess.Popen[str]:
    """The same, left running."""
    return subprocess.Popen(
        [*COMMAND, "crawl", "--due", "--archive", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment(),
    )  # fmt: skip


def crawls(folder: Path) -> list[tuple[str, str, str | None]]:
    db = sqlite3.connect(folder / "quynhon.db")
    rows = db.execute("SELECT id, mode, outcome FROM crawls ORDER BY started_at").fetchall()
    db.close()
    return rows


def test_the_second_call_has_nothing_to_do(portal: Portal, tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "a", portal)
    first = due(folder)
    assert first.exit_code == 0, first.output
    assert first.stdout.startswith("a: update finished; 4 requests, ")
    assert "\nNext: a: update, " in first.stdout
    asked = len(portal.asked)
    second = due(folder)
    assert second.exit_code == 0
    assert second.stdout.startswith("Nothing is due. Next: a: update, ")
    assert len(portal.asked) == asked
    assert len(crawls(folder)) == 1
    assert "update crawl begins (first)" in (folder / "state/logs/crawl.log").read_text()


def test_two_timers_at_once_make_one_crawl(portal: Portal, tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "a", portal)
    portal.latency = 0.3
    both = [begin(folder), begin(folder)]
    said = [run.communicate(timeout=120)[0] for run in both]
    assert [run.returncode for run in both] == [0, 0], said
    assert len(crawls(folder)) == 1
    assert sum("a: update finished" in text for text in said) == 1


def test_a_crawl_by_hand_is_left_alone(portal: Portal, tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "a", portal)
    (folder / "state").mkdir()
    with Lock(crawl_lock(Home(folder))):
        done = due(folder)
    assert (done.exit_code, done.stdout) == (0, "Another crawl of this archive is at work; nothing to do\n")
    assert portal.asked == []


def test_sigterm_ends_it_in_order_and_the_next_call_goes_on(portal: Portal, tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "a", portal)
    portal.pages, portal.latency = 12, 0.1
    run = begin(folder)
    wait_until(lambda: len(portal.asked) > 5)
    run.send_signal(signal.SIGTERM)
    said = run.communicate(timeout=120)[0]
    assert run.returncode == 1
    assert "a: update stopped, goes on the next time" in said
    assert crawls(folder)[0][2] == "interrupted"
    portal.latency = 0
    assert due(folder).exit_code == 0
    assert [outcome for _, _, outcome in crawls(folder)] == ["finished"]
    asked = [path for path in portal.asked if path.startswith("/tin/")]
    assert sorted(asked) == sorted(f"/tin/{number}.html" for number in range(12))  # none twice, none lost


def test_a_crawl_that_is_killed_is_told_and_tried_later(portal: Portal, tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "a", portal)
    portal.pages, portal.latency = 40, 0.1
    run = begin(folder)
    wait_until(lambda: len(portal.asked) > 3)
    pid = holder(crawl_lock(Home(folder)))
    assert pid is not None
    os.kill(int(pid), signal.SIGKILL)
    said = run.communicate(timeout=120)[0]
    assert run.returncode == 1
    assert "a: update failed: the crawl was killed (SIGKILL); the next run mends what it left" in said
    assert "Next: a: update, " in said


def test_an_edit_of_archive_toml_holds_from_the_next_crawl_on(portal: Portal, tmp_path: Path) -> None:
    """The crawl under way ends as it began; the next portal's does not begin; both are told."""
    with tiny_portal() as other:
        folder = archive_of(tmp_path / "a", portal, other)
        portal.pages, portal.latency = 5, 0.1
        run = begin(folder)
        wait_until(lambda: len(portal.asked) > 2)
        (folder / "archive.toml").write_text("[crawl]\ndealy = 1\n")
        said = run.communicate(timeout=120)[0]
        assert other.asked == []
    assert [outcome for _, _, outcome in crawls(folder)] == ["finished"]
    assert run.returncode == 2
    assert "a: update finished" in said
    assert "archive.toml:2: unknown key 'dealy'; meant: delay?" in said.splitlines()[-1]


def test_outside_its_hours_nothing_is_asked(portal: Portal, tmp_path: Path) -> None:
    soon = datetime.now(VIETNAM) + timedelta(hours=3)
    hours = f"{soon:%H}:00-{soon + timedelta(hours=1):%H}:00"
    folder = archive_of(tmp_path / "a", portal, keys=f'every = "6h"\nhours = "{hours}"')
    done = due(folder)
    assert done.exit_code == 0
    assert "due already, waits for its hours" in done.stdout
    assert portal.asked == []


def test_a_portal_that_is_down_is_told_and_not_asked_again_at_once(tmp_path: Path) -> None:
    with tiny_portal() as gone:
        folder = archive_of(tmp_path / "a", gone)
    done = due(folder)
    assert done.exit_code == 1
    assert "a: 1 address failed:" in done.stdout
    assert "connection refused" in done.stdout
    assert "the portal did not answer the last time" in done.stdout
    assert due(folder).exit_code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[portals]]\nname = "a"\nurl = "http://a/"\n', "no portal has a timetable; write every"),
        ('[schedule]\nevery = "6h"\n', "no portals yet, so none to crawl on a timetable; write [[portals]]"),
        (
            "[schedule]\nevery = 6\n",
            'archive.toml:2: every: must be text in quotes ("..."), not a whole number',
        ),
    ],
)
def test_wrong_use_is_one_line_and_status_2(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "archive.toml").write_text(text)
    done = due(tmp_path)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_timetable_takes_no_other_options(tmp_path: Path) -> None:
    done = due(tmp_path, "a")
    assert (done.exit_code, "--due takes everything from archive.toml" in done.stderr) == (2, True)


def test_each_portal_has_its_turn_and_json_tells_of_it(portal: Portal, tmp_path: Path) -> None:
    with tiny_portal() as other:
        folder = archive_of(tmp_path / "a", portal, other)
        told = json.loads(due(folder, "--json").stdout)
        assert other.asked
    assert [result["ending"] for result in told["results"]] == ["done", "done"]
    assert told["results"][0]["columns"]["outcome"] == "finished"
    assert [turn["due"] for turn in told["next"]] == [False, False]
