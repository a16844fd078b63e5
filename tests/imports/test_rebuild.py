"""A rebuild meets what it cannot read, and a database that somebody is reading."""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from quynhon_crawler.audit import verify
from quynhon_crawler.cli import main
from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home
from quynhon_crawler.imports import import_files
from quynhon_crawler.rebuild import rebuild
from tests.imports.files import PAGE, answer, packed, page, record, write
from tests.imports.test_import import ask, digest, home

__all__ = ["home"]


def test_a_file_that_cannot_be_opened_is_a_line_and_the_others_are_read(home: Home, tmp_path: Path) -> None:
    import_files(home, (str(write(tmp_path / "a.warc.gz", packed(page(1)))),))
    (home.warc / "gone.warc.gz").symlink_to(tmp_path / "nowhere")
    result = rebuild(home)
    (line,) = result.broken
    assert line == "gone.warc.gz@0: cannot be read: No such file or directory"
    assert result.captures == 1


def test_what_waits_in_the_old_log_never_comes_into_the_new_database(home: Home, tmp_path: Path) -> None:
    import_files(home, (str(write(tmp_path / "a.warc.gz", packed(page(1)))),))
    reader = sqlite3.connect(home.database)
    writer = sqlite3.connect(home.database)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("UPDATE articles SET title = 'wrong'")
    writer.commit()
    assert home.database.with_name("quynhon.db-wal").stat().st_size > 0
    rebuild(home)
    assert reader.execute("SELECT title FROM articles").fetchone() == ("wrong",)  # the old one, still open
    assert ask(home, "SELECT title FROM articles") == [("việc số 1",)]
    assert ask(home, "PRAGMA integrity_check") == [("ok",)]
    reader.close()
    writer.close()


def test_a_file_that_lost_bytes_does_not_take_its_rows_with_it(home: Home, tmp_path: Path) -> None:
    """Emptied, cut, or damaged in its middle: the database keeps what it knows, until it is put aside."""
    import_files(home, (str(write(tmp_path / "a.warc.gz", packed(*(page(n) for n in range(40))))),))
    (path,) = home.warc.iterdir()
    path.chmod(0o644)
    whole, before = path.read_bytes(), home.database.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0x10
    for damaged, said in (
        (b"", "ends at byte 0, and 40 captures of the present database lie"),
        (whole[: len(whole) // 2], f"ends at byte {len(whole) // 2:,}, and 2"),
        (bytes(flipped), "is damaged: its SHA-256 is not the recorded one, and 1 capture"),
    ):
        path.write_bytes(damaged)
        with pytest.raises(ArchiveError, match="put the file back from a copy") as refused:
            rebuild(home)
        assert str(path) in str(refused.value)
        assert said in str(refused.value)
        assert home.database.read_bytes() == before
        assert not list(home.root.glob("quynhon.db.rebuilding*"))
    path.write_bytes(whole[: len(whole) // 2])
    home.database.rename(tmp_path / "old.db")
    result = rebuild(home)
    recorded = f"has {len(whole) // 2:,} bytes, {len(whole):,} were recorded; put it back from a copy"
    assert f"{path.name}: {recorded}" in result.broken
    path.write_bytes(whole)
    assert rebuild(home).captures == 40


def test_a_file_that_is_as_recorded_may_be_read_otherwise_than_before(home: Home, tmp_path: Path) -> None:
    """An earlier version found more in it: that is no loss of bytes."""
    import_files(home, (str(write(tmp_path / "a.warc.gz", packed(page(1)))),))
    connection = sqlite3.connect(home.database)
    names = [row[1] for row in connection.execute("PRAGMA table_info(captures)")]
    (row,) = connection.execute("SELECT * FROM captures").fetchall()
    more = {**dict(zip(names, row, strict=True)), "id": 12345, "url": "http://quynhon.example.vn/none"}
    marks = ", ".join(f":{name}" for name in names)
    connection.execute(f"INSERT INTO captures VALUES ({marks})", more)
    connection.commit()
    connection.close()
    assert rebuild(home).captures == 1
    assert ask(home, "SELECT count(*) FROM captures") == [(1,)]


def copies(folder: Path, *, members: bool) -> tuple[Path, Path]:
    """A good file and the same with one flipped byte in its middle; the damaged one comes first by name."""
    pages = [page(number) for number in range(40)]
    good = packed(*pages) if members else b"".join(pages)
    bad = bytearray(good)
    bad[good.index(b"quynhon.vn/tin/20.html") + 900 if not members else len(good) // 2] ^= 0x01
    kind = "warc.gz" if members else "warc"
    for number in range(1000):  # names in the archive begin with the sum of the file
        extra = record("metadata", f"urn:{number}", b"x", 900 + number)
        more = packed(extra) if members else extra
        one, two = good + more, bytes(bad) + more
        if hashlib.sha256(two).hexdigest() < hashlib.sha256(one).hexdigest():
            return write(folder / f"good.{kind}", one), write(folder / f"bad.{kind}", two)
    raise AssertionError


@pytest.mark.parametrize("members", [True, False], ids=["gzip", "plain"])
@pytest.mark.parametrize("first", ["good", "bad"])
def test_rows_lie_in_the_whole_copy_of_a_file(home: Home, tmp_path: Path, members: bool, first: str) -> None:
    good, bad = copies(tmp_path, members=members)
    order = (good, bad) if first == "good" else (bad, good)
    came = [import_files(home, (str(path),)).captures for path in order]
    assert came == ([40, 0] if first == "good" or not members else [39, 1])
    # What was read of an altered record stands until a rebuild, which reads the good one instead.
    imported = digest(home) if members or first == "good" else rebuild(home).content_digest
    whole = f"IMPORT-{hashlib.sha256(good.read_bytes()).hexdigest()[:12]}-{good.name}"
    for backwards in (False, True):
        made = rebuild(home, order=lambda files, backwards=backwards: files.sort(reverse=backwards))
        assert made.captures == 40
        assert ask(home, "SELECT DISTINCT warc_file FROM captures") == [(whole,)]
        assert made.content_digest == imported
    assert {problem.file for problem in verify(home).problems} == {
        f"IMPORT-{hashlib.sha256(bad.read_bytes()).hexdigest()[:12]}-{bad.name}"
    }


def plain(number: int) -> bytes:
    """Without digests, so that the record cannot tell of itself that it was changed."""
    return record(
        "response", f"http://cu.quynhon.vn/tin/{number}.html", answer(PAGE.format("ABC").encode()), number
    )


@pytest.mark.parametrize("workers", ["1", "2"])
def test_altered_bytes_are_told_by_their_recorded_sum(home: Home, tmp_path: Path, workers: str) -> None:
    """A record that has no digest, a gzip member of the same length, one byte of a gzip header."""
    command = ["rebuild", "--archive", str(home.root), "--workers", workers]
    import_files(home, (str(write(tmp_path / "a.warc", b"".join(map(plain, range(3))))),))
    import_files(home, (str(write(tmp_path / "b.warc.gz", packed(page(8), page(9)))),))
    before = home.database.read_bytes()
    plain_file, packed_file = sorted(home.warc.iterdir(), key=lambda path: path.suffix, reverse=True)
    for path in (plain_file, packed_file):
        path.chmod(0o644)
    whole = plain_file.read_bytes()
    plain_file.write_bytes(whole.replace(b"ABC", b"XYZ"))
    refused = CliRunner().invoke(main, command)
    assert refused.exit_code == 2
    assert (
        f"{plain_file}: its SHA-256 is not the recorded one, and 3 captures of the present" in refused.stderr
    )
    assert home.database.read_bytes() == before
    home.database.unlink()  # nothing to lose: what is there is read, and told
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 1
    assert f"{plain_file.name}: its SHA-256 is not the recorded one: it was changed" in told.stderr
    assert "put it back from a copy" in told.stderr
    plain_file.write_bytes(whole)
    assert CliRunner().invoke(main, command).exit_code == 0
    flipped = bytearray(packed_file.read_bytes())
    flipped[8] ^= 2  # a hint of how it was packed, which no reader looks at
    assert gzip.decompress(flipped) == page(8) + page(9)
    packed_file.write_bytes(flipped)
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 1
    assert f"{packed_file.name}: its SHA-256 is not the recorded one" in told.stderr


@pytest.mark.parametrize("altered", ["first", "second"])
def test_of_two_copies_the_one_with_its_recorded_sum_is_read(
    home: Home, tmp_path: Path, altered: str
) -> None:
    for name, more in (("a", b""), ("b", plain(1))):
        import_files(home, (str(write(tmp_path / f"{name}.warc", plain(0) + more)),))
    first, second = sorted(home.warc.iterdir())
    changed, whole = (first, second) if altered == "first" else (second, first)
    changed.chmod(0o644)
    changed.write_bytes(changed.read_bytes().replace(b"ABC", b"XYZ"))
    home.database.unlink()
    assert [line.partition(":")[0] for line in rebuild(home).broken] == [changed.name]
    rows = ask(
        home,
        """SELECT c.warc_file, a.title FROM articles a JOIN captures c ON c.id = a.capture_id
            WHERE a.url LIKE '%/0.html'""",
    )
    assert rows == [(whole.name, "ABC")]


def test_a_lost_manifest_is_told_before_sums_are_made_anew(home: Home, tmp_path: Path) -> None:
    command = ["rebuild", "--archive", str(home.root)]
    for name, number in (("a", 1), ("b", 2)):
        import_files(home, (str(write(tmp_path / f"{name}.warc.gz", packed(page(number)))),))
    lines = home.manifest.read_bytes().splitlines(keepends=True)
    home.manifest.write_bytes(lines[0])
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 1
    assert "had no SHA-256 in manifest.jsonl; recorded now: it was lost" in told.stderr
    home.manifest.unlink()
    assert any(problem.file == "manifest.jsonl" for problem in verify(home).problems)
    status = CliRunner().invoke(main, ["status", "--archive", str(home.root)])
    assert status.exit_code == 1
    assert "manifest.jsonl is not there" in status.stderr
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 1
    assert "manifest.jsonl is missing: sums of 2 files were made anew; what happened" in told.stderr
    again = CliRunner().invoke(main, command)
    assert (again.exit_code, again.stderr) == (0, "")
    home.manifest.unlink()
    home.database.unlink()  # an archive of files that were put there by hand looks like this: no fault
    put = CliRunner().invoke(main, command)
    assert put.exit_code == 0
    assert "manifest.jsonl is missing: sums of 2 files were made anew" in put.stderr
