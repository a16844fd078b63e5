"""The WACZ: accepted by the field's own validator, read by offset, without what was taken down."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from quynhon_crawler.deposit.catalogue import catalogue
from quynhon_crawler.deposit.order import merged, ordered
from quynhon_crawler.deposit.pieces import Piece
from quynhon_crawler.deposit.wacz import put_together
from quynhon_crawler.deposit.withdrawn import Withdrawn
from quynhon_crawler.deposit.zipped import Member, zipped
from quynhon_crawler.home import Home
from quynhon_crawler.store import Store
from quynhon_crawler.warc.cdxj import Line, lines
from tests.crawl.disk import small_disk
from tests.crawl.run_crawl import quynhon
from tests.deposit.conftest import Crawled

Field = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wacz(crawled: Crawled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wacz") / "kho.wacz"
    done = quynhon("export", "wacz", "--archive", crawled.home.root, "--output", path)
    assert done.returncode == 0, done.stderr
    return path


def index_of(wacz: Path) -> list[Line]:
    """Every line, read block by block as a replay tool does."""
    with zipfile.ZipFile(wacz) as package:
        head, *rows = package.read("indexes/index.idx").decode().splitlines()
        blocks = package.read("indexes/index.cdx.gz")
    assert json.loads(head.removeprefix("!meta 0 ")) == {
        "format": "cdxj-gzip-1.0",
        "filename": "index.cdx.gz",
    }
    found = []
    for row in rows:
        key, said = row.split(" {", 1)
        place = json.loads("{" + said)
        block = gzip.decompress(blocks[place["offset"] : place["offset"] + place["length"]]).decode()
        assert block.startswith(key)
        found += [Line.parse(text) for text in block.splitlines()]
    return found


def test_wacz_validate_accepts_it(wacz: Path, field: Field) -> None:
    done = field("wacz", "validate", "-f", wacz)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Version detected as 1.1.1" in done.stdout
    assert "Validation succeeded, the passed WACZ is valid" in done.stdout


def test_every_line_of_its_sorted_index_finds_its_record(wacz: Path, crawled: Crawled) -> None:
    found = index_of(wacz)
    assert [str(line) for line in found] == sorted(str(line) for line in found)
    with closing(sqlite3.connect(crawled.home.database)) as db:
        # The revisit of an unchanged answer replays as an empty page: readers get the answer itself.
        whole = db.execute("SELECT count(*) FROM captures WHERE status IS NOT 304").fetchone()[0]
    assert len(found) == whole
    with zipfile.ZipFile(wacz) as package:
        for line in found[::50]:
            warc = package.read(f"archive/{line.fields['filename']}")
            offset = int(line.fields["offset"])
            record = next(iter(ArchiveIterator(BytesIO(warc[offset : offset + int(line.fields["length"])]))))
            assert record.rec_headers["WARC-Target-URI"] == line.fields["url"]


def test_warc_files_are_in_it_byte_for_byte_and_not_packed_again(wacz: Path, crawled: Crawled) -> None:
    with zipfile.ZipFile(wacz) as package:
        for path in crawled.home.warc.iterdir():
            assert package.read(f"archive/{path.name}") == path.read_bytes()
            assert package.getinfo(f"archive/{path.name}").compress_type == zipfile.ZIP_STORED


def test_its_pages_are_our_articles_at_captures_of_its_index(wacz: Path, crawled: Crawled) -> None:
    with zipfile.ZipFile(wacz) as package:
        head, *rows = map(json.loads, package.read("pages/pages.jsonl").decode().splitlines())
    assert (head["format"], head["hasText"]) == ("json-pages-1.0", True)
    lines = {(line.fields["url"], line.timestamp) for line in index_of(wacz)}
    assert {(row["url"], "".join(filter(str.isdigit, row["ts"]))) for row in rows} <= lines
    with closing(sqlite3.connect(crawled.home.database)) as db:
        titles = {title for (title,) in db.execute("SELECT title FROM articles")}
        (body,) = db.execute("SELECT body FROM articles WHERE byline = 'Linh_VPTU' LIMIT 1").fetchone()
    assert titles == {row["title"] for row in rows[1:]}
    assert rows[0]["url"] == crawled.portal
    assert any(body in row.get("text", "") for row in rows)


def test_the_same_archive_gives_the_same_bytes(wacz: Path, own: Home, tmp_path: Path) -> None:
    done = quynhon("export", "wacz", "--archive", own.root, "--output", tmp_path / "again", "--json")
    (name, size), *more = json.loads(done.stdout)["files"].items()
    assert (name, more) == ("quynhon.wacz", [])
    assert size == wacz.stat().st_size
    assert (tmp_path / "again" / name).read_bytes() == wacz.read_bytes()


@pytest.fixture
def taken(own: Home) -> tuple[Home, set[str], bytes]:
    """An article with pictures is taken down: the archive, the addresses that go, and words of its body."""
    with closing(sqlite3.connect(own.database)) as db:
        number, url, body = db.execute(
            """SELECT a.id, a.url, a.body FROM articles a JOIN images i ON i.article_id = a.id
                WHERE i.sha256 IS NOT NULL AND length(a.body) > 200 ORDER BY a.url LIMIT 1"""
        ).fetchone()
        own_pictures = """SELECT url FROM images WHERE article_id = ? AND file_id NOT IN
            (SELECT file_id FROM images WHERE article_id <> ?)"""
        gone = {url} | {row[0] for row in db.execute(own_pictures, (number, number))}
    assert len(gone) > 1
    with Store.open(own.database) as store:
        store.add_takedown(url, reason="Theo yêu cầu", at="2026-11-24T09:00:00Z")
    return own, gone, body.split("\n")[0].encode()


def test_what_was_taken_down_is_not_in_it(
    taken: tuple[Home, set[str], bytes], tmp_path: Path, field: Field
) -> None:
    home, gone, words = taken
    path = tmp_path / "kho.wacz"
    assert quynhon("export", "wacz", "--archive", home.root, "--output", path).returncode == 0
    assert "succeeded" in field("wacz", "validate", "-f", path).stdout
    lines = index_of(path)
    assert not gone & {line.fields["url"] for line in lines}
    with zipfile.ZipFile(path) as package:
        assert not any(url.encode() in package.read("pages/pages.jsonl") for url in gone)
        warcs = [name for name in package.namelist() if name.startswith("archive/")]
        for name in warcs:
            content = package.read(name)
            for record in ArchiveIterator(BytesIO(content)):
                url = record.rec_headers["WARC-Target-URI"]
                assert url not in gone
                if url and url.endswith(".html") and record.rec_type == "response":
                    assert words not in record.content_stream().read()
            for line in lines[::30]:
                if name == f"archive/{line.fields['filename']}":
                    start = int(line.fields["offset"])
                    part = content[start : start + int(line.fields["length"])]
                    assert line.fields["url"].encode() in gzip.decompress(part)


def test_what_was_taken_down_is_not_in_the_cdxj(taken: tuple[Home, set[str], bytes], tmp_path: Path) -> None:
    home, gone, _ = taken
    done = quynhon("export", "cdxj", "--archive", home.root, "--output", tmp_path / "cdx")
    assert done.returncode == 0, done.stderr
    lines = [Line.parse(text) for text in (tmp_path / "cdx" / "index.cdxj").read_text().splitlines()]
    assert lines
    assert not gone & {line.fields["url"] for line in lines}
    for line in lines[::100]:
        path = home.warc / line.fields["filename"]
        start = int(line.fields["offset"])
        part = path.read_bytes()[start : start + int(line.fields["length"])]
        assert line.fields["url"].encode() in gzip.decompress(part)


def test_ranges_of_it_are_read_where_they_lie(wacz: Path, crawled: Crawled, tmp_path: Path) -> None:
    made = put_together(crawled.home, catalogue(crawled.home), Withdrawn(), tmp_path)
    written = wacz.read_bytes()
    assert made.file.size == len(written)
    middle = len(written) // 2
    for start, stop in (
        (0, 1),
        (0, 400_000),
        (middle, middle + 7),
        (len(written) - 22, len(written)),
        (5, 5),
    ):
        assert b"".join(made.file.chunks(start, stop)) == written[start:stop]
    with zipfile.ZipFile(wacz) as package:
        assert made.digest == hashlib.sha256(package.read("datapackage.json")).hexdigest()


def test_members_past_four_gibibytes_are_found(tmp_path: Path) -> None:
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate((1 << 32) + 5)  # a hole: no byte of it is on the disk
    large = Member("big", (1 << 32) + 5, 0, (Piece(big, 0, (1 << 32) + 5),))
    small = Member("small", 3, 0x352441C2, (Piece.of(b"abc"),))
    made = zipped([large, small])
    path = tmp_path / "made.zip"
    with path.open("wb") as file:
        file.truncate(made.size)
        file.write(b"".join(made.chunks(0, 100)))
        tail = (1 << 32) + 20
        file.seek(tail)
        file.write(b"".join(made.chunks(tail)))
    with zipfile.ZipFile(path) as package:
        assert [(info.filename, info.file_size) for info in package.infolist()] == [
            ("big", (1 << 32) + 5),
            ("small", 3),
        ]
        assert package.read("small") == b"abc"
        with package.open("big") as member:
            assert member.read(10) == bytes(10)


def test_more_than_65535_members_are_counted() -> None:
    made = zipped(Member(f"{number}", 1, 0xE8B7BE43, (Piece.of(b"a"),)) for number in range(65_540))
    with zipfile.ZipFile(BytesIO(b"".join(made.chunks()))) as package:
        assert len(package.infolist()) == 65_540
        assert package.read("65539") == b"a"


def test_a_full_disk_leaves_nothing_under_the_name(own: Home, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 500):
        done = quynhon("export", "wacz", "--archive", own.root, "--output", disk / "kho.wacz")
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"quynhon: {disk}/kho.wacz: No space left on device; nothing was left there")
        assert list(disk.iterdir()) == []


def test_a_warc_file_that_changed_unnoticed_is_no_part_of_a_package(own: Home, tmp_path: Path) -> None:
    catalogue(own)
    path = sorted(own.warc.iterdir())[0]
    state, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    done = quynhon("export", "wacz", "--archive", own.root, "--output", tmp_path / "kho.wacz")
    assert done.returncode == 2
    assert done.stderr == (
        f"quynhon: archive/{path.name}: is not what it was when it was indexed; run: quynhon verify\n"
    )
    assert not list(tmp_path.glob("*kho.wacz*"))


def test_a_torn_file_is_taken_as_far_as_it_goes_and_told(own: Home, tmp_path: Path, field: Field) -> None:
    path = sorted(own.warc.iterdir())[0]
    path.chmod(0o644)
    os.truncate(path, path.stat().st_size - 100)
    done = quynhon("export", "wacz", "--archive", own.root, "--output", tmp_path / "kho.wacz")
    assert done.returncode == 1
    assert f"  not all of it: {path.name}@" in done.stderr
    assert index_of(tmp_path / "kho.wacz")
    assert "succeeded" in field("wacz", "validate", "-f", tmp_path / "kho.wacz").stdout


def test_what_stands_behind_damage_is_in_it_and_in_the_index(own: Home, tmp_path: Path, field: Field) -> None:
    path = sorted(own.warc.iterdir())[0]
    before = {line.fields["offset"] for line in lines(path) if isinstance(line, Line)}
    with closing(sqlite3.connect(own.database)) as db:
        sql = "SELECT warc_offset, warc_length FROM captures WHERE warc_file = ? ORDER BY warc_offset"
        at, length = db.execute(sql, (path.name,)).fetchall()[3]
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(at + length // 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 0xFF]))
    done = quynhon("export", "cdxj", "--archive", own.root, "--output", tmp_path / "kho.cdxj")
    assert done.returncode == 1
    assert f"  not all of it: {path.name}@{at}: " in done.stderr
    found = [Line.parse(text) for text in (tmp_path / "kho.cdxj").read_text().splitlines()]
    here = {line.fields["offset"] for line in found if line.fields["filename"] == path.name}
    assert here == before - {str(at)}
    quynhon("export", "wacz", "--archive", own.root, "--output", tmp_path / "kho.wacz")
    assert "succeeded" in field("wacz", "validate", "-f", tmp_path / "kho.wacz").stdout
    with zipfile.ZipFile(tmp_path / "kho.wacz") as archive:
        content = archive.read(f"archive/{path.name}")
    assert len(content) == path.stat().st_size - length
    for line in index_of(tmp_path / "kho.wacz"):
        if line.fields["filename"] == path.name:
            start, size = int(line.fields["offset"]), int(line.fields["length"])
            assert gzip.decompress(content[start : start + size]).startswith(b"WARC/")


def test_a_file_that_is_still_being_written_is_left_out(own: Home, tmp_path: Path) -> None:
    path = sorted(own.warc.iterdir())[0]
    path.rename(path.with_name(f"{path.name}.open"))
    done = quynhon("export", "wacz", "--archive", own.root, "--output", tmp_path / "kho.wacz")
    assert done.returncode == 0, done.stderr
    lines = {(line.fields["url"], line.timestamp) for line in index_of(tmp_path / "kho.wacz")}
    with zipfile.ZipFile(tmp_path / "kho.wacz") as package:
        _, *rows = map(json.loads, package.read("pages/pages.jsonl").decode().splitlines())
    assert {(row["url"], "".join(filter(str.isdigit, row["ts"]))) for row in rows} <= lines


def test_an_existing_file_is_not_written_over(own: Home, tmp_path: Path) -> None:
    (tmp_path / "kho.wacz").write_text("mine")
    done = quynhon("export", "wacz", "--archive", own.root, "--output", tmp_path / "kho.wacz")
    assert done.returncode == 2
    assert done.stderr.endswith("kho.wacz: exists already, and nothing was changed; name another --output\n")
    assert (tmp_path / "kho.wacz").read_text() == "mine"


def test_what_a_killed_export_left_is_in_nobodys_way(own: Home, tmp_path: Path) -> None:
    catalogue(own)
    left, busy = own.cdx / ".wacz-left", own.cdx / ".wacz-busy"
    for folder in (left, busy, tmp_path / ".kho.part"):
        folder.mkdir()
        (folder / "index").write_text("half")
    os.utime(left, (0, 0))
    done = quynhon("export", "wacz", "--archive", own.root, "--output", tmp_path / "kho")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "kho").iterdir()] == ["quynhon.wacz"]
    assert (left.exists(), busy.exists(), (tmp_path / ".kho.part").exists()) == (False, True, False)


def test_lines_are_sorted_in_runs_as_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quynhon_crawler.deposit.order._RUN_BYTES", 100)
    monkeypatch.setattr("quynhon_crawler.deposit.order._OPEN_FILES", 3)
    lines = [b"%d\n" % (number * 7919 % 1009) for number in range(2000)]
    assert list(ordered(lines, tmp_path)) == sorted(set(lines))
    assert list(merged([], tmp_path)) == []
    assert list(tmp_path.iterdir()) == []
