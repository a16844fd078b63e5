"""WARC files written and read: exact blocks, one member a record, torn ends, positions in errors."""

from __future__ import annotations

import gzip
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from quynhon_crawler.errors import RecordError, TornRecord
from quynhon_crawler.model import Capture
from quynhon_crawler.warc.exchange import Exchange, Withheld, without_secrets
from quynhon_crawler.warc.http import parse
from quynhon_crawler.warc.reader import Stored, capture_of, exchanges, payload, raw_record, records
from quynhon_crawler.warc.tail import good_end
from quynhon_crawler.warc.writer import WarcWriter
from tests.crawl.cases import CASES

# warcio 1.8.1 fails on every br record when the package brotli 1.2 is there; without it, it copies the bytes
FASTWARC = "from fastwarc.cli import main; main()"
WARCIO = "import sys; sys.modules['brotli'] = None; from warcio.cli import main; main()"
ASKED = b"GET /a HTTP/1.1\r\nHost: h.vn\r\n\r\n"


def exchange(received: bytes, number: int = 0, **more: object) -> Exchange:
    return Exchange(
        url=f"http://h.vn/{number}",
        method="GET",
        sent=ASKED,
        received=received,
        started_at=f"2026-11-24T00:00:{number:02d}.000001Z",
        ip="127.0.0.1",
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def writer(tmp_path: Path) -> WarcWriter:
    return WarcWriter(tmp_path, prefix="TEST", info={"software": "tests"}, crawl_id="crawl-1")


def write_all(writer: WarcWriter) -> list[Capture]:
    found = []
    for number, case in enumerate(CASES):
        asked = exchange(b"".join(case.pieces), number)
        found.append(writer.write_exchange(asked, parse(asked.received)))
    return found


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_blocks_come_back_as_they_crossed_the_wire(writer: WarcWriter, tmp_path: Path) -> None:
    write_all(writer)
    writer.close()
    stored = [item for item in exchanges(only_file(tmp_path)) if isinstance(item, Stored)]
    assert [item.record.block for item in stored] == [b"".join(case.pieces) for case in CASES]
    assert {item.request.block for item in stored if item.request} == {ASKED}


def test_the_reader_gives_the_captures_that_the_writer_gave(writer: WarcWriter, tmp_path: Path) -> None:
    written = write_all(writer)
    writer.close()
    stored = [item for item in exchanges(only_file(tmp_path)) if isinstance(item, Stored)]
    assert [capture_of(item, crawl_id="crawl-1")[0] for item in stored] == written


def test_a_record_is_found_by_its_offset(writer: WarcWriter, tmp_path: Path) -> None:
    written = write_all(writer)
    writer.close()
    for capture, case in zip(written, CASES, strict=True):
        found = payload(tmp_path / capture.warc_file, capture.warc_offset, capture.warc_length)
        assert found.raw_block == b"".join(case.pieces)
        assert found.record.id == capture.warc_record_id


def test_each_record_is_a_gzip_member_of_its_own(writer: WarcWriter, tmp_path: Path) -> None:
    capture = write_all(writer)[3]
    writer.close()
    raw = raw_record(tmp_path / capture.warc_file, capture.warc_offset, capture.warc_length)
    assert gzip.decompress(raw).startswith(b"WARC/1.1\r\nWARC-Type: response\r\n")


@pytest.mark.parametrize(
    "command", [["-c", WARCIO, "check"], ["-c", FASTWARC, "check"]], ids=["warcio", "fastwarc"]
)
def test_other_validators_find_no_fault(writer: WarcWriter, tmp_path: Path, command: list[str]) -> None:
    write_all(writer)
    body = exchange(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    writer.write_exchange(body, parse(body.received), same_as=("http://h.vn/1", "2026-11-24T00:00:00Z"))
    unchanged = exchange(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n')
    writer.write_exchange(
        unchanged, parse(unchanged.received), same_as=("http://h.vn/1", "2026-11-24T00:00:00Z")
    )
    writer.write_metadata("http://h.vn/x", "application/json", b"{}")
    writer.close()
    done = subprocess.run(
        [sys.executable, *command, str(only_file(tmp_path))], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert subprocess.run(["gzip", "-t", str(only_file(tmp_path))]).returncode == 0


def test_revisits_keep_their_head_and_name_the_record_with_the_body(
    writer: WarcWriter, tmp_path: Path
) -> None:
    first = exchange(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: 1\r\n\r\nhi")
    again = exchange(b"HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nX: 2\r\n\r\nhi", 1)
    writer.write_exchange(first, parse(first.received))
    writer.write_exchange(again, parse(again.received), same_as=(first.url, first.started_at))
    writer.close()
    revisit = [item.record for item in exchanges(only_file(tmp_path)) if isinstance(item, Stored)][1]
    assert revisit.type == "revisit"
    assert revisit.block == b"HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nX: 2\r\n\r\n"
    assert revisit.headers["warc-refers-to-target-uri"] == first.url
    assert revisit.headers["warc-refers-to-date"] == first.started_at
    assert revisit.headers["warc-profile"].endswith("/identical-payload-digest")
    assert revisit.headers["warc-payload-digest"].startswith("sha1:")


def test_cut_answers_say_so(writer: WarcWriter, tmp_path: Path) -> None:
    cut = exchange(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", truncated="disconnect")
    assert writer.write_exchange(cut, parse(cut.received)).truncated == "disconnect"
    writer.close()
    with only_file(tmp_path).open("rb") as stream:
        kinds = {r.rec_type: r.rec_headers.get_header("WARC-Truncated") for r in ArchiveIterator(stream)}
    assert kinds["response"] == "disconnect"


def test_interim_answers_are_kept_beside_the_final_one(writer: WarcWriter, tmp_path: Path) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    asked = exchange(b"HTTP/1.1 204 No Content\r\n\r\n", interim=hints)
    capture = writer.write_exchange(asked, parse(asked.received))
    writer.close()
    beside = [r for r in records(only_file(tmp_path)) if r.type == "metadata"]
    assert [r.block for r in beside] == [hints]
    assert beside[0].headers["warc-concurrent-to"] == capture.warc_record_id


def test_a_file_is_open_while_written_and_read_only_when_closed(writer: WarcWriter, tmp_path: Path) -> None:
    write_all(writer)
    assert only_file(tmp_path).name.endswith(".warc.gz.open")
    writer.close()
    path = only_file(tmp_path)
    assert path.name.endswith(".warc.gz")
    assert path.stat().st_mode & 0o777 == 0o444


def test_a_full_file_makes_way_for_the_next_which_begins_with_its_warcinfo(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, prefix="TEST", info={"software": "tests"}, max_bytes=2000)
    written = write_all(writer)
    writer.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) > 3
    assert {capture.warc_file for capture in written} == set(names)
    assert {next(records(tmp_path / name)).type for name in names} == {"warcinfo"}


def test_cut_at_every_byte_the_good_end_is_the_last_whole_record(writer: WarcWriter, tmp_path: Path) -> None:
    asked = exchange(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    for _ in range(2):
        writer.write_exchange(asked, parse(asked.received))
    writer.close()
    path = only_file(tmp_path)
    whole = path.read_bytes()
    ends = [record.offset + record.length for record in records(path)]
    cut = tmp_path / "cut.warc.gz"
    for length in range(len(whole) + 1):
        cut.write_bytes(whole[:length])
        assert good_end(cut) == max((end for end in ends if end <= length), default=0)


def test_reading_a_cut_file_gives_what_is_whole_and_then_the_place(
    writer: WarcWriter, tmp_path: Path
) -> None:
    written = write_all(writer)
    writer.close()
    path = only_file(tmp_path)
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(path.read_bytes()[: written[-1].warc_offset + 30])
    seen = []
    with pytest.raises(RecordError, match=r"cut\.warc\.gz@"):
        seen.extend(records(cut))
    whole = [record.id for record in records(path)]
    assert [record.id for record in seen] == whole[: len(seen)]
    assert len(seen) >= len(whole) - 3


def test_a_record_behind_the_end_is_torn(writer: WarcWriter, tmp_path: Path) -> None:
    capture = write_all(writer)[-1]
    writer.close()
    with pytest.raises(TornRecord, match="ends after"):
        raw_record(tmp_path / capture.warc_file, capture.warc_offset, capture.warc_length + 1)


def test_an_offset_inside_a_record_is_refused(writer: WarcWriter, tmp_path: Path) -> None:
    capture = write_all(writer)[0]
    writer.close()
    with pytest.raises(RecordError):
        payload(tmp_path / capture.warc_file, capture.warc_offset + 1, capture.warc_length - 1)


@pytest.mark.parametrize(
    ("policy", "left_out"),
    [
        ("credentials", {"Proxy-Authorization", "authorization"}),
        ("cookies", {"Proxy-Authorization", "authorization", "Cookie"}),
        ("nothing", set()),
    ],
)
def test_secrets_stay_out_by_policy_and_the_record_says_so(
    writer: WarcWriter, tmp_path: Path, policy: Withheld, left_out: set[str]
) -> None:
    lines = [b"GET /a HTTP/1.1", b"Host: h.vn", b"Proxy-Authorization: Basic c2VjcmV0", b"Cookie: s=1"]
    lines += [b"authorization:Bearer x"]
    kept, removed = without_secrets(b"\r\n".join(lines) + b"\r\n\r\nCookie: a form", policy)
    received = b"HTTP/1.1 204 No Content\r\n\r\n"
    asked = replace(exchange(received), sent=kept, removed=removed)
    writer.write_exchange(asked, parse(received))
    writer.close()
    (stored,) = [item for item in exchanges(only_file(tmp_path)) if isinstance(item, Stored)]
    assert stored.request is not None
    stays = [line for line in lines if line.partition(b":")[0].decode() not in left_out]
    assert stored.request.block == b"\r\n".join(stays) + b"\r\n\r\nCookie: a form"
    assert removed == tuple(name for name in removed if name in left_out)
    written = gzip.decompress(only_file(tmp_path).read_bytes())
    assert {
        line[19:].decode() for line in written.split(b"\r\n") if line[:17] == b"X-Quynhon-Removed"
    } == left_out
