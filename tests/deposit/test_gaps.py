"""What an archive lost is told by whatever is made of it, and a bag is not made of it at all."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import bagit
import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.imports import import_files
from tests.crawl.run_crawl import quynhon
from tests.deposit.test_bag import digest_of
from tests.imports.files import page, write


def refused(home: Home, output: Path) -> str:
    """The line that says why no bag is made; nothing is."""
    done = quynhon("export", "bagit", "--archive", home.root, "--output", output)
    assert (done.returncode, done.stdout) == (2, "")
    assert not output.exists()
    (line,) = done.stderr.splitlines()
    return line


def test_no_bag_of_an_archive_that_lost_a_file(own: Home, tmp_path: Path) -> None:
    lost = max(own.warc.iterdir())
    lost.unlink()
    line = refused(own, tmp_path / "bag")
    assert f"{lost} is not in warc/, and " in line
    assert line.endswith("put it back from a copy")


def test_no_bag_without_the_sums(own: Home, tmp_path: Path) -> None:
    lines = own.manifest.read_bytes().splitlines(keepends=True)
    assert len(lines) == 2
    own.manifest.write_bytes(lines[0])
    assert "has no SHA-256 in manifest.jsonl" in refused(own, tmp_path / "bag")
    own.manifest.unlink()
    assert f"{own.manifest} is not there, so that nothing tells" in refused(own, tmp_path / "bag")


@pytest.mark.parametrize("harm", ["gone", "flipped byte"])
def test_no_bag_without_an_original(own: Home, tmp_path: Path, harm: str) -> None:
    loose = write(tmp_path / "a.warc.gz", gzip.compress(page(1) + page(2)))
    import_files(own, (str(loose),), hosts=("*",))
    (original,) = own.originals.iterdir()
    original.chmod(0o644)
    if harm == "gone":
        original.unlink()
        assert f"{original} is not there, and " in refused(own, tmp_path / "bag")
    else:
        content = bytearray(original.read_bytes())
        content[100] ^= 1
        original.write_bytes(content)
        assert f"{original}: is not what it was when its sum was recorded" in refused(own, tmp_path / "bag")


def test_what_has_no_copy_is_given_up_once_and_a_bag_is_made_of_the_rest(own: Home, tmp_path: Path) -> None:
    lost = max(own.warc.iterdir())
    name, size = lost.name, lost.stat().st_size
    lost.unlink()
    told = quynhon("rebuild", "--without-lost", "--archive", own.root)
    assert (told.returncode, told.stderr) == (
        0, f"warc/{name}: is not there and is given up, as manifest.jsonl says now\n",
    )  # fmt: skip
    assert own.manifest.read_text().splitlines()[-1].startswith(f'{{"file":"warc/{name}","bytes":{size},')
    for command in ("status", "verify", "rebuild"):
        done = quynhon(command, "--archive", own.root)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
    bag = tmp_path / "bag"
    assert quynhon("export", "bagit", "--archive", own.root, "--output", bag).returncode == 0
    assert quynhon("restore", bag, "--archive", tmp_path / "again").returncode == 0
    assert digest_of(Home(tmp_path / "again")) == digest_of(own)


@pytest.mark.parametrize("form", ["wacz", "cdxj"])
def test_what_is_handed_out_of_it_says_what_is_not_in_it(own: Home, tmp_path: Path, form: str) -> None:
    lost = max(own.warc.iterdir())
    lost.unlink()
    output = tmp_path / f"a.{form}"
    done = quynhon("export", form, "--archive", own.root, "--output", output)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"not all of it: warc/{lost.name} is not in warc/, and " in line
    assert output.stat().st_size > 1000


def test_a_rebuild_names_what_only_the_manifest_still_knows_of(own: Home, tmp_path: Path) -> None:
    lost = max(own.warc.iterdir())
    size = lost.stat().st_size
    lost.unlink()
    own.database.rename(tmp_path / "old.db")
    done = quynhon("rebuild", "--archive", own.root)
    assert done.returncode == 1
    assert "Rebuilt from 1 WARC file" in done.stdout
    (line,) = done.stderr.splitlines()
    assert line.strip().startswith(
        f"warc/{lost.name}: is not there, and {size:,} bytes were recorded; put it"
    )


@pytest.mark.parametrize("gone", ["a file", "the manifest"])
def test_of_a_bag_that_lacks_something_a_restore_says_so(own: Home, tmp_path: Path, gone: str) -> None:
    """Bags of earlier versions, and those that somebody sealed again."""
    bag = tmp_path / "bag"
    assert quynhon("export", "bagit", "--archive", own.root, "--output", bag).returncode == 0
    held = Home(bag / "data" / "archive")
    lost = max(held.warc.iterdir()) if gone == "a file" else held.manifest
    lost.unlink()
    bagit.Bag(str(bag)).save(manifests=True)
    done = quynhon("restore", bag, "--archive", tmp_path / "again")
    assert done.returncode == 1
    assert "may read them in another way" not in done.stderr
    if gone == "a file":
        assert f"warc/{lost.name}: is not there, and " in done.stderr
        assert "1 file that its manifest.jsonl names is not in the bag" in done.stderr
        assert ".part" not in done.stderr
    else:
        assert "manifest.jsonl is missing: sums of 2 files were made anew" in done.stderr


def test_a_renamed_file_is_put_back_by_the_command_that_status_prints(own: Home) -> None:
    name = max(own.warc.iterdir()).name
    (own.warc / name).rename(own.warc / "renamed.warc.gz")
    done = quynhon("status", "--archive", own.root)
    assert done.returncode == 1
    command = done.stderr.splitlines()[0].rpartition("to put them back: ")[2]
    assert command == f"mv -f {own.warc / 'renamed.warc.gz'} {own.warc / name}"
    assert command in quynhon("rebuild", "--archive", own.root).stderr
    shutil.move(own.warc / "renamed.warc.gz", own.warc / name)
    assert quynhon("verify", "--archive", own.root).returncode == 0


def test_where_every_file_is_gone_nobody_is_told_to_begin_anew(own: Home, tmp_path: Path) -> None:
    first = min(own.warc.iterdir()).name
    shutil.rmtree(own.warc)
    for command in (("rebuild",), ("export", "cdxj", "--output", tmp_path / "a.cdxj")):
        done = quynhon(*command, "--archive", own.root)
        assert done.returncode == 2
        why = f"2 WARC files are gone, the first of them warc/{first}; put them back from a copy"
        assert done.stderr == f"quynhon: {own.warc}: {why}\n"
