"""Files read on a Dask cluster: a real scheduler, workers that are killed, files on other storage."""

from __future__ import annotations

import http.server
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from quynhon_crawler.sample import SamplePortal
from tests.crawl.run_crawl import quynhon
from tests.scale.cluster import Cluster
from tests.scale.workers import worker

# Kills one of two workers when the second file is done.
KILLING = """
import os, sys
from pathlib import Path
from quynhon_crawler.home import Home
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.spread import over_cluster
def on_file(done, files):
    assert files > 8
    if done == 2:
        os.kill({pid}, 9)
made = rebuild(Home(Path(sys.argv[1])), spread=over_cluster("{address}"), on_file=on_file)
print(made.content_digest, made.broken)
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = Cluster(tmp_path)
    yield found
    found.close()


@pytest.fixture(scope="module")
def many_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of many small WARC files, and its database."""
    with SamplePortal(articles=1) as portal:
        folder = worker(tmp_path_factory.mktemp("dask") / "a", portal, None, "warc_size = 100_000")
        assert quynhon("crawl", "--archive", folder).returncode == 0
    return folder


def digest(folder: Path, *options: str) -> str:
    done = quynhon("rebuild", "--archive", folder, "--json", *options)
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["content_digest"])


def test_a_cluster_makes_the_same_database(many_files: Path, cluster: Cluster) -> None:
    cluster.worker()
    cluster.worker()
    assert digest(many_files, "--dask", cluster.address) == digest(many_files)


def test_a_worker_that_dies_loses_nothing(many_files: Path, cluster: Cluster) -> None:
    dies = cluster.worker()
    cluster.worker()
    code = KILLING.format(address=cluster.address, pid=dies.pid)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(many_files)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert dies.wait(30) == -signal.SIGKILL
    assert done.stdout.split() == [digest(many_files), "[]"]


@contextmanager
def storage(folder: Path) -> Iterator[str]:
    """A folder's files over HTTP, as another machine would have them."""
    handler = partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_files_are_read_from_other_storage(many_files: Path, cluster: Cluster, tmp_path: Path) -> None:
    cluster.worker()
    there = tmp_path / "there"
    shutil.copytree(many_files / "warc", there)
    with storage(there) as address:
        options = ("--dask", cluster.address, "--dask-files", address)
        assert digest(many_files, *options) == digest(many_files)
        first, second = sorted(there.iterdir())[:2]
        first.unlink()
        second.chmod(0o644)
        second.write_bytes(second.read_bytes()[:-40])
        rebuilt = quynhon("rebuild", "--archive", many_files, *options)
        digest(many_files)
        verified = quynhon("verify", "--archive", many_files, *options)
    for done in (rebuilt, verified):
        assert done.returncode == 1
        assert f"{first.name}: missing" in done.stderr
        assert f"{second.name}@" in done.stderr
        assert "Traceback" not in done.stderr
    assert quynhon("verify", "--archive", many_files).returncode == 0


def looked_at(folder: Path, *options: str) -> dict[str, object]:
    done = quynhon("verify", "--archive", folder, "--json", *options)
    assert done.returncode == 1, done.stderr
    return dict(json.loads(done.stdout))


def test_verify_says_the_same_whoever_reads(many_files: Path, cluster: Cluster, tmp_path: Path) -> None:
    cluster.worker()
    folder = shutil.copytree(many_files, tmp_path / "a")
    first, second = sorted((folder / "warc").iterdir())[:2]
    for path, at in ((first, 4_000), (second, 30_000)):
        path.chmod(0o644)
        spoilt = bytearray(path.read_bytes())
        spoilt[at] ^= 1
        path.write_bytes(spoilt)
    with sqlite3.connect(folder / "quynhon.db") as db:
        db.execute("UPDATE articles SET title = title || '!' WHERE id IN (SELECT id FROM articles LIMIT 2)")
        db.execute("UPDATE captures SET status = 404 WHERE id IN (SELECT max(id) FROM captures)")
    db.close()
    alone = looked_at(folder)
    assert {"fixity", "file", "row", "article"} <= {problem["kind"] for problem in alone["problems"]}  # type: ignore[attr-defined]
    for options in (("--workers", "2"), ("--dask", cluster.address)):
        other = looked_at(folder, *options)
        key = repr
        assert sorted(other.pop("problems"), key=key) == sorted(alone["problems"], key=key)  # type: ignore[call-overload]
        assert other == {name: value for name, value in alone.items() if name != "problems"}


def test_import_makes_the_same_whoever_reads(many_files: Path, cluster: Cluster, tmp_path: Path) -> None:
    cluster.worker()
    digests, told = set(), set()
    for number, options in enumerate(((), ("--workers", "2"), ("--dask", cluster.address))):
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copy(many_files / "archive.toml", folder)
        done = quynhon("import", many_files / "warc", "--archive", folder, "--json", *options)
        assert done.returncode == 0, done.stderr
        told.add(done.stdout)
        digests.add(json.loads(quynhon("status", "--archive", folder, "--json").stdout)["content_digest"])
    assert len(digests) == len(told) == 1


def test_no_scheduler_and_no_workers(many_files: Path, cluster: Cluster) -> None:
    done = quynhon("rebuild", "--archive", many_files, "--dask", cluster.address)
    assert done.returncode == 2
    assert "no workers; start one: dask worker" in done.stderr
    done = quynhon("rebuild", "--archive", many_files, "--dask", "nowhere:x")
    assert done.returncode == 2
    assert "no scheduler answers" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scheduler_that_dies_leaves_the_old_database(many_files: Path, cluster: Cluster) -> None:
    cluster.worker()
    before = (many_files / "quynhon.db").read_bytes()
    code = KILLING.format(address=cluster.address, pid=cluster.processes[0].pid)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(many_files)], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("quynhon_crawler.errors.ArchiveError: ")
    assert (many_files / "quynhon.db").read_bytes() == before
    assert not [path for path in many_files.iterdir() if "rebuilding" in path.name]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""
