"""Every exchange of a hostile server, in the WARC as it crossed the wire; the server's log is the truth."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from quynhon_crawler.warc.reader import Record, Stored, exchanges
from tests.crawl.cases import CASES, Case
from tests.crawl.hostile import HostileServer, Logged
from tests.crawl.run_crawl import quynhon
from tests.crawl.tls import over_tls

SETTINGS = """
[crawl]
delay = 0
concurrency = 4
retries = 0
timeout = 4.0
max_bytes = 100000
min_free = 0
[[portals]]
name = "hostile"
url = "{scheme}://127.0.0.1:{port}/"
tls = "insecure"
"""


@dataclass
class Crawled:
    """What the server logged, and what the archive holds, by path."""

    log: dict[str, list[Logged]]
    stored: dict[str, list[Stored]]
    interim: dict[str, bytes]
    archive: Path
    output: str


@pytest.fixture(scope="module", params=["http", "https"])
def crawled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    archive = tmp_path_factory.mktemp("hostile")
    with HostileServer(wrap=over_tls() if request.param == "https" else None) as server:
        (archive / "archive.toml").write_text(SETTINGS.format(scheme=request.param, port=server.port))
        done = quynhon("crawl", "hostile", "--archive", archive)
        log = defaultdict(list)
        for entry in server.log:
            log[entry.target].append(entry)
    assert done.returncode == 1, done.stderr  # the cut ones are problems, and are listed
    stored, interim = defaultdict(list), {}
    for path in sorted((archive / "warc").iterdir()):
        for item in exchanges(path):
            if isinstance(item, Stored):
                stored[urlsplit(item.record.url).path].append(item)
            elif isinstance(item, Record) and item.headers["content-type"].startswith("application/http"):
                interim[urlsplit(item.url).path] = item.block
    return Crawled(log, stored, interim, archive, done.stdout + done.stderr)


def test_each_address_was_asked_once_and_stored_once(crawled: Crawled) -> None:
    asked = {path: len(entries) for path, entries in crawled.log.items()}
    assert asked == {path: len(items) for path, items in crawled.stored.items()}
    assert set(asked) == {"/", "/robots.txt"} | {f"/{case.name}" for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_request_is_exact(crawled: Crawled, case: Case) -> None:
    (stored,), (logged,) = crawled.stored[f"/{case.name}"], crawled.log[f"/{case.name}"]
    assert stored.request is not None
    assert stored.request.block == logged.request


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_answer_is_exact(crawled: Crawled, case: Case) -> None:
    (stored,), (logged,) = crawled.stored[f"/{case.name}"], crawled.log[f"/{case.name}"]
    kept = crawled.interim.get(f"/{case.name}", b"") + stored.record.block
    if case.whole:
        assert kept == bytes(logged.sent)
    else:  # we stopped listening: what had come is there, from the first byte on
        assert bytes(logged.sent).startswith(kept)
        assert len(kept) > 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_was_cut_is_flagged(crawled: Crawled, case: Case) -> None:
    (stored,) = crawled.stored[f"/{case.name}"]
    assert stored.record.headers.get("warc-truncated") == case.truncated


def test_the_limit_keeps_the_first_bytes(crawled: Crawled) -> None:
    (stored,) = crawled.stored["/too-large"]
    assert len(stored.record.block) == 100_000


def test_cut_answers_are_failures_in_the_database_and_on_the_screen(crawled: Crawled) -> None:
    with sqlite3.connect(crawled.archive / "quynhon.db") as db:
        failed = {urlsplit(url).path for (url,) in db.execute("SELECT url FROM failures")}
    db.close()
    cut = {f"/{case.name}" for case in CASES if case.truncated}
    assert cut <= failed
    assert "addresses failed:" in crawled.output
