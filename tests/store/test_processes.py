"""Databases that cannot be used, met by whole commands; writers stopped, killed, and robbed of their file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home
from quynhon_crawler.store import Store
from quynhon_crawler.store.database import connect
from tests.crawl.run_crawl import quynhon, start
from tests.store.test_disk import whole
from tests.store.test_opening import ROOT, foreign, made, newer
from tests.store.world import HOME, capture, reading


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "archive")
    home.warc.mkdir(parents=True)
    home.config.write_text("")
    made(home.database, 40)
    return home


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size * 6 // 10)


def deleted(path: Path) -> None:
    path.unlink()
    (path.parent / "warc" / "QUYNHON-20260101000000-00001.warc.gz").touch()


def riddled(path: Path) -> None:
    """Its first pages are good."""
    size = path.stat().st_size
    with path.open("rb+") as file:
        file.seek(4096 * 3)
        file.write(b"\xa5" * (size - 4096 * 3))


def overwritten(path: Path) -> None:
    path.write_bytes(b"<html>" * 500)


SPOILED: dict[str, tuple[Callable[[Path], None], str]] = {
    "newer": (newer, "upgrade the program"),
    "foreign": (foreign, "not one of this program"),
    "cut off": (cut_off, "quynhon rebuild"),
    "riddled": (riddled, "make it again from the WARC files: quynhon rebuild"),
    "overwritten": (overwritten, "not a SQLite database"),
    "deleted": (deleted, "quynhon rebuild --archive"),
}
COMMANDS = {
    "search": ("search", "dang vien"),
    "status": ("status",),
    "dump": ("export", "dump", "--output", "out"),
    "wacz": ("export", "wacz", "--output", "out.wacz"),
    "takedown": ("takedown", "http://quynhon.example.vn/", "--reason", "x"),
    "csv": ("export", "csv", "--output", "out"),
    "crawl": ("crawl", "http://127.0.0.1:9/"),
}


# Each fault and each command at least once: every case starts a process.
CASES = (
    *((spoiled, "search") for spoiled in SPOILED),
    *(("cut off", command) for command in COMMANDS if command != "search"),
    *(("riddled", command) for command in ("status", "wacz", "takedown")),
    *(("newer", command) for command in ("crawl", "dump")),
)


@pytest.mark.parametrize(("spoiled", "command"), CASES)
def test_one_line_names_the_file(home: Home, tmp_path: Path, spoiled: str, command: str) -> None:
    spoil, advice = SPOILED[spoiled]
    spoil(home.database)
    before = home.database.read_bytes() if home.database.exists() else None
    done = quynhon(*COMMANDS[command], "--archive", home.root, cwd=tmp_path)
    assert done.returncode in (1, 2)
    (line,) = done.stderr.splitlines()
    assert str(home.database) in line
    assert advice in line
    assert (home.database.read_bytes() if home.database.exists() else None) == before
    assert not list(tmp_path.glob("*out*"))


_HOLD = """
import sys
import time
from pathlib import Path
from quynhon_crawler.store import Store
from tests.store.world import HOME, capture, reading
store = Store.open(Path(sys.argv[1]))
portal_id = store.put_portal(name="Khác", home_url=HOME, system=None, rights=None)
for number in range(100):
    store.add_reading(capture(f"{HOME}giu-{number}"), reading(f"{HOME}giu-{number}"), portal_id=portal_id)
store.flush()
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process in the middle of a transaction; killed at the end."""
    command = [sys.executable, "-c", _HOLD, str(path)]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "held\n"
        try:
            yield writer
        finally:
            writer.send_signal(signal.SIGKILL)


def test_readers_do_not_wait_for_a_writer(home: Home, tmp_path: Path) -> None:
    with another_writer(home.database):
        found = quynhon("search", "dang vien", "--archive", home.root)
        assert found.stdout.splitlines()[-1] == "40 found, 10 shown"
        dumped = quynhon("export", "dump", "--archive", home.root, "--output", tmp_path / "out")
        assert dumped.returncode == 0, dumped.stderr


def test_a_second_writer_is_told_and_goes_on_when_the_first_is_killed(home: Home) -> None:
    with another_writer(home.database):
        second = Store(connect(home.database, patience=0.2).conn, home.database)
        with pytest.raises(ArchiveError, match="another program is writing") as caught:
            second.put_portal(name="Hai", home_url=HOME, system=None, rights=None)
        assert str(home.database) in str(caught.value)
    second.put_portal(name="Hai", home_url=HOME, system=None, rights=None)
    second.close()
    assert whole(home.database) == 40


@pytest.mark.parametrize("rob", [deleted, lambda path: made(path.with_name("new.db")).replace(path)])
def test_a_writer_whose_file_was_taken_away_says_so(home: Home, rob: Callable[[Path], object]) -> None:
    store = Store.open(home.database)
    portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
    store.commit()
    rob(home.database)
    store.add_reading(capture(f"{HOME}them"), reading(f"{HOME}them"), portal_id=portal_id)
    with pytest.raises(ArchiveError, match="was deleted or replaced") as caught:
        store.commit()
    assert str(home.database) in str(caught.value)
    assert "quynhon rebuild" in str(caught.value)
    store.close()


def test_a_killed_export_leaves_nothing_under_its_name(home: Home, tmp_path: Path) -> None:
    with Store.open(home.database) as store:
        portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
        for number in range(1500):
            url = f"{HOME}nhieu-{number}"
            store.add_reading(capture(url), reading(url, body="dài " * 2000), portal_id=portal_id)
    output, working = tmp_path / "out", tmp_path / ".out.part"
    exporting = start("export", "dump", "--archive", home.root, "--output", output)
    while not working.exists() and exporting.poll() is None:
        time.sleep(0.001)
    exporting.kill()
    exporting.wait()
    assert not output.exists()
    again = quynhon("export", "dump", "--archive", home.root, "--output", output)
    assert again.returncode == 0, again.stderr
    assert not working.exists()
    assert whole(home.database) == 1540
