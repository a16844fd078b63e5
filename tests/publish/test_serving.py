"""`quynhon serve` says in one line what it cannot serve."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from quynhon_crawler.home import Home
from tests.publish import archive

SQLITE = b"SQLite format 3\0"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = archive.Archive(tmp_path_factory.mktemp("serving") / "archive")
    made.home.config.touch()
    made.article(archive.article(1))
    return made.done()


BROKEN = {
    "no database at all": lambda whole: b"Day khong phai la co so du lieu. " * 100,
    "cut": lambda whole: whole[:20_000],
    "empty": lambda whole: b"",
    "of another program": lambda whole: SQLITE + bytes(len(whole)),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_database_that_cannot_be_served(home: Home, tmp_path: Path, broken) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "archive.toml").touch()
    database = tmp_path / "quynhon.db"
    database.write_bytes(broken(home.database.read_bytes()))
    command = [
        sys.executable,
        "-m",
        "quynhon_crawler.cli",
        "serve",
        "--archive",
        str(tmp_path),
        "--port",
        "1",
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert str(database) in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
