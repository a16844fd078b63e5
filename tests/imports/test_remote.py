"""Files on other storage are brought here and imported: a real HTTP server, fsspec's own memory and disk."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import fsspec
import pytest

from quynhon_crawler.errors import UsageError
from quynhon_crawler.home import Home
from quynhon_crawler.imports import import_files
from quynhon_crawler.manifest import read_manifest
from tests.imports.files import packed, page, record, write
from tests.imports.test_import import ask, home

__all__ = ["home"]


class Server(SimpleHTTPRequestHandler):
    """Files of a folder; of ``cut`` ones half, with the length of all."""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def copyfile(self, source, outputfile) -> None:  # type: ignore[no-untyped-def]
        content = source.read()
        outputfile.write(content[: len(content) // 2] if "cut" in self.path else content)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    folder = tmp_path / "shelf"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_file_of_a_server_is_kept_as_it_is_with_its_address(home: Home, shelf: tuple[Path, str]) -> None:
    folder, address = shelf
    content = packed(page(1), page(2))
    write(folder / "a.warc.gz", content)
    report = import_files(home, (f"{address}/a.warc.gz",))
    assert report.ok
    assert ask(home, "SELECT count(*) FROM articles") == [(2,)]
    (path,) = home.warc.iterdir()
    assert path.read_bytes() == content
    entry = read_manifest(home).of_warc(path.name)
    assert entry is not None
    assert entry.source == f"{address}/a.warc.gz"
    assert entry.source_sha256 == hashlib.sha256(content).hexdigest()
    assert import_files(home, (f"{address}/a.warc.gz",)).files[0].status == "known"


def test_a_large_file_of_a_server_that_gives_no_ranges(home: Home, shelf: tuple[Path, str]) -> None:
    folder, address = shelf
    picture = record("resource", "http://cu.quynhon.vn/a.bin", random.Random(1).randbytes(12_000_000), 9)
    content = packed(page(1), picture, page(2))
    write(folder / "large.warc.gz", content)
    assert import_files(home, (f"{address}/large.warc.gz",)).ok
    (path,) = home.warc.iterdir()
    assert path.read_bytes() == content
    assert ask(home, "SELECT count(*) FROM articles") == [(2,)]


def test_what_is_missing_or_cut_is_one_line_and_the_rest_is_taken(
    home: Home, shelf: tuple[Path, str], tmp_path: Path
) -> None:
    folder, address = shelf
    write(folder / "cut.warc.gz", packed(page(1), page(2)))
    here = write(tmp_path / "b.warc.gz", packed(page(3)))
    report = import_files(home, (f"{address}/cut.warc.gz", str(here)))
    cut, taken = report.files
    assert cut.status == "refused"
    assert cut.why is not None
    assert cut.why.startswith(f"{address}/cut.warc.gz@")
    assert "\n" not in cut.why
    assert taken.status == "taken"
    with pytest.raises(UsageError, match="no such file, folder or pattern there"):
        import_files(home, (f"{address}/none.warc.gz",))
    with pytest.raises(UsageError, match="cannot be asked for its files"):
        import_files(home, ("nosuch://bucket/a.warc.gz",))


def test_folders_and_patterns_of_a_storage(home: Home, tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    for number in range(3):
        store.pipe(f"/bucket/old/{number}.warc.gz", packed(page(number)))
    store.pipe("/bucket/old/readme.txt", b"none of ours")
    assert len(import_files(home, ("memory://bucket/old/[01].warc.gz",)).files) == 2
    report = import_files(home, ("memory://bucket/old",), source="https://archive.example/old")
    assert [each.status for each in report.files] == ["known", "known", "taken"]
    assert report.files[2].file == "memory:///bucket/old/2.warc.gz"
    assert report.files[2].source == "https://archive.example/old"
    dry = import_files(home, (f"file://{write(tmp_path / 'c.warc.gz', packed(page(9)))}",), dry_run=True)
    assert (dry.files[0].status, dry.files[0].articles) == ("looked", 1)
    store.rm("/bucket", recursive=True)
