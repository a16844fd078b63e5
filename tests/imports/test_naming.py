"""What files are called, in the archive and in what is printed of them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from quynhon_crawler.cli import main
from quynhon_crawler.home import Home
from quynhon_crawler.imports import import_files
from quynhon_crawler.imports.naming import in_originals, in_warc, numbered
from quynhon_crawler.manifest import read_manifest
from tests.imports.files import packed, page, write
from tests.imports.test_import import home

__all__ = ["home"]

SUM = "0123456789abcdef"


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("bài viết số 1.warc.gz", "bai-viet-so-1"),
        ("ba\u0300i vie\u0302\u0301t so\u0302\u0301 1.warc.gz", "bai-viet-so-1"),
        ("Đảng bộ (2019).warc", "Dang-bo-2019"),
        ("QUYNHON-2019_a.warc.gz", "QUYNHON-2019_a"),
        ("IMPORT-aaaaaaaaaaaa-IMPORT-bbbbbbbbbbbb-x.warc.gz", "x"),
        ("IMPORT-aaaaaaaaaaaa-.warc.gz", "IMPORT-aaaaaaaaaaaa"),
        ("x-bad.warc.gz.bad", "x-bad"),
        ("漢字.warc.gz", "file"),
    ],
)
def test_its_name_in_warc(name: str, bare: str) -> None:
    assert in_warc(name, SUM, packed=True) == f"IMPORT-0123456789ab-{bare}.warc.gz"


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert numbered(in_warc("a.warc", SUM, packed=False), 2) == "IMPORT-0123456789ab-a.warc"
    assert numbered("warc/" + in_warc("a.warc", SUM, packed=False), 2) == "warc/IMPORT-0123456789ab-2-a.warc"
    assert numbered(in_originals("số.arc", SUM), 3) == "originals/0123456789ab-3-so.arc"


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        (b"two\nlines.warc.gz", r"two\nlines.warc.gz"),
        (b"\x1b[31mred.warc.gz", r"\x1b[31mred.warc.gz"),
        (b"th\xe9.warc.gz", r"th\xe9.warc.gz"),
        ("\u202eback.warc.gz".encode(), r"\u202eback.warc.gz"),
    ],
)
def test_a_name_of_any_bytes_is_printed_in_one_line(
    home: Home, tmp_path: Path, name: bytes, printed: str
) -> None:
    path = os.fsencode(tmp_path) + b"/" + name
    Path(os.fsdecode(path)).write_bytes(packed(page(1)))
    command = ["import", os.fsdecode(path), "--archive", str(home.root)]
    first = CliRunner().invoke(main, command)
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.startswith(f"{tmp_path}/{printed}: 1 record")
    assert len(first.stdout.splitlines()) == 4
    (entry,) = read_manifest(home).entries.values()
    assert entry.source is not None
    assert (
        Path(entry.source).name.replace("\n", r"\n").replace("\x1b", r"\x1b").replace("\u202e", r"\u202e")
        == printed
    )
    again = CliRunner().invoke(main, [*command, "--json"])
    assert json.loads(again.stdout)["files"][0]["status"] == "known"
    Path(os.fsdecode(path)).write_bytes(b"")
    refused = CliRunner().invoke(main, command)
    assert refused.stderr == f"refused: {printed}@0: the file is empty\n"
    Path(os.fsdecode(path)).unlink()
    gone = CliRunner().invoke(main, command)
    assert (gone.exit_code, gone.stderr.count("\n")) == (2, 1)
    assert gone.stderr.startswith(f"quynhon: {tmp_path}/{printed}: no such file")


def test_a_file_of_another_archive_keeps_one_prefix(home: Home, tmp_path: Path) -> None:
    source = write(tmp_path / "a.warc.gz", packed(page(1)))
    (name,) = import_files(home, (str(source),)).files[0].files
    other = Home(tmp_path / "other")
    other.root.mkdir()
    other.config.write_text("")
    assert import_files(other, (str(home.warc),)).files[0].files == [name]
