"""An export that a takedown overtakes is not put in its place; one that comes after it is offered."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.manifest import record_missing
from quynhon_crawler.publish import exports
from quynhon_crawler.store import Store, takedowns
from quynhon_crawler.store.database import connect
from quynhon_crawler.store.export import export_jsonl
from quynhon_crawler.store.hold import held
from quynhon_crawler.store.obeyed import obeyed
from tests.publish import archive

TAKEN = archive.conference().url


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = archive.small(tmp_path / "archive").done()
    (home.root / "archive.toml").write_text("")
    record_missing(home, by="rebuild")
    return home


def begin(home: Home, form: str, output: Path) -> subprocess.Popen[str]:
    """``quynhon export``, stopped as soon as it has begun."""
    command = [sys.executable, "-m", "quynhon_crawler.cli", "export", form, "--archive", str(home.root)]
    process = subprocess.Popen(
        [*command, "--output", str(output)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    working = output.with_name(f".{output.name}.part")
    while not working.exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.0005)
    process.send_signal(signal.SIGSTOP)
    return process


FORMS = ("dump", "jsonl", "wacz", "cdxj", "bagit")


@pytest.mark.parametrize(("form", "lift"), [*((form, False) for form in FORMS), ("csv", True)])
def test_an_export_that_a_takedown_overtakes(home: Home, form: str, lift: bool) -> None:
    with Store.open(home.database) as store:
        if lift:
            store.add_takedown(TAKEN, reason="thử", at="2026-11-24T09:00:00Z")
        output = home.exports / form
        export = begin(home, form, output)
        try:
            if lift:
                store.lift_takedown(TAKEN, reason="nhầm")
            else:
                store.add_takedown(TAKEN, reason="thử")
        finally:
            export.send_signal(signal.SIGCONT)
    _, said = export.communicate(timeout=60)
    assert export.returncode == 1
    told = f"quynhon: {output}: not made: meanwhile something was taken down or shown again; run it again"
    assert said.splitlines()[-1] == told
    assert not output.exists()
    assert not list(home.exports.iterdir())


def last(home: Home) -> str:
    return takedowns.decisions(home.takedowns)[-1].at


def offered(home: Home) -> set[str]:
    with closing(connect(home.database, readonly=True).conn) as connection:
        return {export.name for export in exports.offered(home.exports, obeyed(connection)).files}


def test_one_made_before_a_takedown_of_the_same_second_is_not_offered(home: Home) -> None:
    export_jsonl(home.database, home.exports / "before")
    with Store.open(home.database) as store:
        store.add_takedown(TAKEN, reason="thử")
    assert offered(home) == set()


def test_one_made_after_a_takedown_of_the_same_second_is_offered(home: Home) -> None:
    with Store.open(home.database) as store:
        store.add_takedown(TAKEN, reason="thử")
    made = export_jsonl(home.database, home.exports / "after")
    assert offered(home) == {f"after/{name}" for name in made.files}
    with Store.open(home.database) as store:
        store.add_takedown(archive.article(5).url, reason="thử")
    assert offered(home) == set()


def test_a_takedown_is_dated_when_its_turn_comes(home: Home) -> None:
    """What an export waiting before it was dated by must not look newer."""

    def decide() -> None:
        with Store.open(home.database) as store:
            store.add_takedown(TAKEN, reason="thử")

    with held(home.root):
        deciding = threading.Thread(target=decide)
        deciding.start()
        time.sleep(1.1)
        waited = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    deciding.join()
    assert last(home) >= waited


def test_a_decision_dated_ahead_does_not_keep_an_export_back(home: Home) -> None:
    with Store.open(home.database) as store:
        store.add_takedown(TAKEN, reason="thử", at="2126-11-24T09:00:00Z")
    begun = time.monotonic()
    made = export_jsonl(home.database, home.exports / "now")
    assert time.monotonic() - begun < 1
    assert offered(home) == {f"now/{name}" for name in made.files}
