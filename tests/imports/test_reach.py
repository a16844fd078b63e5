"""What an import cannot reach, or must not open, is told in a line each, and the rest is taken."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from quynhon_crawler.cli import main
from quynhon_crawler.home import Home
from quynhon_crawler.imports import import_files
from tests.crawl.disk import as_anyone
from tests.crawl.run_crawl import COMMAND, environment
from tests.imports.files import arc, packed, page, write
from tests.imports.test_import import ask, home

__all__ = ["home"]


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = as_anyone([*COMMAND, *map(str, arguments)])
    return subprocess.run(
        command, cwd=cwd, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )


def take(home: Home, *named: str | Path) -> subprocess.CompletedProcess[str]:
    return run("import", *named, "--archive", home.root)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One file to take, and something else beside it, which is not ours."""
    folder = tmp_path / "crawls"
    folder.mkdir()
    write(folder / "a.warc.gz", packed(page(1)))
    write(folder / "notes.txt.gz", packed(b"WARC files are kept by the library"))
    write(folder / "photo.jpg", b"\xff\xd8\xff\xe0 JFIF")
    write(folder / "empty", b"")
    return folder


@pytest.mark.parametrize("pattern", ["crawls", "crawls/*", "crawls/**", "*/*/*.warc.gz"])
def test_a_folder_that_may_not_be_read(home: Home, folder: Path, pattern: str) -> None:
    (folder / "open").mkdir()
    (folder / "a.warc.gz").rename(folder / "open" / "a.warc.gz")
    for name in ("notes.txt.gz", "photo.jpg", "empty"):
        (folder / name).unlink()
    (folder / "closed").mkdir()
    write(folder / "closed" / "b.warc.gz", packed(page(2)))
    (folder / "closed").chmod(0)
    ended = take(home, folder.parent / pattern)
    (folder / "closed").chmod(0o755)
    assert (ended.returncode, len(list(home.warc.iterdir()))) == (1, 1)
    why = "cannot be read: Permission denied; what is in it is left out"
    assert ended.stderr.splitlines() == [f"  {folder / 'closed'}: {why}"]


def test_a_file_that_may_not_be_read_is_told_whatever_its_name(home: Home, folder: Path) -> None:
    for name in ("b.warc.gz", "b.bad"):
        write(folder / name, packed(page(2))).chmod(0)
    ended = take(home, folder)
    assert (ended.returncode, len(list(home.warc.iterdir()))) == (1, 1)
    assert sorted(ended.stderr.splitlines()) == [
        f"  {folder / 'b.bad'}: cannot be read: Permission denied; left out",
        f"refused: {folder / 'b.warc.gz'}: cannot be read: Permission denied",
    ]


@pytest.mark.parametrize("dry", [True, False])
def test_a_link_to_nothing_as_git_annex_leaves_it(home: Home, folder: Path, dry: bool) -> None:
    (folder / "b.warc.gz").symlink_to("missing")
    (folder / "c").symlink_to(".git/annex/objects/SHA256E-s9--0.warc.gz")
    (folder / "readme").symlink_to("nowhere")
    ended = take(home, folder, *(["--dry-run"] if dry else []))
    assert ended.returncode == 1
    first, second = ended.stderr.splitlines()
    assert first.startswith(f"  {folder / 'b.warc.gz'}: a link to missing, which is not there")
    assert second.startswith(f"  {folder / 'c'}: a link to .git/annex/objects/")
    assert "a.warc.gz: 1 record" in ended.stdout


def test_a_link_to_a_folder_elsewhere_is_told_and_one_inside_is_not(
    home: Home, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (folder / "other").symlink_to(tmp_path / "other")
    (folder / "self").symlink_to(".")
    ended = take(home, folder)
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"  {folder / 'other'}: a link to the folder {tmp_path / 'other'}, which is not")


def test_a_file_of_another_name_is_taken_for_its_first_bytes(home: Home, folder: Path) -> None:
    write(folder / "example-bad.warc.gz.bad", packed(page(2)))
    write(folder / "old", arc(("http://cu.quynhon.vn/a.html", b"HTTP/1.0 200 OK\r\n\r\nxin")))
    ended = take(home, folder)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(ask(home, "SELECT 1 FROM captures")) == 3


def test_what_zstandard_packed_is_not_left_out_in_silence(home: Home, folder: Path) -> None:
    write(folder / "b.warc.zst", b"\x28\xb5\x2f\xfd" + bytes(20))
    ended = take(home, folder)
    assert ended.returncode == 1
    assert "unpack it with zstd -d" in ended.stderr


def test_pipes_and_sockets_are_never_opened(home: Home, folder: Path, tmp_path: Path) -> None:
    pipe, plug = folder / "pipe.warc.gz", folder / "plug.warc.gz"
    os.mkfifo(pipe)
    os.mkfifo(folder / "other")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(plug))
        ended = take(home, folder)
    why = "not a regular file; write its bytes into a file and import that"
    assert ended.stderr.splitlines() == [f"  {pipe}: a named pipe, {why}", f"  {plug}: a socket, {why}"]
    assert (ended.returncode, len(list(home.warc.iterdir()))) == (1, 1)
    for named, kind in ((pipe, "a named pipe"), (Path("/dev/zero"), "a device")):
        ended = take(home, named)
        assert (ended.returncode, ended.stderr) == (2, f"quynhon: {named}: {kind}, {why}\n")


def test_other_commands_do_not_wait_for_a_pipe_either(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "page.html")
    ended = run("extract", "page.html", "--url", "https://quynhon.gov.vn/a.html", cwd=tmp_path)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "page.html: a named pipe" in ended.stderr
    ended = run("replay", "install", "page.html", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (2, "quynhon: page.html: a named pipe, not a regular file\n")
    bag = tmp_path / "bag"
    bag.mkdir()
    write(bag / "bagit.txt", b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")
    os.mkfifo(bag / "manifest-sha256.txt")
    ended = run("restore", bag, "--archive", tmp_path / "new")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert f"{bag / 'manifest-sha256.txt'}: no regular file" in ended.stderr


def test_a_pipe_in_an_archive_is_a_line_of_rebuild_and_verify(home: Home, folder: Path) -> None:
    import_files(home, (str(folder),))
    os.mkfifo(home.warc / "p.warc.gz")
    for command in ("rebuild", "verify"):
        ended = run(command, "--archive", home.root)
        assert ended.returncode == 1
        assert "p.warc.gz" in ended.stderr
        assert "a named pipe, not a regular file" in ended.stderr


def test_a_pipe_that_the_shell_holds_is_read(tmp_path: Path) -> None:
    shell = f"exec {' '.join(COMMAND)} extract <(echo '<p>xin') --url https://quynhon.gov.vn/a.html"
    ended = subprocess.run(
        ["bash", "-c", shell], env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, "no article" in ended.stderr) == (1, True)


@pytest.mark.parametrize(
    "command",
    [
        ["import", ""],
        ["import", "a.warc.gz", ""],
        ["import", "a.warc.gz", "--archive", ""],
        ["restore", ""],
        ["export", "dump", "--output", ""],
        ["extract", "", "--url", "https://quynhon.gov.vn/"],
        ["init", ""],
        ["status", "--prometheus", ""],
        ["crawl", "--archive", ""],
    ],
    ids=" ".join,
)
def test_an_empty_word_is_no_path(
    home: Home, tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.warc.gz", packed(page(1)))
    before = sorted(tmp_path.rglob("*"))
    ended = CliRunner().invoke(main, command)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "empty" in ended.stderr
    assert sorted(tmp_path.rglob("*")) == before
