"""Files of others into an archive: kept byte for byte, read, seen when they come again."""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from quynhon_crawler.audit import verify
from quynhon_crawler.cli import main
from quynhon_crawler.errors import UsageError
from quynhon_crawler.home import Home
from quynhon_crawler.imports import import_files
from quynhon_crawler.manifest import read_manifest
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.spread import over_processes
from quynhon_crawler.store import Store
from quynhon_crawler.store.content import content_digest
from tests.imports.files import answer, arc, packed, page, record, sha1, wacz, write


@pytest.fixture
def home(tmp_path: Path) -> Home:
    root = tmp_path / "archive"
    root.mkdir()
    (root / "archive.toml").write_text("")
    return Home(root)


def ask(home: Home, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(home.database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def digest(home: Home) -> str:
    with Store.open(home.database) as store:
        return content_digest(store.connection)


def test_a_file_keeps_its_bytes_its_name_its_source_and_its_sum(home: Home, tmp_path: Path) -> None:
    content = packed(page(1), page(2))
    source = write(tmp_path / "Cổng cũ (2019).warc.gz", content)
    (file,) = import_files(home, (str(source),)).files
    (kept,) = home.warc.iterdir()
    assert file.files == [kept.name]
    assert kept.read_bytes() == content
    assert kept.stat().st_mode & 0o777 == 0o444
    entry = read_manifest(home).of_warc(kept.name)
    assert entry is not None
    assert (entry.source, entry.bytes) == (str(source), len(content))
    assert entry.sha256 == entry.source_sha256 == hashlib.sha256(content).hexdigest()
    assert kept.name.startswith(f"IMPORT-{entry.sha256[:12]}-")
    assert "2019" in kept.name


def test_its_articles_are_read_and_a_rebuild_says_the_same(home: Home, tmp_path: Path) -> None:
    write(tmp_path / "a.warc.gz", packed(page(1), page(2)))
    write(tmp_path / "b.warc", page(3) + page(4))
    report = import_files(home, (str(tmp_path / "*.warc*"),))
    assert report.ok
    assert [file.articles for file in report.files] == [2, 2]
    before = digest(home)
    assert rebuild(home).content_digest == before
    assert (
        rebuild(home, spread=over_processes(2), order=lambda files: files.sort(reverse=True)).content_digest
        == before
    )


def test_the_same_file_is_seen_under_any_name(home: Home, tmp_path: Path) -> None:
    first = write(tmp_path / "a.warc.gz", packed(page(1)))
    again = write(tmp_path / "b.warc.gz", first.read_bytes())
    statuses = [import_files(home, (str(path),)).files[0].status for path in (first, first, again)]
    assert statuses == ["taken", "known", "known"]
    assert len(list(home.warc.iterdir())) == 1


def test_a_broken_part_does_not_spoil_the_rest(home: Home, tmp_path: Path) -> None:
    members = [packed(page(number)) for number in range(5)]
    broken = bytearray(members[2])
    broken[len(broken) // 2] ^= 0xFF
    source = write(tmp_path / "a.warc.gz", b"".join((*members[:2], bytes(broken), *members[3:])))
    (file,) = import_files(home, (str(source),)).files
    assert file.articles == 4
    (problem,) = file.problems
    assert problem.startswith(f"a.warc.gz@{len(members[0]) + len(members[1])}: ")


def test_a_revisit_finds_its_body_when_it_comes_later(home: Home, tmp_path: Path) -> None:
    body = page(1)
    head = answer(b"")
    named = (
        "WARC-Refers-To-Target-URI: http://cu.quynhon.vn/tin/1.html",
        "WARC-Refers-To-Date: 2019-08-27T08:00:01Z",
    )
    revisit = record("revisit", "http://cu.quynhon.vn/bai/1.html", head, 50, *named)
    write(tmp_path / "later.warc.gz", packed(revisit))
    write(tmp_path / "body.warc.gz", packed(body))
    assert import_files(home, (str(tmp_path / "later.warc.gz"),)).unresolved == 1
    assert import_files(home, (str(tmp_path / "body.warc.gz"),)).unresolved == 0
    assert len(ask(home, "SELECT 1 FROM captures WHERE body_sha256 IS NOT NULL")) == 2
    assert rebuild(home).content_digest == digest(home)


@pytest.mark.parametrize(
    "named", ["WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-000000000001>", "digest"]
)
def test_a_revisit_without_a_date_is_followed_by_id_or_digest(home: Home, tmp_path: Path, named: str) -> None:
    original = page(1)
    if named == "digest":
        said = next(line for line in original.decode().split("\r\n") if line.startswith("WARC-Payload"))
        named = said
    revisit = record("revisit", "http://cu.quynhon.vn/tin/1.html", answer(b""), 50, named)
    source = write(tmp_path / "a.warc.gz", packed(original, revisit))
    assert import_files(home, (str(source),)).unresolved == 0


def test_of_two_answers_of_one_second_a_revisit_stands_for_the_one_with_its_digest(
    home: Home, tmp_path: Path
) -> None:
    original = page(1)
    url, at = "http://cu.quynhon.vn/tin/1.html", "2019-08-27T08:00:01Z"
    said = next(line for line in original.decode().split("\r\n") if line.startswith("WARC-Payload"))
    walls = [
        record("response", url, answer(b"<html><script>document.cookie</script></html>"), number, date=at)
        for number in (60, 61)
    ]
    named = (f"WARC-Refers-To-Target-URI: {url}", f"WARC-Refers-To-Date: {at}", said)
    revisit = record("revisit", url, answer(b""), 50, *named)
    source = write(tmp_path / "a.warc.gz", packed(walls[0], original, walls[1], revisit))
    assert import_files(home, (str(source),)).unresolved == 0
    (held,) = ask(home, "SELECT body_sha256 FROM captures WHERE record_type = 'revisit'")
    body = original.partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")[2].removesuffix(b"\r\n\r\n")
    assert held == (hashlib.sha256(body).hexdigest(),)
    assert rebuild(home).content_digest == digest(home)


def test_pages_of_other_hosts_are_kept_and_not_read(home: Home, tmp_path: Path) -> None:
    home.config.write_text('[[portals]]\nname = "cu"\nurl = "http://cu.quynhon.vn/"\n')
    source = write(tmp_path / "a.warc.gz", packed(page(1), page(2, "khac.vn")))
    (file,) = import_files(home, (str(source),)).files
    assert (file.articles, file.out_of_scope) == (1, {"khac.vn": 1})
    assert len(ask(home, "SELECT 1 FROM captures")) == 2


def test_a_host_that_was_named_is_read_in_a_rebuild_too(home: Home, tmp_path: Path) -> None:
    home.config.write_text('[[portals]]\nname = "cu"\nurl = "http://cu.quynhon.vn/"\n')
    source = write(tmp_path / "a.warc.gz", packed(page(2, "khac.vn")))
    import_files(home, (str(source),), hosts=("khac.vn",))
    rebuild(home)
    assert len(ask(home, "SELECT 1 FROM articles")) == 1


def test_an_arc_file_becomes_warc_and_stays_as_it_was(home: Home, tmp_path: Path) -> None:
    body = page(1).partition(b"\r\n\r\n")[2].removesuffix(b"\r\n\r\n")
    content = arc(("http://cu.quynhon.vn/a b.html", body))
    source = write(tmp_path / "old.arc.gz", content)
    report = import_files(home, (str(source),))
    assert report.ok
    assert report.files[0].articles == 1
    (kept,) = home.originals.iterdir()
    assert kept.read_bytes() == content
    assert ask(home, "SELECT url, captured_at FROM captures") == [
        ("http://cu.quynhon.vn/a%20b.html", "2008-01-02T03:04:05Z")
    ]


def test_records_in_one_gzip_member_are_packed_one_by_one(home: Home, tmp_path: Path) -> None:
    plain = page(1) + page(2)
    source = write(tmp_path / "one.warc.gz", gzip.compress(plain))
    (file,) = import_files(home, (str(source),)).files
    assert file.articles == 2
    assert [line.startswith("one.warc.gz@0: records share one gzip member") for line in file.problems] == [
        True
    ]
    assert verify(home).ok
    (kept,) = home.warc.iterdir()
    assert gzip.decompress(kept.read_bytes()) == plain
    assert [path.read_bytes() for path in home.originals.iterdir()] == [source.read_bytes()]


def test_a_fault_of_a_file_that_was_packed_again_has_its_place_there(home: Home, tmp_path: Path) -> None:
    wrong = record("response", "http://a.vn/", answer(b"<p>x</p>"), 1, f"WARC-Block-Digest: {sha1(b'other')}")
    source = write(tmp_path / "one.warc.gz", gzip.compress(page(1) + wrong))
    (file,) = import_files(home, (str(source),)).files
    (kept,) = home.warc.iterdir()
    (told,) = [line for line in file.problems if "block digest" in line]
    place = told.partition(": ")[0]
    assert place.startswith(f"{kept.name}@")
    assert gzip.decompress(kept.read_bytes()[int(place.rpartition("@")[2]) :]) == wrong


def test_a_wacz_gives_its_warc_files_and_its_page_list(home: Home, tmp_path: Path) -> None:
    inner = packed(page(1))
    entries = {"archive/data.warc.gz": inner, "pages/pages.jsonl": b"{}\n", "indexes/index.cdx": b"lies\n"}
    source = wacz(tmp_path / "a.wacz", entries)
    assert import_files(home, (str(source),)).files[0].articles == 1
    assert [path.read_bytes() for path in home.warc.iterdir()] == [inner]
    assert [path.name for path in home.originals.rglob("*.jsonl")] == ["pages.jsonl"]
    assert import_files(home, (str(source),)).files[0].status == "known"


def test_a_sum_of_a_wacz_that_is_not_of_its_file_is_told(home: Home, tmp_path: Path) -> None:
    said = {"resources": [{"path": "archive/data.warc.gz", "hash": "sha256:" + "0" * 64}]}
    entries = {"archive/data.warc.gz": packed(page(1)), "datapackage.json": json.dumps(said).encode()}
    (file,) = import_files(home, (str(wacz(tmp_path / "a.wacz", entries)),)).files
    assert file.status == "taken"
    assert "datapackage.json" in file.problems[0]


def test_one_bad_file_in_a_wacz_does_not_spoil_the_others(home: Home, tmp_path: Path) -> None:
    damaged = bytearray(packed(page(3), page(4), page(5)))
    entries = {
        "archive/a.warc.gz": packed(page(1)), "archive/empty.warc.gz": b"",
        "archive/b.warc.gz": bytes(damaged), "archive/none.warc": b"hello",
        "archive/same.warc.gz": packed(page(1)),
    }  # fmt: skip
    source = wacz(tmp_path / "a.wacz", entries)
    raw = source.read_bytes()
    flipped = bytearray(raw)
    flipped[raw.index(bytes(damaged)) + len(damaged) // 2] ^= 0xFF
    source.write_bytes(flipped)
    (file,) = import_files(home, (str(source),)).files
    assert (file.status, file.articles) == ("taken", 3)
    assert len(list(home.warc.iterdir())) == 2
    told = "\n".join(file.problems)
    assert len(file.problems) == 4
    assert "empty.warc.gz@0: the file is empty" in told
    assert "none.warc@0: neither WARC" in told
    assert "b.warc.gz: not the bytes of its CRC-32" in told
    assert f"b.warc.gz@{len(packed(page(3)))}: " in told


def test_what_heritrix_and_wget_keep_beside_pages_is_no_fault(home: Home, tmp_path: Path) -> None:
    """Look-ups of names, and how they were called: no answers of a web server."""
    look_up = record(
        "response", "dns:cu.quynhon.vn", b"20190827080000\ncu.quynhon.vn. 3600 IN A 10.0.0.1\n", 90
    )
    look_up = look_up.replace(b"application/http; msgtype=response", b"text/dns")
    of_wget = record("resource", "metadata://gnu.org/software/wget/warc/MANIFEST.txt", b"<urn:uuid:1>", 91)
    source = write(tmp_path / "a.warc.gz", packed(look_up, page(1), of_wget))
    report = import_files(home, (str(source),))
    assert report.ok
    assert (report.captures, report.files[0].types) == (1, {"response": 2, "resource": 1})
    assert report.files[0].hosts == {"cu.quynhon.vn": 1}
    assert verify(home).ok


def test_dates_of_every_kind(home: Home, tmp_path: Path) -> None:
    dates = ["2008-10-29T05:21:46-0700", "20190827080000", "2019-08", "nie"]
    block = answer(b"<p>x</p>", "Date: Tue, 27 Aug 2019 08:00:00 GMT")
    records = [record("response", f"http://a.vn/{n}", block, n, date=date) for n, date in enumerate(dates)]
    (file,) = import_files(home, (str(write(tmp_path / "a.warc.gz", packed(*records))),)).files
    assert [at for (at,) in ask(home, "SELECT captured_at FROM captures ORDER BY url")] == [
        "2008-10-29T12:21:46Z", "2019-08-27T08:00:00Z", "2019-08-01T00:00:00Z", "2019-08-27T08:00:00Z",
    ]  # fmt: skip
    assert len(file.problems) == 1


def test_resources_are_answers_and_metadata_are_not(home: Home, tmp_path: Path) -> None:
    records = [
        record("resource", "http://a.vn/x.txt", b"hello", 1),
        record("resource", "urn:pageinfo:http://a.vn/", b"{}", 2),
        record("metadata", "http://a.vn/x.txt", b"via: y", 3),
        record("conversion", "http://a.vn/x.txt", b"text", 4),
        record("response", "<http://a.vn/wget page>", answer(b"<p>x</p>"), 5),
    ]
    import_files(home, (str(write(tmp_path / "a.warc.gz", packed(*records))),))
    assert ask(home, "SELECT url, record_type FROM captures ORDER BY url") == [
        ("http://a.vn/wget%20page", "response"),
        ("http://a.vn/x.txt", "resource"),
    ]


def test_a_dry_run_tells_and_changes_nothing(home: Home, tmp_path: Path) -> None:
    source = write(tmp_path / "a.warc.gz", packed(page(1), page(2)))
    run = CliRunner().invoke(
        main, ["import", "--archive", str(home.root), "--dry-run", "--json", str(source)]
    )
    (file,) = json.loads(run.stdout)["files"]
    assert (run.exit_code, file["status"], file["articles"]) == (0, "looked", 2)
    assert file["hosts"] == {"cu.quynhon.vn": 2}
    assert (file["first"], file["last"]) == ("2019-08-27T08:00:01Z", "2019-08-27T08:00:02Z")
    assert [path.name for path in home.root.iterdir()] == ["archive.toml"]


def test_an_httrack_mirror_is_refused_with_a_way_out(home: Home, tmp_path: Path) -> None:
    (tmp_path / "mirror" / "hts-cache").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"HTTrack.*proxytrack --convert mirror\.arc \S+/hts-cache/new\.zip"):
        import_files(home, (str(tmp_path / "mirror"),))
    write(tmp_path / "mirror" / "converted.warc.gz", packed(page(1)))
    assert import_files(home, (str(tmp_path / "mirror"),)).files[0].articles == 1


def test_a_name_that_is_nothing_is_wrong_use(home: Home) -> None:
    run = CliRunner().invoke(main, ["import", "--archive", str(home.root), "nowhere/*.warc.gz"])
    assert run.exit_code == 2
    assert run.stderr.count("\n") == 1


def test_a_wrong_digest_is_told_and_the_record_taken(home: Home, tmp_path: Path) -> None:
    wrong = record("response", "http://a.vn/", answer(b"<p>x</p>"), 1, f"WARC-Block-Digest: {sha1(b'other')}")
    (file,) = import_files(home, (str(write(tmp_path / "a.warc.gz", packed(wrong))),)).files
    assert (file.status, file.records) == ("taken", 1)
    assert file.problems[0].startswith("a.warc.gz@0: block digest: ")


def test_a_lost_database_is_made_of_all_files_not_of_the_new_ones(home: Home, tmp_path: Path) -> None:
    import_files(home, (str(write(tmp_path / "a.warc.gz", packed(page(1)))),))
    home.database.unlink()
    import_files(home, (str(write(tmp_path / "b.warc.gz", packed(page(2)))),))
    assert len(ask(home, "SELECT 1 FROM articles")) == 2


CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "warc"
TAKEN = {
    "clueweb-quirk.warc.gz": 29, "corrupted-mid-record.warc.gz.open": 12,
    "corrupted-trailing-bytes.warc.gz.open": 30, "example-bad-non-chunked.warc.gz": 2,
    "example-bad.warc.gz.bad": 3, "example-digest.warc": 0, "example-iana.org-chunked.warc": 1,
    "example-resource.warc.gz": 1, "example-space-in-target-uri.warc.gz": 0, "example-trunc.warc": 0,
    "example-wget-bad-target-uri.warc.gz": 1, "example-wrong-chunks.warc.gz": 1, "example.arc.gz": 1,
    "example.warc.gz": 2, "post-test.warc.gz": 3, "whirlwind.warc.gz": 1,
}  # fmt: skip
REFUSED = {"bad.arc", "clipped.warc.gz", "empty.warc.gz.open"}


def test_every_file_of_the_corpus_is_taken_or_refused_with_its_place(home: Home, tmp_path: Path) -> None:
    """Files that other programs wrote, where they are at hand; this suite makes its own above."""
    for name in sorted([*TAKEN, *REFUSED]):
        if not (CORPUS / name).exists():
            continue
        root = tmp_path / name
        root.mkdir()
        (root / "archive.toml").write_text("")
        report = import_files(Home(root), (str(CORPUS / name),))
        (file,) = report.files
        if name in REFUSED:
            assert (file.status, str(file.why).startswith(f"{name}@0: ")) == ("refused", True), name
        else:
            assert (file.status, report.captures) == ("taken", TAKEN[name]), name


@pytest.mark.parametrize("said", ["", "http://", "a b", "?"])
def test_what_is_no_host_is_refused(home: Home, tmp_path: Path, said: str) -> None:
    source = write(tmp_path / "a.warc.gz", packed(page(1)))
    words = ["import", str(source), "--archive", str(home.root), "--host", said]
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, f"--host {said!r}: is no host" in done.output) == (2, True), done.output
