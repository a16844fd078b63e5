"""Whatever is wrong with an archive is found, and named with its place."""

from __future__ import annotations

import gzip
import json
import random
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from quynhon_crawler.audit import verify
from quynhon_crawler.cli import main
from quynhon_crawler.home import Home
from quynhon_crawler.imports import import_files
from quynhon_crawler.rebuild import rebuild
from tests.imports.files import PAGE, answer, packed, page, record, write

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "warc"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    root = tmp_path / "archive"
    root.mkdir()
    (root / "archive.toml").write_text("")
    home = Home(root)
    source = write(tmp_path / "a.warc.gz", packed(*(page(number) for number in range(100))))
    assert import_files(home, (str(source),)).ok
    return home


@pytest.fixture
def opened(home: Home) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(home.database, isolation_level=None)
    yield connection
    connection.close()


def only_file(home: Home) -> Path:
    (path,) = home.warc.iterdir()
    path.chmod(0o644)
    return path


def kinds(home: Home) -> list[str]:
    return [problem.kind for problem in verify(home).problems]


def test_nothing_is_wrong_with_a_good_archive(home: Home) -> None:
    found = verify(home)
    assert found.problems == []
    assert (found.files, found.records, found.captures, found.articles) == (1, 100, 100, 100)


def test_a_flipped_byte_is_found_wherever_it_is(home: Home) -> None:
    path = only_file(home)
    whole = path.read_bytes()
    rng = random.Random(20190827)
    for _ in range(100):
        broken = bytearray(whole)
        broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
        path.write_bytes(broken)
        assert not verify(home, articles=False).ok
    path.write_bytes(whole)
    assert verify(home, articles=False).ok


def test_without_its_sum_a_flipped_byte_of_a_record_is_found_with_its_offset(home: Home) -> None:
    path = only_file(home)
    whole = path.read_bytes()
    home.manifest.unlink()
    rows = sqlite3.connect(home.database)
    spans = rows.execute("SELECT warc_offset, warc_length FROM captures").fetchall()
    rows.close()
    rng = random.Random(20190827)
    for _ in range(20):
        offset, length = rng.choice(spans)
        broken = bytearray(whole)
        broken[offset + rng.randrange(10, length)] ^= 1 << rng.randrange(8)  # behind the gzip header
        path.write_bytes(broken)
        assert offset in {p.offset for p in verify(home, articles=False).problems if p.kind == "file"}


def test_a_torn_tail_and_bytes_behind_the_end(home: Home) -> None:
    path = only_file(home)
    whole = path.read_bytes()
    for content in (whole[:-5], whole + b"garbage", whole + bytes(10)):
        path.write_bytes(content)
        assert {"fixity", "file"} <= set(kinds(home))


def test_a_cut_end_is_told_in_numbers_that_can_be(home: Home) -> None:
    path = only_file(home)
    whole = path.read_bytes()
    for less in range(1, 400):
        path.write_bytes(whole[:-less])
        for problem in verify(home, articles=False).problems:
            if found := re.search(r"after ([0-9,]+) of ([0-9,]+) bytes", problem.what):
                had, wanted = (int(number.replace(",", "")) for number in found.groups())
                assert had < wanted
    path.write_bytes(whole[:-1])
    (line,) = (p.what for p in verify(home, articles=False).problems if p.kind == "file")
    assert line.startswith("the file is cut behind the record's ")


@pytest.mark.parametrize(
    "change",
    [
        "url = url || 'x'", "captured_at = '2001-01-01T00:00:00Z'", "status = 404", "body_sha256 = 'x'",
        "warc_offset = warc_offset + 1", "warc_length = 7", "warc_record_id = 'x'", "method = 'POST'",
    ],
)  # fmt: skip
def test_a_row_that_does_not_agree_with_its_record(
    home: Home, opened: sqlite3.Connection, change: str
) -> None:
    opened.execute(f"UPDATE captures SET {change} WHERE id = (SELECT min(id) FROM captures)")
    assert "row" in kinds(home)


def test_a_record_without_a_row(home: Home, opened: sqlite3.Connection) -> None:
    opened.execute("DELETE FROM captures WHERE id = (SELECT min(id) FROM captures)")
    assert "row" in kinds(home)


@pytest.mark.parametrize("column", ["title", "body", "body_html", "published_at", "kind", "word_count"])
def test_an_article_that_is_not_what_its_page_says(
    home: Home, opened: sqlite3.Connection, column: str
) -> None:
    opened.execute(f"UPDATE articles SET {column} = '7' WHERE id = (SELECT min(id) FROM articles)")
    (problem,) = [problem for problem in verify(home).problems if problem.kind == "article"]
    assert column in problem.what


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE images SET caption = 'x'", "images differ"),
        ("DELETE FROM images", "images differ"),
        ("UPDATE attachments SET title = 'x'", "attachments differ"),
        ("DELETE FROM article_tags", "tags differ"),
        ("UPDATE images SET sha256 = 'x'", "images: length or SHA-256"),
        ("UPDATE attachments SET bytes = 7", "attachments: length or SHA-256"),
    ],
)
def test_what_belongs_to_an_article_is_not_what_its_page_or_its_file_says(
    home: Home, opened: sqlite3.Connection, tmp_path: Path, change: str, said: str
) -> None:
    parts = (
        "<p><img src='/upload/1/a.jpg'></p><p style='text-align:center'><em>Quang cảnh</em></p>"
        "<p><a href='/upload/1/b.pdf'>Nghị quyết</a></p></div>"
        "<div class='article-tags tags'><a href='/tag/x' class='tag-news'>đô thị</a></div>"
    )
    body = PAGE.format("việc có ảnh").replace("</div></article>", f"{parts}</article>")
    records = [record("response", "http://cu.quynhon.vn/tin/anh.html", answer(body.encode()), 900)]
    for number, (name, kind) in enumerate({"a.jpg": "image/jpeg", "b.pdf": "application/pdf"}.items(), 901):
        block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n{name}".encode()
        records.append(record("response", f"http://cu.quynhon.vn/upload/1/{name}", block, number))
    import_files(home, (str(write(tmp_path / "parts.warc.gz", packed(*records))),))
    assert verify(home).ok
    opened.execute(change)
    assert opened.execute("SELECT changes()").fetchone() == (1,)
    (problem,) = verify(home).problems
    assert said in problem.what


def test_a_missing_file_and_one_that_nobody_recorded(home: Home, tmp_path: Path) -> None:
    path = only_file(home)
    path.rename(tmp_path / "away")
    write(home.warc / "by-hand.warc.gz", packed(page(500)))
    said = [str(problem) for problem in verify(home).problems if problem.kind == "fixity"]
    assert len(said) == 2
    assert "not there" in said[0]
    assert "by-hand.warc.gz: no SHA-256" in said[1]


def test_a_rebuild_records_the_sum_of_a_file_put_there_by_hand(home: Home) -> None:
    write(home.warc / "by-hand.warc.gz", packed(page(500)))
    rebuild(home)
    assert verify(home).ok


def test_what_is_lost_of_a_file_that_was_packed_again(home: Home, tmp_path: Path) -> None:
    damaged = bytearray(gzip.compress(b"".join(page(number) for number in range(500, 520)), mtime=0))
    damaged[-6] ^= 0xFF  # of the CRC
    (file,) = import_files(home, (str(write(tmp_path / "one.warc.gz", bytes(damaged))),)).files
    assert file.records == 20
    (original,) = home.originals.iterdir()
    (problem,) = verify(home).problems
    assert (problem.kind, problem.file, problem.offset) == ("file", f"originals/{original.name}", 0)


def test_a_date_that_is_none_is_told(home: Home, tmp_path: Path) -> None:
    block = answer(b"<p>x</p>", "Date: Tue, 27 Aug 2019 08:00:00 GMT")
    import_files(
        home,
        (
            str(
                write(
                    tmp_path / "d.warc.gz", packed(record("response", "http://a.vn/", block, 900, date="nie"))
                )
            ),
        ),
    )
    (problem,) = verify(home).problems
    assert (problem.kind, problem.offset) == ("record", 0)
    assert "WARC-Date" in problem.what


def test_a_revisit_of_nothing(home: Home, tmp_path: Path) -> None:
    named = ("WARC-Refers-To-Target-URI: http://a.vn/", "WARC-Refers-To-Date: 2001-01-01T00:00:00Z")
    source = write(
        tmp_path / "r.warc.gz", packed(record("revisit", "http://a.vn/", answer(b""), 900, *named))
    )
    import_files(home, (str(source),))
    (problem,) = verify(home).problems
    assert (problem.kind, problem.offset) == ("revisit", 0)


def test_a_list_that_counts_more_than_is_here(home: Home, opened: sqlite3.Connection) -> None:
    opened.execute(
        """INSERT INTO listings(id, portal_id, url, list_id, total_items, seen_at, capture_id, field_stamps)
            SELECT 1, (SELECT id FROM portals), 'http://cu.quynhon.vn/tin', '25', 761, captured_at, id, '{}'
            FROM captures LIMIT 1"""
    )
    (problem,) = verify(home).problems
    assert (problem.kind, problem.url) == ("listing", "http://cu.quynhon.vn/tin")
    assert "761" in problem.what


def test_a_broken_line_of_the_manifest_and_another_sum(home: Home) -> None:
    line = home.manifest.read_bytes()
    home.manifest.write_bytes(line + b"{broken\n" + line.replace(b'"sha256":"', b'"sha256":"0') + line)
    said = [str(problem) for problem in verify(home).problems]
    assert any("manifest.jsonl:2" in each for each in said)
    assert any("another sum" in each for each in said)


def test_a_database_that_is_none_is_one_line(home: Home) -> None:
    home.database.write_bytes(b"no database" * 100)
    run = CliRunner().invoke(main, ["verify", "--archive", str(home.root)])
    assert run.exit_code == 1
    assert run.stderr.count("\n") == 1


def test_the_answer_as_json_and_the_exit_status(home: Home) -> None:
    command = ["verify", "--archive", str(home.root), "--json"]
    run = CliRunner().invoke(main, command)
    assert (run.exit_code, json.loads(run.stdout)["ok"]) == (0, True)
    path = only_file(home)
    path.write_bytes(path.read_bytes()[:-1])
    run = CliRunner().invoke(main, command)
    said = json.loads(run.stdout)
    assert (run.exit_code, said["ok"]) == (1, False)
    assert {"kind", "what", "file", "offset", "url"} == set(said["problems"][0])


BROKEN = {
    "clipped.warc.gz": 0, "example-bad.warc.gz.bad": 0, "example-bad-non-chunked.warc.gz": 0,
    "corrupted-mid-record.warc.gz.open": 0, "corrupted-trailing-bytes.warc.gz.open": 0,
    "empty.warc.gz.open": 0, "example-trunc.warc": 1197, "example-digest.warc": 0,
    "example-wrong-chunks.warc.gz": 0, "clueweb-quirk.warc.gz": 317,
}  # fmt: skip


def test_every_broken_file_of_the_corpus(home: Home) -> None:
    """Files that other programs wrote, where they are at hand; those of this suite are made above."""
    for name, offset in BROKEN.items():
        if (CORPUS / name).exists():
            path = home.warc / ("corpus.warc" if name.endswith(".warc") else "corpus.warc.gz")
            write(path, (CORPUS / name).read_bytes())
            found = verify(home, articles=False).problems
            assert (path.name, offset) in {
                (p.file, p.offset) for p in found if p.kind in ("file", "digest")
            }, name
            path.unlink()


@pytest.mark.parametrize(
    "content",
    [gzip.compress(page(1) + page(2)), gzip.compress(page(1)[:300]) + gzip.compress(page(1)[300:])],
    ids=["records in one member", "a record in two members"],
)
def test_records_that_have_no_place_of_their_own(home: Home, content: bytes) -> None:
    write(home.warc / "x.warc.gz", content)
    (problem,) = [problem for problem in verify(home, articles=False).problems if problem.kind == "file"]
    assert "none can be found by its offset" in problem.what


@pytest.mark.parametrize("fault", ["missing", "emptied", "cut"])
def test_a_lost_file_is_told_in_a_few_lines_with_the_counts(home: Home, fault: str) -> None:
    """Not one line a row and one an article."""
    path = only_file(home)
    size = path.stat().st_size
    if fault == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: 0 if fault == "emptied" else size // 4])
    found = [str(problem) for problem in verify(home).problems]
    assert len(found) <= 4, found
    assert all(line.removeprefix("warc/").startswith(path.name) for line in found)
    told = " ".join(found)
    rows = re.search(r"(\d+) (?:row|capture)s", told)
    articles = re.search(r"(\d+) articles cannot be read again from this file", told)
    assert rows
    assert articles
    assert rows[1] == articles[1]
    assert int(rows[1]) == 100 if fault != "cut" else 50 < int(rows[1]) < 100


def test_a_damaged_record_is_named_with_its_own_offset(home: Home, opened: sqlite3.Connection) -> None:
    path = only_file(home)
    whole = bytearray(path.read_bytes())
    sql = "SELECT warc_offset, warc_length FROM captures ORDER BY warc_offset LIMIT 1 OFFSET 40"
    offset, length = opened.execute(sql).fetchone()
    whole[offset + length // 2] ^= 0x10
    path.write_bytes(whole)
    (line,) = (str(problem) for problem in verify(home).problems if problem.kind == "article")
    assert f"its capture cannot be read: {path.name}@{offset}: " in line
