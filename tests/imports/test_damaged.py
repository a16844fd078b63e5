"""A file of the archive that was damaged, and its bytes that come again: beside it, and rows lie there."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from quynhon_crawler.audit import verify
from quynhon_crawler.home import Home
from quynhon_crawler.imports import import_files
from quynhon_crawler.manifest import read_manifest
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.watch.files import damaged_files
from tests.crawl.disk import unwritable
from tests.crawl.run_crawl import quynhon
from tests.imports.files import answer, arc, packed, page, record, wacz, write
from tests.imports.test_import import ask, digest, home

__all__ = ["home"]

PAGES = 6


def flipped(content: bytes) -> bytes:
    place = len(content) // 2
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


HARM: dict[str, Callable[[bytes], bytes]] = {
    "flipped": flipped,
    "cut": lambda content: content[: len(content) // 2],
    "emptied": lambda content: b"",
}


def harm(path: Path, how: Callable[[bytes], bytes]) -> bytes:
    path.chmod(0o644)
    path.write_bytes(how(path.read_bytes()))
    return path.read_bytes()


def follow(line: str) -> None:
    """Do what the line says."""
    command = shlex.split(line.rpartition("to put them back: ")[2])
    assert command[:2] == ["cp", "-f"]
    subprocess.run(command, check=True)


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
@pytest.mark.parametrize("kind", HARM)
def test_the_good_copy_comes_beside_the_damaged_one(home: Home, tmp_path: Path, kind: str, name: str) -> None:
    pages = [page(number) for number in range(PAGES)]
    source = write(tmp_path / name, packed(*pages) if name.endswith("gz") else b"".join(pages))
    (first,) = import_files(home, (str(source),)).files
    articles = "SELECT id, title, body, version, capture_id FROM articles ORDER BY id"
    before = ask(home, articles)
    damaged = home.warc / first.files[0]
    harmed = harm(damaged, HARM[kind])
    (second,) = import_files(home, (str(source),)).files
    whole = home.warc / second.files[0]
    assert (second.status, whole.read_bytes()) == ("taken", source.read_bytes())
    assert whole.name == damaged.name.replace("-a.", "-2-a.")
    assert damaged.read_bytes() == harmed  # written once
    assert ask(home, "SELECT warc_file, count(*) FROM captures GROUP BY 1") == [(whole.name, PAGES)]
    assert digest(home) == rebuild(home).content_digest
    assert (ask(home, articles), len(before)) == (before, PAGES)
    assert ask(home, "SELECT warc_file, count(*) FROM captures GROUP BY 1") == [(whole.name, PAGES)]
    (line,) = second.problems
    assert line.startswith(f"warc/{damaged.name}: is damaged; its bytes are whole in warc/{whole.name}; ")
    fixity = [each.what for each in verify(home).problems if each.kind == "fixity"]
    assert [what.rpartition("; ")[2] for what in fixity] == [line.rpartition("; ")[2]]
    if kind != "flipped":
        assert damaged_files(home)[f"warc/{damaged.name}"].endswith(line.rpartition("; ")[2])
    third = import_files(home, (str(source),)).files[0]
    assert (third.status, third.files, third.problems) == ("known", [whole.name], [line])
    follow(line)
    assert verify(home).problems == []
    assert import_files(home, (str(source),)).ok


def test_a_file_of_a_crawl_is_mended_by_its_copy(home: Home, tmp_path: Path) -> None:
    home.warc.mkdir()
    own = write(home.warc / "QUYNHON-20261101000000-00001-host.warc.gz", packed(page(1), page(2)))
    rebuild(home)
    copy = write(tmp_path / own.name, own.read_bytes())
    harm(own, flipped)
    report = import_files(home, (str(copy),))
    (name,) = report.files[0].files
    assert name.endswith(f"-{own.name}")
    assert ask(home, "SELECT DISTINCT warc_file FROM captures") == [(name,)]
    own.unlink()
    (problem,) = [each for each in verify(home).problems if each.kind == "fixity"]
    assert problem.what.startswith(
        f"recorded in manifest.jsonl, and not there; its bytes are whole in warc/{name}"
    )
    follow(problem.what)
    assert verify(home).ok


def test_of_what_was_made_of_an_original_either_may_be_damaged(home: Home, tmp_path: Path) -> None:
    source = write(tmp_path / "x.arc.gz", arc(("http://cu.quynhon.vn/a.html", answer(b"xin"))))
    (first,) = import_files(home, (str(source),), hosts=("*",)).files
    (original,) = home.originals.iterdir()
    harm(home.warc / first.files[0], flipped)
    (second,) = import_files(home, (str(source),)).files
    assert (second.status, len(second.problems)) == ("taken", 1)
    entry = read_manifest(home).of_warc(second.files[0])
    assert entry is not None
    assert (entry.made_from, entry.hosts) == (f"originals/{original.name}", ("*",))
    follow(second.problems[0])
    harm(original, flipped)
    (third,) = import_files(home, (str(source),)).files
    assert third.problems[0].startswith(f"originals/{original.name}: is damaged; ")
    follow(third.problems[0])
    assert (verify(home).problems, len(list(home.originals.iterdir()))) == ([], 2)


def test_one_damaged_file_of_a_wacz(home: Home, tmp_path: Path) -> None:
    entries = {f"archive/{number}.warc.gz": packed(page(number)) for number in (1, 2)}
    source = wacz(tmp_path / "a.wacz", {**entries, "pages/pages.jsonl": b"{}\n"})
    (first,) = import_files(home, (str(source),)).files
    harm(home.warc / first.files[1], flipped)
    (second,) = import_files(home, (str(source),)).files
    assert (second.files[0], second.files[1] != first.files[1]) == (first.files[0], True)
    assert len(list(home.warc.iterdir())) == 3
    assert len([path for path in home.originals.rglob("*") if path.is_file()]) == 1
    follow(second.problems[0])
    assert verify(home).ok


def test_a_flipped_byte_that_no_digest_shows(home: Home, tmp_path: Path) -> None:
    plain = record("response", "http://cu.quynhon.vn/a.html", answer(b"xin chao"), 1)
    source = write(tmp_path / "a.warc", plain)
    (first,) = import_files(home, (str(source),)).files
    harm(home.warc / first.files[0], lambda content: content.replace(b"chao", b"chaO"))
    (second,) = import_files(home, (str(source),)).files
    for _ in range(2):
        assert (second.files[0],) in ask(home, "SELECT warc_file FROM captures")
        rebuild(home)


def test_a_folder_that_cannot_be_written_is_named(home: Home, tmp_path: Path) -> None:
    home.warc.mkdir()
    source = write(tmp_path / "a.warc.gz", packed(page(1)))
    with unwritable(home.warc):
        ended = quynhon("import", source, "--archive", home.root)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert ended.stderr.startswith(f"quynhon: {home.warc}: ")
    assert quynhon("import", source, "--archive", home.root).returncode == 0
