"""Servers that send too much or too slowly: what came is kept and flagged, the crawl goes on."""

from __future__ import annotations

import os
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.warc.http import MAX_DECODED
from quynhon_crawler.warc.reader import Record
from tests.crawl.archives import archive, ask, assert_level, missing, stored
from tests.crawl.run_crawl import COMMAND, environment, quynhon

ONE_MEGABYTE = 1_000_000
# kind, its parameters, what is flagged, what is told of it
CASES: dict[str, tuple[str, dict[str, Any], str | None, str | None]] = {
    "oversized": ("oversized", {"size": 3_000_000}, "length", "cut short (length) after"),
    "huge": ("huge", {"size": 3_000_000}, "length", "cut short (length) after"),
    "bomb": ("raw", {"raw": b""}, None, None),
    "slow-loris": ("trickle", {"seconds": 0.2}, "time", "cut short (time) after"),
    "never answers": ("hang", {"seconds": 60.0}, None, "no answer in time"),
    "header flood": ("header-flood", {"size": 2_000}, None, None),
    "endless headers": ("header-flood", {"size": 60_000}, "length", "cut short (length) after"),
    "deep": ("deep", {"size": 100_000}, None, "deep"),
    "redirects to itself": ("redirect-loop", {}, None, None),
}


def bomb() -> bytes:
    """An answer of half a megabyte that unpacks to half a gigabyte of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join([*(packer.compress(bytes(ONE_MEGABYTE)) for _ in range(500)), packer.flush()])
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length:"
    return f"{head} {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


@dataclass
class Crawled:
    """One crawl of a portal where each case befell an article; ``peak`` is the crawler's memory in bytes."""

    folder: Path
    urls: dict[str, str]
    missing: set[str]
    told: dict[str, str]
    peak: int
    output: str

    def kept(self, case: str) -> list[Record]:
        return [item.record for item in stored(self.folder) if item.record.url == self.urls[case]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = archive(tmp_path_factory.mktemp("floods") / "archive", "min_free = 0\nmax_bytes = 2000000\n")
    (folder / "archive.toml").write_text((folder / "archive.toml").read_text().replace("20.0", "6.0"))
    output = folder.parent / "output.txt"
    with SamplePortal(articles=30) as portal, output.open("wb") as said:
        articles = [article for article in portal.truth.articles if article.kind == "article"]
        urls = {case: article.url for case, article in zip(CASES, articles, strict=False)}
        CASES["bomb"][1]["raw"] = bomb()
        for case, (kind, more, _, _) in CASES.items():
            portal.fault(urls[case].removeprefix(portal.base), kind, **more)
        command = [*COMMAND, "crawl", portal.url, "--archive", str(folder)]
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=environment())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        lost = missing(folder, portal)
    assert process.returncode == 1
    told = {str(url): str(error) for url, error in ask(folder, "url, error", "failures")}
    return Crawled(folder, urls, lost, told, usage.ru_maxrss * 1024, output.read_text())


@pytest.mark.parametrize("case", CASES)
def test_what_came_is_kept_flagged_and_told(crawled: Crawled, case: str) -> None:
    _, _, truncated, told = CASES[case]
    kept = crawled.kept(case)
    assert {record.headers.get("warc-truncated") for record in kept} == ({truncated} if kept else set())
    assert all(len(record.block) <= 2_000_000 for record in kept)
    assert (told or "") in crawled.told.get(crawled.urls[case], "" if told is None else "nothing told")
    assert kept or case == "never answers"


def test_the_other_pages_are_all_there(crawled: Crawled) -> None:
    assert crawled.missing <= set(crawled.urls.values())
    assert "Traceback" not in crawled.output
    assert_level(crawled.folder)


def test_a_bomb_is_kept_as_it_came_and_never_unpacked_whole(crawled: Crawled) -> None:
    """The crawl's memory is measured by the system."""
    (record,) = crawled.kept("bomb")
    assert record.block == CASES["bomb"][1]["raw"]
    ((size,),) = ask(crawled.folder, "max(bytes)", "captures")
    assert isinstance(size, int)
    assert size <= MAX_DECODED
    assert crawled.peak < 900 * ONE_MEGABYTE


@pytest.mark.parametrize(("kind", "size"), [("bomb", 200_000_000), ("binary", 0)])
def test_robots_txt_can_be_as_bad(kind: str, size: int, tmp_path: Path) -> None:
    with SamplePortal(articles=1) as portal:
        portal.fault("/robots.txt", kind, size=size)
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path), "--limit", "5")
        assert portal.requests == 6
    assert "Traceback" not in done.stderr
