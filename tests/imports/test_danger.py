"""Files that are broken or mean harm: stopped before they cost anything, told in one line."""

from __future__ import annotations

import errno
import gzip
import os
import signal
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from quynhon_crawler.audit import verify
from quynhon_crawler.home import Home
from quynhon_crawler.imports import FileReport, import_files
from quynhon_crawler.manifest import read_manifest
from quynhon_crawler.warc import http
from tests.imports.files import answer, packed, page, record, wacz, write
from tests.imports.test_import import ask, home

__all__ = ["home"]


def refused(home: Home, source: Path) -> FileReport:
    (file,) = import_files(home, (str(source),)).files
    assert file.status == "refused"
    assert not list(home.warc.iterdir())
    assert not home.originals.exists()
    assert file.why is not None
    assert file.why.startswith(f"{source.name}@")
    assert "\n" not in file.why
    return file


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.warc.gz",
        "/etc/evil.warc.gz",
        "archive/../../x.warc.gz",
        "archive\\..\\x.warc.gz",
        "C:/x.warc.gz",
    ],
)
def test_names_that_lead_out_of_a_wacz(home: Home, tmp_path: Path, name: str) -> None:
    source = wacz(tmp_path / "a.wacz", {"archive/data.warc.gz": packed(page(1)), name: packed(page(2))})
    refused(home, source)


def test_a_link_in_a_wacz(home: Home, tmp_path: Path) -> None:
    source = wacz(tmp_path / "a.wacz", {"archive/data.warc.gz": packed(page(1))})
    link = zipfile.ZipInfo("archive/link.warc.gz")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in str(refused(home, source).why)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_in_a_wacz(home: Home, tmp_path: Path) -> None:
    source = wacz(tmp_path / "a.wacz", {"archive/data.warc.gz": packed(page(1))})
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("archive/data.warc.gz", packed(page(2)))
    assert "twice" in str(refused(home, source).why)


def test_a_zip_bomb(home: Home, tmp_path: Path) -> None:
    zeros = bytes(30_000_000)
    entries = {"archive/data.warc.gz": packed(page(1)), "archive/big.warc": zeros}
    source = wacz(tmp_path / "a.wacz", entries, method=zipfile.ZIP_DEFLATED)
    assert "a bomb" in str(refused(home, source).why)


def test_a_wacz_whose_directory_lies_of_a_size(home: Home, tmp_path: Path) -> None:
    source = wacz(tmp_path / "a.wacz", {"archive/data.warc.gz": packed(page(1))})
    raw = bytearray(source.read_bytes())
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = struct.pack("<L", 10)
    source.write_bytes(raw)
    refused(home, source)


@pytest.mark.parametrize("place", [12, 16], ids=["its size", "its offset"])
def test_a_wacz_whose_end_lies_of_its_directory(home: Home, tmp_path: Path, place: int) -> None:
    source = wacz(tmp_path / "a.wacz", {"archive/data.warc.gz": packed(page(1))})
    raw = bytearray(source.read_bytes())
    at = raw.rindex(b"PK\x05\x06") + place
    raw[at : at + 4] = struct.pack("<L", 40_000)
    source.write_bytes(raw)
    refused(home, source)


def test_a_gzip_bomb_in_a_record_is_stopped_by_size(home: Home, tmp_path: Path) -> None:
    lying = gzip.compress(
        record("response", "http://a.vn/", b"", 9).replace(b"\r\n\r\n", b"\r\n\r\n" + bytes(64_000_000), 1)
    )
    honest = gzip.compress(
        record("response", "http://a.vn/", b"", 9).replace(
            b"Content-Length: 0", b"Content-Length: 9000000000"
        )
    )
    good = packed(page(1))
    source = write(tmp_path / "a.warc.gz", lying + honest + good)
    (file,) = import_files(home, (str(source),)).files
    assert file.articles == 1
    assert [line.partition(": ")[0] for line in file.problems] == ["a.warc.gz@0", f"a.warc.gz@{len(lying)}"]


def test_a_bomb_in_a_body_is_stopped_by_size_and_listed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MAX_DECODED", 1_000_000)
    body = gzip.compress(bytes(64_000_000))
    block = answer(body, "Content-Encoding: gzip", f"Content-Length: {len(body)}")
    source = write(tmp_path / "a.warc.gz", packed(record("response", "http://a.vn/", block, 9), page(1)))
    (file,) = import_files(home, (str(source),)).files
    (problem,) = file.problems
    assert problem.startswith("a.warc.gz@0: the body is too large when decoded")
    assert ask(home, "SELECT bytes FROM captures ORDER BY bytes DESC LIMIT 1") == [(1_000_000,)]
    (told,) = verify(home).problems
    assert (told.kind, told.offset) == ("record", 0)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"hello world", "neither"),
        (gzip.compress(b""), "no record"),
        (gzip.compress(b"hello"), "neither"),
        (b"\x28\xb5\x2f\xfd\x00", "zstd"),
        (b"PK\x03\x04garbage", "ZIP"),
        (b"filedesc://x 0.0.0.0 20080101000000 text/plain -1\n", "ARC"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "Content-Length"),
    ],
)
def test_what_is_nothing(home: Home, tmp_path: Path, content: bytes, why: str) -> None:
    assert why in str(refused(home, write(tmp_path / "x.warc.gz", content)).why)


def test_cut_at_any_byte_the_whole_records_are_taken(home: Home, tmp_path: Path) -> None:
    members = [packed(page(number)) for number in range(2)]
    whole = b"".join(members)
    for length in range(0, len(whole), 97):
        source = write(tmp_path / f"cut{length}.warc.gz", whole[:length])
        (file,) = import_files(home, (str(source),), dry_run=True).files
        assert file.records == (1 if length >= len(members[0]) else 0)
        assert file.status == ("looked" if file.records else "refused")
        if length % len(members[0]):
            assert file.why or file.problems


def test_a_file_that_grows_while_it_is_read(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(tmp_path / "a.warc.gz", packed(page(1)))
    copying = os.fsync

    def grow(handle: int) -> None:
        with source.open("ab") as stream:
            stream.write(b"x")
        copying(handle)

    monkeypatch.setattr(os, "fsync", grow)
    assert "changed while it was read" in str(refused(home, source).why)


def test_killed_in_the_middle_it_can_be_run_again(home: Home, tmp_path: Path) -> None:
    for number in range(30):
        write(tmp_path / f"{number:02d}.warc.gz", packed(*(page(1000 * number + n) for n in range(20))))
    command = [
        sys.executable,
        "-m",
        "quynhon_crawler.cli",
        "import",
        "--archive",
        str(home.root),
        f"{tmp_path}/*.warc.gz",
    ]
    program = "from quynhon_crawler.cli import main; main()"
    command = [sys.executable, "-c", program, *command[3:]]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not (home.warc.is_dir() and len(list(home.warc.iterdir())) >= 3):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    report = import_files(home, (f"{tmp_path}/*.warc.gz",))
    assert report.ok
    assert len(list(home.warc.iterdir())) == 30
    assert ask(home, "SELECT count(*) FROM articles") == [(600,)]
    assert set(read_manifest(home).entries) == {f"warc/{path.name}" for path in home.warc.iterdir()}
    assert not (home.state / "importing").exists()


def test_an_unreadable_file_among_good_ones(home: Home, tmp_path: Path) -> None:
    write(tmp_path / "a.warc.gz", packed(page(1)))
    missing = Path("/proc/self/mem")
    report = import_files(home, (str(tmp_path / "a.warc.gz"), str(missing)))
    assert [file.status for file in report.files] == ["taken", "refused"]
    assert os.strerror(errno.EIO) in str(report.files[1].why)


def test_answers_that_lie_of_their_own_length(home: Home, tmp_path: Path) -> None:
    record_ = record(
        "response",
        "http://a.vn/",
        answer(b"<p>x</p>", "Content-Length: 99999", "Transfer-Encoding: chunked"),
        1,
    )
    report = import_files(home, (str(write(tmp_path / "a.warc.gz", packed(record_))),))
    assert report.files[0].status == "taken"
    assert ask(home, "SELECT bytes FROM captures") == [(8,)]
