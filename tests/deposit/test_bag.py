"""A bag: accepted by bagit.py, and an archive again from it alone, with the same content."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.lock import lock_archive
from quynhon_crawler.manifest import record_missing
from quynhon_crawler.store import Store
from quynhon_crawler.store.content import content_digest
from tests.crawl.disk import as_anyone, small_disk
from tests.crawl.run_crawl import COMMAND, environment, quynhon
from tests.deposit.conftest import Crawled


def bagit(bag: Path) -> subprocess.CompletedProcess[str]:
    """What an archivist runs."""
    command = [str(Path(sys.executable).with_name("bagit.py")), "--validate", str(bag)]
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)


def bag_of(home: Home, output: Path) -> Path:
    done = quynhon("export", "bagit", "--archive", home.root, "--output", output)
    assert done.returncode == 0, done.stderr
    return output


def digest_of(home: Home) -> str:
    with closing(sqlite3.connect(home.database)) as db:
        return content_digest(db)


@pytest.fixture(scope="module")
def bag(crawled: Crawled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bag_of(crawled.home, tmp_path_factory.mktemp("bag") / "kho-2026")


def test_bagit_validates_it(bag: Path) -> None:
    done = bagit(bag)
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith(f"{bag} is valid\n")


def test_sha256sum_alone_checks_it(bag: Path) -> None:
    done = subprocess.run(["sha256sum", "-c", "manifest-sha256.txt"], cwd=bag, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_it_holds_warc_wacz_dump_and_metadata(bag: Path, crawled: Crawled) -> None:
    for path in crawled.home.warc.iterdir():
        assert (bag / "data" / "archive" / "warc" / path.name).read_bytes() == path.read_bytes()
    assert (bag / "data" / "archive" / "archive.toml").read_bytes() == crawled.home.config.read_bytes()
    assert [path.name for path in (bag / "data" / "wacz").iterdir()] == ["quynhon.wacz"]
    with closing(sqlite3.connect(bag / "data" / "dump" / "quynhon.db")) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone()[0] > 50
    root = ET.parse(bag / "data" / "metadata" / "dublin-core.xml").getroot()
    said = {child.tag.rpartition("}")[2]: child.text for child in root}
    assert (said["type"], said["language"], said["source"]) == ("Collection", "vi", crawled.portal)
    assert not list((bag / "data").rglob("*.cdxj"))
    assert not (bag / "data" / "archive" / "quynhon.db").exists()


def test_an_archive_is_restored_from_it_alone(bag: Path, crawled: Crawled, tmp_path: Path) -> None:
    done = quynhon("restore", bag, "--archive", tmp_path / "again", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["content_digest"] == digest_of(crawled.home)
    again = Home(tmp_path / "again")
    assert digest_of(again) == digest_of(crawled.home)
    for path in crawled.home.warc.iterdir():
        assert (again.warc / path.name).read_bytes() == path.read_bytes()
        assert not (again.warc / path.name).stat().st_mode & 0o222
    assert quynhon("status", "--archive", again.root).returncode == 0


def test_what_was_taken_down_is_kept_in_it_and_stays_hidden(own: Home, tmp_path: Path) -> None:
    with closing(sqlite3.connect(own.database)) as db:
        (url,) = db.execute("SELECT url FROM articles ORDER BY url LIMIT 1").fetchone()
    with Store.open(own.database) as store:
        store.add_takedown(url, reason="Theo yêu cầu", at="2026-11-24T09:00:00Z")
    made = bag_of(own, tmp_path / "bag")
    assert "NOT FOR PUBLICATION: 1 item taken down" in (made / "data" / "README.md").read_text("utf-8")
    assert url.encode() not in (made / "data" / "wacz" / "quynhon.wacz").read_bytes()
    with closing(sqlite3.connect(made / "data" / "dump" / "quynhon.db")) as db:
        assert not db.execute("SELECT 1 FROM articles WHERE url = ?", (url,)).fetchone()
    assert quynhon("restore", made, "--archive", tmp_path / "again").returncode == 0
    again = Home(tmp_path / "again")
    assert digest_of(again) == digest_of(own)
    with closing(sqlite3.connect(again.database)) as db:
        assert db.execute("SELECT count(*) FROM hidden_articles").fetchone() == (1,)


@pytest.mark.parametrize("harm", ["flipped byte", "cut", "file gone", "file too many", "manifest gone"])
def test_from_a_damaged_bag_nothing_is_restored(bag: Path, tmp_path: Path, harm: str) -> None:
    made = tmp_path / "bag"
    shutil.copytree(bag, made)
    path = next((made / "data" / "archive" / "warc").iterdir())
    if harm == "flipped byte":
        content = bytearray(path.read_bytes())
        content[1000] ^= 1
        path.write_bytes(content)
    elif harm == "cut":
        os.truncate(path, 1000)
    elif harm == "file gone":
        path.unlink()
    elif harm == "file too many":
        (path.parent / "more.warc.gz").write_bytes(b"")
    else:
        for manifest in made.glob("manifest-*"):
            manifest.unlink()
    assert bagit(made).returncode != 0
    done = quynhon("restore", made, "--archive", tmp_path / "again")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"quynhon: {made}: ")
    said = {
        "flipped byte": f"data/archive/warc/{path.name} is not what it was",
        "cut": f"data/archive/warc/{path.name} is not what it was",
        "file gone": f"data/archive/warc/{path.name} is missing",
        "file too many": "data/archive/warc/more.warc.gz is not in its manifests",
    }
    if harm in said:  # the file, once, and what to do, without 256 letters of sums
        assert line == f"quynhon: {made}: the bag is damaged: {said[harm]}; restore from another copy"
    assert not (tmp_path / "again").exists()


def test_an_archive_is_not_restored_over_another(bag: Path, own: Home) -> None:
    done = quynhon("restore", bag, "--archive", own.root)
    assert done.returncode == 2
    assert "exists already, and nothing was changed; name another --archive" in done.stderr
    assert own.database.exists()


def test_a_folder_that_is_no_bag_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = quynhon("restore", tmp_path / "folder", "--archive", tmp_path / "again")
    assert done.returncode == 2
    assert "not a bag" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_no_bag_is_made_of_an_archive_that_is_being_written(own: Home, tmp_path: Path) -> None:
    with lock_archive(own):
        done = quynhon("export", "bagit", "--archive", own.root, "--output", tmp_path / "bag")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "is running already" in done.stderr
    path = sorted(own.warc.iterdir())[-1]
    path.rename(path.with_name(path.name + ".open"))
    done = quynhon("export", "bagit", "--archive", own.root, "--output", tmp_path / "bag")
    assert done.returncode == 2
    assert "a crawl was interrupted" in done.stderr
    assert not (tmp_path / "bag").exists()
    for closed in own.warc.glob("*.gz"):  # killed in its first crawl
        closed.unlink()
    done = quynhon("export", "wacz", "--archive", own.root, "--output", tmp_path / "a.wacz")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "only files that a crawl has open" in done.stderr


def test_no_bag_is_made_of_a_file_that_is_not_what_was_recorded(own: Home, tmp_path: Path) -> None:
    record_missing(own, by="rebuild")
    path = sorted(own.warc.iterdir())[0]
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    done = quynhon("export", "bagit", "--archive", own.root, "--output", tmp_path / "bag")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"quynhon: {path.name}")
    assert "not the file that was recorded" in line
    assert not (tmp_path / "bag").exists()


@pytest.mark.parametrize("form", ["bagit", "wacz"])
def test_a_file_that_may_not_be_read_is_named_and_not_the_place_to_write(
    own: Home, tmp_path: Path, form: str
) -> None:
    assert quynhon("export", "cdxj", "--archive", own.root, "--output", tmp_path / "a.cdxj").returncode == 0
    path = sorted(own.warc.iterdir())[0]
    path.chmod(0)
    command = [*COMMAND, "export", form, "--archive", str(own.root), "--output", str(tmp_path / "nb")]
    done = subprocess.run(as_anyone(command), env=environment(), capture_output=True, text=True, check=False)
    path.chmod(0o444)
    why = "cannot be read: Permission denied"
    assert (done.returncode, done.stderr) == (2, f"quynhon: {path}: {why}\n")
    assert not (tmp_path / "nb").exists()


def test_a_full_disk_leaves_no_half_bag(own: Home, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 4000):
        done = quynhon("export", "bagit", "--archive", own.root, "--output", disk / "bag")
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert "No space left on device" in done.stderr
        assert list(disk.iterdir()) == []


@pytest.mark.parametrize("place", ["warc/bag", "originals/bag", "", "bag", "exports", "way/../warc/bag"])
def test_nothing_is_exported_among_the_archives_own_files(own: Home, place: str) -> None:
    """The next bag would pack the last one."""
    before = sorted(own.root.rglob("*"))
    for form in ("bagit", "dump", "wacz", "cdxj"):
        done = quynhon("export", form, "--archive", own.root, "--output", own.root / place)
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        assert "inside the archive folder" in line
        assert f"name a place below {own.exports}" in line
    assert sorted(own.root.rglob("*")) == before
    assert quynhon("export", "dump", "--archive", own.root, "--output", own.exports / "dump").returncode == 0
