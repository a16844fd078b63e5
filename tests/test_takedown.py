"""`quynhon takedown`: hidden, listed with who and why, lifted, and kept through a rebuild."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quynhon_crawler.cli import main
from quynhon_crawler.home import Home
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
    assert (done.exit_code, "nothing more is hidden than before" in done.output) == (0, True)
    assert len(home.takedowns.read_text().splitlines()) == 1


def test_an_archive_without_a_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "archive.toml").write_text("")
    done = run(Home(tmp_path), "takedown", "http://a.example/", "--reason", WHY)
    assert (done.exit_code, "not there yet" in done.output) == (2, True)
