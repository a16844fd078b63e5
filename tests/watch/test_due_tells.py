"""The whole way: a timer's call, a portal that fails and recovers, the web hook, the figures."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.crawl.run_crawl import COMMAND, quynhon
from tests.schedule.test_service import due
from tests.schedule.tiny import archive_of, tiny_portal
from tests.watch.receivers import hook


def figures(path: Path) -> dict[tuple[str, str], float]:
    """By name and portal, or problem."""
    found = {}
    for family in text_string_to_metric_families(path.read_text("utf-8")):
        assert family.type == "gauge"
        assert family.documentation
        for sample in family.samples:
            which = sample.labels.get("portal") or sample.labels.get("problem") or ""
            found[sample.name.removeprefix("quynhon_"), which] = sample.value
    return found


def test_a_portal_fails_and_recovers(tmp_path: Path) -> None:
    with tiny_portal() as portal, hook() as web:
        figures_file = tmp_path / "quynhon.prom"
        watch = f'[watch]\nwebhook = "{web.url}"\nprometheus = "{figures_file}"\n'
        folder = archive_of(tmp_path / 'kho "a"\\b', portal, more=watch)
        portal.bad = {"/": 500}
        assert due(folder).exit_code == 1
        assert [got["event"] for got in web.got] == ["failure"]
        assert web.got[0]["new"][0]["code"] == "unreachable"
        told = figures(figures_file)
        assert told["problem", "unreachable"] == 1
        assert told["last_crawl_requests", "a"] == 1
        portal.bad = {}
        assert quynhon("crawl", "a", "--archive", folder).returncode == 0
        done = due(folder)
        assert (done.exit_code, done.stderr) == (0, "")
        assert [got["event"] for got in web.got] == ["failure", "recovery"]
        told = figures(figures_file)
        assert ("problem", "unreachable") not in told
        assert told["next_crawl_timestamp_seconds", "a"] > told["status_timestamp_seconds", ""]
        assert told["archive_warc_bytes", ""] > 0
        assert [path.name for path in tmp_path.glob("*quynhon.prom*")] == ["quynhon.prom"]
        assert figures_file.stat().st_mode & 0o777 == 0o644


def test_a_crawl_that_gave_up_is_a_problem_until_one_ends_well(tmp_path: Path) -> None:
    with tiny_portal() as portal, hook() as web:
        folder = archive_of(tmp_path / "a", portal, more=f'[watch]\nwebhook = "{web.url}"\n')
        before = (folder / "archive.toml").read_text()
        (folder / "archive.toml").write_text(before.replace("min_free = 0", "min_free = 10000000000000000"))
        first = due(folder)
        assert first.exit_code == 1, first.output
        assert "a: update failed: " in first.output
        assert {one["code"] for one in web.got[0]["problems"]} >= {"disk", "crawl"}
        assert "due now" not in due(folder).output
        (folder / "archive.toml").write_text(before)
        assert quynhon("crawl", "a", "--archive", folder).returncode == 0
        due(folder)
        assert [got["event"] for got in web.got] == ["failure", "recovery"]


def test_what_stopped_for_want_of_room_goes_on_when_there_is_room_and_the_portal_is_not_blamed(
    tmp_path: Path,
) -> None:
    with tiny_portal() as portal, hook() as web:
        folder = archive_of(tmp_path / "a", portal, more=f'[watch]\nwebhook = "{web.url}"\n')
        before = (folder / "archive.toml").read_text()
        (folder / "archive.toml").write_text(before.replace("min_free = 0", "min_free = 10000000000000000"))
        stopped = due(folder)
        assert "below min_free" in stopped.stdout
        assert portal.asked == []
        said = quynhon("status", "--archive", folder)
        for told in (stopped.output, said.stdout + said.stderr, str(web.got)):
            assert "did not answer" not in told
        (folder / "archive.toml").write_text(before)
        done = due(folder)
        assert done.stdout.startswith("a: update finished"), done.output
        assert len(portal.asked) == 5


def test_a_way_that_is_closed_is_told_and_is_status_1(tmp_path: Path) -> None:
    with tiny_portal() as portal:
        watch = f'[watch]\nprometheus = "{tmp_path / "none" / "quynhon.prom"}"\n'
        folder = archive_of(tmp_path / "a", portal, more=watch)
        done = due(folder)
    assert done.exit_code == 1
    assert "a: update finished" in done.stdout
    assert "quynhon.prom: cannot be written: No such file or directory" in done.stderr


def test_systemd_has_a_killed_service_told(tmp_path: Path) -> None:
    with tiny_portal() as portal, hook() as web:
        folder = archive_of(tmp_path / "a", portal, more=f'[watch]\nwebhook = "{web.url}"\n')
        monitor = {"MONITOR_SERVICE_RESULT": "oom-kill", "MONITOR_EXIT_STATUS": "SIGKILL"}
        done = subprocess.run(
            [*COMMAND, "report", "--failed", "--archive", str(folder)],
            capture_output=True, text=True, env=os.environ | monitor, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "needed more memory" in done.stdout
    assert "needed more memory" in web.got[0]["text"]
