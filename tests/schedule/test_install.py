"""`quynhon schedule`: what it puts where. systemctl and crontab are stand-ins: tests change no machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quynhon_crawler.cli import main
from quynhon_crawler.home import Home
from quynhon_crawler.schedule import install
from quynhon_crawler.schedule.crontab import cron_line
from quynhon_crawler.schedule.units import unit_name
from tests.schedule.tiny import Portal, archive_of, tiny_portal

CRONTAB = """#!/bin/sh
# what crontab(1) does with -l and -
[ "$1" = -l ] || exec cat > "$CRON"
[ -e "$CRON" ] && exec cat "$CRON"
echo "no crontab for me" >&2
exit 1
"""
SYSTEMCTL = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in *"$FAILS"*) echo "Failed to connect to bus" >&2; exit 1;; esac
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without systemd and cron: nothing but a shell is found."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("cat", "sh", "flock"):
        if place := shutil.which(tool):
            (tools / tool).symlink_to(place)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("CRON", str(tmp_path / "crontab"))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("FAILS", "nothing")
    monkeypatch.setattr(install, "BOOTED", tmp_path / "booted")
    return tmp_path


def program(machine: Path, name: str, text: str) -> None:
    path = machine / "bin" / name
    path.write_text(text)
    path.chmod(0o755)


def with_systemd(machine: Path) -> None:
    program(machine, "systemctl", SYSTEMCTL)
    (machine / "booted").mkdir()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "kho 100%"
    folder.mkdir()
    (folder / "archive.toml").write_text('[[portals]]\nname = "a"\nurl = "http://a.example/"\nevery = "6h"\n')
    return folder


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["schedule", *map(str, words)])


def test_systemd_gets_units_and_is_told(machine: Path, folder: Path) -> None:
    with_systemd(machine)
    done = run("install", "--user", "--archive", folder)
    assert done.exit_code == 0, done.output
    name = unit_name(Home(folder))
    units = machine / "config/systemd/user"
    assert sorted(path.name for path in units.iterdir()) == [
        f"{name}-failed.service", f"{name}.service", f"{name}.timer",
    ]  # fmt: skip
    calls = (machine / "calls").read_text().splitlines()
    assert calls == ["--user daemon-reload", f"--user enable --now {name}.timer"]
    assert "enable-linger" in done.output
    assert f"Installed: {units / name}.timer" in run("show", "--archive", folder).output


def test_removing_leaves_nothing_of_it(machine: Path, folder: Path) -> None:
    with_systemd(machine)
    run("install", "--user", "--archive", folder)
    other = machine / "config/systemd/user" / f"{unit_name(Home(folder))}x.timer"
    other.write_text("of another archive")
    done = run("remove", "--user", "--archive", folder)
    assert done.exit_code == 0, done.output
    assert list((machine / "config/systemd/user").iterdir()) == [other]
    assert f"--user disable --now {unit_name(Home(folder))}.timer" in (machine / "calls").read_text()
    again = run("remove", "--user", "--archive", folder)
    assert (again.exit_code, again.output) == (1, "Nothing was installed for this archive\n")


def test_a_systemd_that_refuses_is_one_line(
    machine: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_systemd(machine)
    monkeypatch.setenv("FAILS", "daemon-reload")
    done = run("install", "--user", "--archive", folder)
    assert done.exit_code == 2
    assert done.output == "quynhon: systemctl --user daemon-reload: Failed to connect to bus\n"


def test_cron_gets_one_line_and_keeps_the_others(machine: Path, folder: Path) -> None:
    program(machine, "crontab", CRONTAB)
    (machine / "crontab").write_text("0 4 * * * backup\n")
    for _ in range(2):
        done = run("install", "--archive", folder)
        assert done.exit_code == 0, done.output
    assert (machine / "crontab").read_text() == f"0 4 * * * backup\n{cron_line(Home(folder))}\n"
    assert "Installed in crontab: */15 * * * * flock -n" in run("show", "--archive", folder).output
    assert run("remove", "--archive", folder).exit_code == 0
    assert (machine / "crontab").read_text() == "0 4 * * * backup\n"


def test_a_user_without_a_crontab_gets_one(machine: Path, folder: Path) -> None:
    program(machine, "crontab", CRONTAB)
    assert run("install", "--archive", folder).exit_code == 0
    assert (machine / "crontab").read_text() == f"{cron_line(Home(folder))}\n"


def test_where_there_is_neither_the_command_is_told(machine: Path, folder: Path) -> None:
    done = run("install", "--archive", folder)
    assert done.exit_code == 2
    assert "neither systemd nor cron is here" in done.output
    assert f"{sys.executable} -m quynhon_crawler.cli crawl --due --archive '{folder}'" in done.output.replace(
        "\\%", "%"
    )


def test_output_writes_files_and_installs_nothing(machine: Path, folder: Path, tmp_path: Path) -> None:
    with_systemd(machine)
    done = run("install", "--system", "--output", tmp_path / "out", "--archive", folder)
    assert done.exit_code == 0, done.output
    assert len(list((tmp_path / "out").iterdir())) == 4
    assert (folder / "state").is_dir()  # where flock makes its file
    assert (tmp_path / "out/crontab.txt").read_text() == cron_line(Home(folder)) + "\n"
    assert not (machine / "calls").exists()


def test_nothing_is_installed_without_a_timetable(machine: Path, folder: Path) -> None:
    with_systemd(machine)
    (folder / "archive.toml").write_text("")
    done = run("install", "--archive", folder)
    assert (done.exit_code, "no portals yet, so none to crawl on a timetable" in done.output) == (2, True)
    (folder / "archive.toml").write_text('[[portals]]\nname = "a"\nurl = "http://a/"\n')
    done = run("install", "--archive", folder)
    assert (done.exit_code, "no portal has a timetable" in done.output) == (2, True)
    assert not (machine / "config").exists()


def test_show_tells_the_next_runs(machine: Path, folder: Path) -> None:
    said = run("show", "--archive", folder).output
    assert said.startswith('a: update, due now (never crawled yet)\n  every "6h", kind "update"')
    assert said.endswith("Nothing calls it yet: quynhon schedule install\n")
    told = json.loads(run("show", "--json", "--archive", folder).output)
    assert [turn["portal"] for turn in told["next"]] == ["a"]
    assert (told["installed"], told["cron"]) == ([], None)


@pytest.mark.skipif(shutil.which("flock") is None, reason="no flock: apt-get install util-linux")
def test_the_line_of_cron_does_what_it_says(tmp_path: Path) -> None:
    """As cron runs it: `\\%` undone, in a shell, with next to no environment; two at once make one crawl."""
    with tiny_portal() as portal:
        portal.latency = 0.1
        assert isinstance(portal, Portal)
        folder = archive_of(tmp_path / "kho 100%", portal)
        (folder / "state").mkdir()
        line = cron_line(Home(folder)).split(" ", 5)[5].replace("\\%", "%")
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONWARNINGS": "ignore"}
        runs = [
            subprocess.Popen(["/bin/sh", "-c", line], stderr=subprocess.PIPE, text=True, env=environment)
            for _ in range(2)
        ]
        said = [run.communicate(timeout=120)[1] for run in runs]
    assert said == ["", ""]
    assert sorted(run.returncode for run in runs) == [0, 1]  # flock -n: 1 for the one that came second
    assert portal.asked.count("/") == 1
