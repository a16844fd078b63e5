"""A manifest that is damaged or torn, and what lies in warc/ and is no WARC file: told, and mended."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from quynhon_crawler.audit import verify
from quynhon_crawler.home import Home
from quynhon_crawler.imports import import_files
from quynhon_crawler.manifest import read_manifest, record_missing
from tests.crawl.run_crawl import quynhon
from tests.imports.files import packed, page, write


@pytest.fixture
def home(tmp_path: Path) -> Home:
    root = tmp_path / "archive"
    root.mkdir()
    (root / "archive.toml").write_text("")
    home = Home(root)
    for name in ("a", "b"):
        source = write(tmp_path / f"{name}.warc.gz", packed(page(ord(name)), page(ord(name) + 9)))
        assert import_files(home, (str(source),)).ok
    assert verify(home).ok
    return home


def said(home: Home) -> list[str]:
    return [str(problem) for problem in verify(home).problems]


def test_noise_is_told_and_a_rebuild_begins_a_new_one_beside_it(home: Home) -> None:
    first = home.manifest.read_bytes().splitlines(keepends=True)[0]
    noise = first + random.Random(6).randbytes(3000)
    home.manifest.write_bytes(noise)
    status = quynhon("status", "--archive", home.root)
    assert status.returncode == 1
    assert "manifest.jsonl:2 is not a line of this program, nor are " in status.stderr
    assert "put the manifest back from a copy; without one, quynhon rebuild keeps it" in status.stderr
    assert any(line.startswith("manifest.jsonl:2: not a line of this program") for line in said(home))
    done = quynhon("rebuild", "--archive", home.root)
    (aside,) = home.root.glob("manifest.damaged-*.jsonl")
    assert aside.read_bytes() == noise
    assert done.returncode == 1
    assert f"it is kept as {aside.name}, and sums that it lacks were made anew" in done.stderr
    assert home.manifest.read_bytes().startswith(first)  # what was whole of it says what it said
    assert len(home.manifest.read_bytes().splitlines()) == 2
    assert said(home) == []
    assert quynhon("rebuild", "--archive", home.root).returncode == 0


@pytest.mark.parametrize("left", [1, 9, 40, -2, "zeros"])
def test_a_torn_last_line_gives_way_to_the_next(home: Home, left: int | str) -> None:
    """Cut within its line, and where the disk kept the length of what it lost: zeros."""
    first, second = home.manifest.read_bytes().splitlines(keepends=True)
    torn = second[:left] if isinstance(left, int) else second[:50] + bytes(4096)
    home.manifest.write_bytes(first + torn)
    assert read_manifest(home).torn
    assert any("its last line was being written when its process died" in line for line in said(home))
    (name,) = record_missing(home, by="rebuild")
    assert name.endswith("b.warc.gz")
    lines = home.manifest.read_bytes().splitlines(keepends=True)
    assert (len(lines), lines[0]) == (2, first)
    assert json.loads(lines[1])["sha256"] == json.loads(second)["sha256"]
    assert said(home) == []


def test_a_torn_line_goes_though_no_file_lacks_its_sum(home: Home) -> None:
    whole = home.manifest.read_bytes()
    home.manifest.write_bytes(whole + whole[:30])
    assert quynhon("rebuild", "--archive", home.root).returncode == 0
    assert home.manifest.read_bytes() == whole


def test_a_last_line_that_lacks_its_end_only_counts(home: Home, tmp_path: Path) -> None:
    whole = home.manifest.read_bytes()
    home.manifest.write_bytes(whole[:-1])
    assert said(home) == []
    assert import_files(home, (str(write(tmp_path / "c.warc.gz", packed(page(7)))),)).ok
    assert home.manifest.read_bytes().startswith(whole)
    assert said(home) == []


def test_damage_at_the_end_is_no_torn_line_and_stays(home: Home, tmp_path: Path) -> None:
    damaged = home.manifest.read_bytes() + b"not of this program"
    home.manifest.write_bytes(damaged)
    assert import_files(home, (str(write(tmp_path / "c.warc.gz", packed(page(7)))),)).ok
    assert home.manifest.read_bytes().startswith(damaged + b"\n{")
    assert any(line.startswith("manifest.jsonl:3: not a line") for line in said(home))


def test_strangers_in_warc_are_named_and_counted_nowhere(home: Home) -> None:
    (home.warc / "notes.txt").write_text("by hand")
    (home.warc / "older").mkdir()
    (home.warc / "empty.warc.gz").touch()
    for _ in range(2):  # a rebuild does not make them right
        assert {problem.file: problem.kind for problem in verify(home).problems} == {
            "warc/notes.txt": "file", "warc/older": "file", "warc/empty.warc.gz": "file",
        }  # fmt: skip
        done = quynhon("rebuild", "--archive", home.root)
        assert done.returncode == 1
        assert "empty.warc.gz: is empty" in done.stderr
        assert "Rebuilt from 3 WARC files" in done.stdout
        assert "  3 WARC files, " in quynhon("status", "--archive", home.root).stdout
    (home.warc / "notes.txt").unlink()
    (home.warc / "older").rmdir()
    (home.warc / "empty.warc.gz").unlink()
    assert said(home) == []
