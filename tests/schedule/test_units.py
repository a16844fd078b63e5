"""The units, judged by systemd itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from quynhon_crawler.config import parse
from quynhon_crawler.home import Home
from quynhon_crawler.schedule.units import unit_name, units

analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="no systemd-analyze: as root, apt-get install systemd (tools/install-systemd)",
)
CONFIG = parse(
    '[schedule]\nmemory = "700M"\nrun_time = "2h"\n[watch]\nprometheus = "/var/lib/node exporter/q.prom"\n'
)


def written(tmp_path: Path, root: Path, *, system: bool) -> list[Path]:
    """The units of an archive as files."""
    root.mkdir(exist_ok=True)
    folder = tmp_path / "units"
    folder.mkdir()
    made = units(Home(root), CONFIG, system=system, user="daemon" if system else None)
    for unit in made:
        (folder / unit.name).write_text(unit.text)
    return [folder / unit.name for unit in made]


@analyze
@pytest.mark.parametrize("name", ["kho", "lưu trữ 100% $HOME", 'it\'s a "kho"'])
@pytest.mark.parametrize("system", [True, False], ids=["system", "user"])
def test_systemd_finds_no_fault_in_them(tmp_path: Path, name: str, system: bool) -> None:
    files = written(tmp_path, tmp_path / name, system=system)
    command = ["systemd-analyze", *([] if system else ["--user"]), "verify", "--man=no", *map(str, files)]
    runtime = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}  # systemd wants one for --user
    done = subprocess.run(command, capture_output=True, text=True, env=runtime, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@analyze
def test_systemd_finds_faults_where_there_are_some(tmp_path: Path) -> None:
    files = written(tmp_path, tmp_path / "kho", system=True)
    files[1].write_text(files[1].read_text().replace("Type=exec", "Type=oneshot"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "RuntimeMaxSec" in done.stderr


@analyze
def test_the_machine_is_shielded_from_the_service(tmp_path: Path) -> None:
    """systemd's own measure, 0 to 10; it was 1.8 when this was written."""
    files = written(tmp_path, tmp_path / "kho", system=True)
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(files[1])],
        capture_output=True, text=True, check=True, env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    found = re.search(r"exposure level for .*: ([\d.]+)", done.stdout)
    assert found is not None
    assert float(found[1]) < 2.5


def test_what_archive_toml_says_is_in_them(tmp_path: Path) -> None:
    timer, service, failed = (path.read_text() for path in written(tmp_path, tmp_path / "kho", system=True))
    assert "Persistent=true" in timer
    assert "MemoryMax=700M" in service
    assert "RuntimeMaxSec=7800" in service  # the program stops itself after 7,200
    assert f"OnFailure={unit_name(Home(tmp_path / 'kho'))}-failed.service" in service
    assert 'ReadWritePaths=-"/var/lib/node exporter"' in service
    assert "report --failed" in failed


def test_two_archives_of_one_name_have_units_of_their_own(tmp_path: Path) -> None:
    names = {unit_name(Home(tmp_path / place / "Lưu trữ Đà Nẵng")) for place in "ab"}
    assert len(names) == 2
    assert all(name.startswith("quynhon-luu-tru-da-nang-") for name in names)
