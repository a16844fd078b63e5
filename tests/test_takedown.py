"""`quynhon takedown`: hidden, listed with who and why, lifted, and kept through a rebuild."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click import ClickException
from click.testing import CliRunner, Result
from datasette.app import Datasette

from quynhon_crawler.cli import main
from quynhon_crawler.deposit.withdrawn import Withdrawn
from quynhon_crawler.home import Home
from tests.crawl.disk import unwritable
from tests.crawl.run_crawl import quynhon
from tests.publish import archive
from tests.publish.conftest import value

WHY = "theo yêu cầu của gia đình"
WORDS = ("search", "ket nap dang vien")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = archive.small(tmp_path_factory.mktemp("takedown") / "archive").done()
    (home.root / "archive.toml").write_text("")
    return home.root


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Home:
    shutil.copytree(made, tmp_path / "archive")
    return Home(tmp_path / "archive")


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--archive", str(home.root)])


def found(home: Home) -> int:
    """How many articles a search finds."""
    return int(json.loads(run(home, *WORDS, "--json").output)["total"])


def test_it_is_hidden_and_shown_again(home: Home) -> None:
    before = found(home)
    url = archive.conference().url
    done = run(home, "takedown", url.replace("https", "http"), "--reason", f" {WHY}\n", "--by", "Lan")
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"Taken down: {url.replace('https', 'http')}; 1 row hidden from now on\n")
    assert f"({url})" in done.output
    assert found(home) == before - 1
    again = run(home, "takedown", url, "--reason", WHY)
    assert (again.exit_code, "is taken down already" in again.output) == (2, True)
    both = run(home, "takedown", "--list", "--lift", url)
    assert (both.exit_code, "--list only shows" in both.output) == (2, True)
    assert value(home, f"select count(*) from takedowns where reason = '{WHY}'") == 1
    done = run(home, "takedown", url, "--lift", "--reason", "toà đã xử", "--by", "Minh")
    assert (done.exit_code, done.output) == (0, f"Shown again: {url}\n")
    assert found(home) == before


def test_every_decision_is_listed(home: Home) -> None:
    url, other = archive.conference().url, archive.article(5).url
    run(home, "takedown", url, "--reason", WHY, "--by", "Lan")
    run(home, "takedown", other, "--reason", "nhầm", "--by", "Lan")
    run(home, "takedown", other, "--lift", "--reason", "đã rõ", "--by", "Minh")
    said = run(home, "takedown", "--list").output.splitlines()
    assert len(said) == 3
    assert said[0].endswith(f"takedown {url} (holds now): {WHY} [Lan]")
    assert said[2].endswith(f"lift {other}: đã rõ [Minh]")
    told = json.loads(run(home, "takedown", other, "--list", "--json").output)
    assert [(one["action"], one["by"], one["holds"]) for one in told] == [
        ("takedown", "Lan", False), ("lift", "Minh", False),
    ]  # fmt: skip


def test_it_outlives_the_database(home: Home) -> None:
    url = archive.conference().url
    run(home, "takedown", url, "--reason", WHY)
    before = found(home)
    home.database.unlink()
    assert run(home, "rebuild").exit_code == 0
    assert found(home) == before
    assert value(home, "select count(*) from takedowns") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name the address and why"),
        (["http://a.example/"], "name the address and why"),
        (["http://a.example/", "--reason", " \n "], "name the address and why"),
        (["bai-1", "--reason", "x"], "'bai-1' is not an address"),
        (["http://a.example/x", "--reason", "x"], "nothing here has this address; check it"),
        (["http://a.example/x", "--reason", "x", "--lift"], "http://a.example/x: is not taken down"),
    ],
)
def test_wrong_use_decides_nothing(home: Home, words: list[str], said: str) -> None:
    done = run(home, "takedown", *words)
    assert done.exit_code == 2
    assert said in done.output
    assert done.output.count("\n") == 1
    assert not home.takedowns.exists()


def test_what_may_come_can_be_hidden(home: Home) -> None:
    done = run(home, "takedown", "http://a.example/x", "--reason", WHY, "--anyway")
    assert (done.exit_code, "nothing of it is here now; what may come is hidden" in done.output) == (0, True)
    assert len(home.takedowns.read_text().splitlines()) == 1


def test_an_archive_without_a_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "archive.toml").write_text("")
    done = run(Home(tmp_path), "takedown", "http://a.example/", "--reason", WHY)
    assert (done.exit_code, "not there yet" in done.output) == (2, True)


def test_of_a_page_that_is_no_item_it_is_told_what_becomes_of_its_captures(tmp_path: Path) -> None:
    """A home page, a list: no row goes, and its captures are no longer handed out."""
    made, url = archive.small(tmp_path / "archive"), f"{archive.HOST}/"
    made.store.add_capture(made.capture(url, b"<html></html>"))
    home = made.done()
    (home.root / "archive.toml").write_text("")
    assert not Withdrawn.of(home.database).hides(url)
    done = run(home, "takedown", url, "--reason", WHY)
    assert "its 1 capture is left out of replay and WACZ from now on; no article, file or" in done.output
    assert Withdrawn.of(home.database).hides(url)


@pytest.mark.parametrize("left", [b"", None])
def test_a_lost_file_of_decisions_is_told_and_written_again(home: Home, left: bytes | None) -> None:
    url = archive.conference().url
    run(home, "takedown", url, "--reason", WHY, "--by", "Lan")
    whole = json.loads(home.takedowns.read_bytes())
    if left is None:
        home.takedowns.unlink()
    else:
        home.takedowns.write_bytes(left)
    line = "takedowns.jsonl lacks 1 takedown that the database shows"
    status = run(home, "status")
    assert (status.exit_code, line in status.stderr) == (1, True)
    checked = run(home, "verify", "--bytes-only")
    assert (checked.exit_code, line.replace(" ", ": ", 1) in checked.stderr) == (1, True)
    again = run(home, "takedown", "--list", "--json")
    assert "1 takedown that it lacked is written down again from the database" in again.stderr
    assert json.loads(home.takedowns.read_bytes()) == {**whole, "by": ""}
    assert "takedowns.jsonl" not in run(home, "status").stderr
    assert run(home, "takedown", "--list").stderr == ""


@pytest.mark.parametrize(
    "command", [("takedown", "--list"), ("export", "csv", "--output"), ("export", "wacz", "--output")]
)
def test_a_database_put_back_from_an_older_copy_shows_what_was_decided_since(
    home: Home, tmp_path: Path, command: tuple[str, ...]
) -> None:
    older = tmp_path / "older.db"
    with closing(sqlite3.connect(home.database)) as connection:
        connection.execute("VACUUM INTO ?", (str(older),))
    run(home, "takedown", archive.conference().url, "--reason", WHY)
    before = found(home)
    older.replace(home.database)
    line = "takedowns.jsonl tells of 1 decision that the database does not show"
    status = run(home, "status")
    assert (status.exit_code, line in status.stderr) == (1, True)
    output = (str(tmp_path / "made.wacz"),) if command[-1] == "--output" else ()
    done = run(home, *command, *output)
    assert (done.exit_code, "1 decision of takedowns.jsonl that it did not show" in done.stderr) == (0, True)
    assert found(home) == before
    assert "takedowns.jsonl" not in run(home, "status").stderr


def test_an_older_copy_on_a_disk_that_is_read_only_does_not_show_what_was_withdrawn(
    home: Home, tmp_path: Path
) -> None:
    older = tmp_path / "older.db"
    with closing(sqlite3.connect(home.database)) as connection:
        connection.execute("VACUUM INTO ?", (str(older),))
    run(home, "takedown", archive.conference().url, "--reason", WHY)
    older.replace(home.database)
    with unwritable(home.root):
        done = quynhon(*WORDS, "--archive", home.root)
        with pytest.raises(ClickException, match=r"does not show 1 decision of takedowns\.jsonl"):
            asyncio.run(Datasette([str(home.database)]).invoke_startup())
    assert done.returncode == 2
    assert "quynhon.db: does not show 1 decision of takedowns.jsonl, and nothing can be" in done.stderr


def test_what_makes_other_things_of_the_decisions_has_all_of_them(home: Home, tmp_path: Path) -> None:
    """A rebuild, a bag and the next decision: each finds the file lost."""
    url = archive.conference().url
    down = "select count(*) from takedowns"
    run(home, "takedown", url, "--reason", WHY)
    home.takedowns.unlink()
    rebuilt = run(home, "rebuild")
    assert "1 takedown that it lacked is written down again" in rebuilt.stderr
    assert value(home, down) == 1
    home.takedowns.unlink()
    bag = run(home, "export", "bagit", "--output", str(tmp_path / "bag"))
    assert bag.exit_code == 0, bag.output
    kept = (tmp_path / "bag" / "data" / "archive" / "takedowns.jsonl").read_text()
    assert json.loads(kept)["url"] == url
    home.takedowns.unlink()
    run(home, "takedown", url, "--lift", "--reason", "toà đã xử")
    lines = home.takedowns.read_text().splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["takedown", "lift"]
    assert value(home, down) == 0
    assert run(home, "rebuild").exit_code == 0
    assert value(home, down) == 0


def test_decisions_outlive_a_lost_warc_file_and_a_lost_list(home: Home) -> None:
    run(home, "takedown", archive.conference().url, "--reason", WHY)
    home.takedowns.unlink()
    next(home.warc.iterdir()).rename(home.root / "lost")
    (home.warc / "other.warc.gz").write_bytes((home.root / "lost").read_bytes()[:1])
    refused = run(home, "rebuild")
    assert (refused.exit_code, "given up with: quynhon rebuild --without-lost" in refused.stderr) == (2, True)
    run(home, "rebuild", "--without-lost")
    assert value(home, "select count(*) from takedowns") == 1
    assert value(home, "select count(*) from articles") == 0


@pytest.mark.parametrize("table", ["takedowns", "articles"])
def test_a_damaged_database_is_kept_and_tells_what_was_withdrawn(home: Home, table: str) -> None:
    run(home, "takedown", archive.conference().url, "--reason", WHY)
    home.takedowns.unlink()
    with closing(sqlite3.connect(home.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    with home.database.open("rb+") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
    damaged = home.database.read_bytes()
    line = "make it again from the WARC files: quynhon rebuild"
    told = run(home, "report", "--output", str(home.root / "report"))
    assert (told.exit_code, "quynhon.db: damaged" in told.output) == (1, True)
    checked = run(home, "verify")
    assert (checked.exit_code, checked.stderr.count("quynhon.db"), line in checked.stderr) == (1, 1, True)
    done = run(home, "rebuild")
    assert "quynhon.db was damaged; it is kept as quynhon.db.damaged" in done.stderr
    assert home.database.with_name("quynhon.db.damaged").read_bytes() == damaged
    readable = table != "takedowns"
    assert value(home, "select count(*) from takedowns") == readable
    assert ("cannot tell what was withdrawn" in done.stderr) == (not readable)
    assert done.exit_code == 1  # this archive has no manifest


def test_a_line_that_is_no_decision_is_told_by_those_who_look(home: Home) -> None:
    run(home, "takedown", archive.conference().url, "--reason", WHY)
    with home.takedowns.open("a") as file:
        file.write("garbage\n")
    for command in (("status",), ("verify", "--bytes-only")):
        done = run(home, *command)
        assert (done.exit_code, "line 2 is not a decision about a takedown" in done.stderr) == (1, True)
    home.database.unlink()
    for command in (("status",), ("verify", "--bytes-only")):
        done = run(home, *command)
        assert (done.exit_code, "line 2 is not a decision about a takedown" in done.stderr) == (1, True)
        assert "quynhon.db: missing; `quynhon rebuild` makes it again from the WARC files" in done.stderr


def test_an_archive_without_its_database_is_not_well(home: Home, tmp_path: Path) -> None:
    home.database.unlink()
    told = run(home, "report", "--output", str(tmp_path / "report"))
    assert told.exit_code == 1
    assert "quynhon.db: missing; `quynhon rebuild` makes it again" in told.output
    assert "All is well" not in told.output
    assert "never crawled" not in told.output
