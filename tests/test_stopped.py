"""Ctrl-C, as a terminal sends it: to the command and its workers. One line, status 130, nothing half made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from quynhon_crawler.cli import main
from tests.crawl.run_crawl import COMMAND, environment, quynhon
from tests.imports.files import packed, page, write

PAGES = 600
# Ctrl-C at the moment when the command line begins to import others' code.
EARLY = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.addaudithook(lambda event, seen: event == "import" and seen[0] == "click" and os.kill(os.getpid(), 2))
from quynhon_crawler.start import main
main()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two files that take a while to read, and beside it a file to import."""
    folder = tmp_path_factory.mktemp("stopped")
    assert quynhon("init", folder / "a").returncode == 0
    for name in (1, 2):
        content = packed(*(page(name * PAGES + number) for number in range(PAGES)))
        write(folder / "a" / "warc" / f"X-{name}.warc.gz", content)
    write(folder / "more.warc.gz", packed(*(page(number, "cu.example.vn") for number in range(3 * PAGES))))
    assert quynhon("rebuild", "--archive", folder / "a").returncode == 0
    return folder


@pytest.mark.parametrize(
    ("command", "begun", "said"),
    [
        ("rebuild", "a/quynhon.db.rebuilding", "the old database stays"),
        ("rebuild --workers 2", "a/quynhon.db.rebuilding", "the old database stays"),
        ("import more.warc.gz", "a/state/importing", "what was taken is whole; run it again, and it goes on"),
    ],
)
def test_a_command_that_is_stopped(folder: Path, command: str, begun: str, said: str) -> None:
    before = (folder / "a" / "quynhon.db").stat().st_ino
    process = subprocess.Popen(
        [*COMMAND, *command.split(), "--archive", "a"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not (folder / begun).exists():
        assert process.poll() is None, "over before it could be stopped"
        time.sleep(0.002)
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout, stderr.strip()) == (130, "", f"quynhon: stopped; {said}")
    assert not list(folder.glob(f"{begun}*"))
    assert (folder / "a" / "quynhon.db").stat().st_ino == before
    assert quynhon(*command.split(), "--archive", "a", cwd=folder).returncode == 0


def test_the_demo_ends_when_it_is_told_to(tmp_path: Path) -> None:
    """After its first crawl, for which Scrapy took the signal, with its second crawl under way."""
    process = subprocess.Popen(
        [*COMMAND, "demo", "--check"],
        env={**environment(), "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    assert any(line.startswith("Crawl finished") for line in process.stdout)
    time.sleep(1)
    process.terminate()
    _, stderr = process.communicate(timeout=20)
    assert (process.returncode, stderr.strip().splitlines()[-1][:16]) == (130, "quynhon: stopped")
    assert not list(tmp_path.glob("quynhon-demo-*"))
    with pytest.raises(ProcessLookupError):  # nothing that it started is left
        os.killpg(process.pid, signal.SIGKILL)


def test_a_command_that_is_stopped_before_it_began() -> None:
    done = subprocess.run([sys.executable, "-c", EARLY], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("versoin", "--version"), ("hlep", "--help"), ("statsu", "status"), ("crawll", "crawl"), ("find", None)],
)
def test_a_command_that_is_none(typed: str, meant: str | None) -> None:
    done = CliRunner().invoke(main, [typed], prog_name="quynhon")
    guess = f"; meant: {meant}?" if meant else ""
    assert done.exit_code == 2
    assert done.stderr == f"quynhon: no command '{typed}'{guess}; see: quynhon --help\n"
