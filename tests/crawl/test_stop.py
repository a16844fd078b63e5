"""Ctrl-C, SIGTERM and small files in the middle of a crawl: an orderly end, and the next run goes on."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.warc.reader import records
from tests.crawl.archives import archive, ask, assert_level, missing, warcs
from tests.crawl.run_crawl import COMMAND, environment, quynhon
from tests.crawl.web import Web


def asked(portal: SamplePortal) -> list[tuple[str, str, bytes]]:
    """What was asked, robots.txt aside, which every run asks."""
    all_asked = [(e.method, e.target, e.request.partition(b"\r\n\r\n")[2]) for e in portal.exchanges]
    return [each for each in all_asked if each[1] != "/robots.txt"]


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_crawl_in_order_and_nothing_is_asked_twice(
    tmp_path: Path, kind: signal.Signals
) -> None:
    archive(tmp_path)
    with SamplePortal(articles=40, latency=0.02) as portal:
        command = ("crawl", portal.url, "--archive", tmp_path)
        process = subprocess.Popen(
            [*COMMAND, *map(str, command)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        while len(portal.exchanges) < 40:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(kind)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "interrupted" in out
        assert "Traceback" not in err
        assert_level(tmp_path)
        assert missing(tmp_path, portal)
        done = quynhon(*command)
        assert done.returncode == 0, done.stderr
        assert "after a crash" not in done.stdout
        assert missing(tmp_path, portal) == set()
        every = asked(portal)
    assert len(every) == len(set(every))
    assert_level(tmp_path)
    assert ask(tmp_path, "outcome", "crawls") == [("finished",)]


@pytest.mark.parametrize("waits", ["delay", "robots", "rest", "retry"])
def test_a_long_pause_ends_at_the_first_signal(tmp_path: Path, waits: str) -> None:
    """Between two requests, for a robots.txt, in a rest that the portal asked for, before a retry."""
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 280\r\nContent-Length: 0\r\n\r\n"

    def answer(target: str) -> bytes | None:
        if target == "/robots.txt":
            return busy if waits == "robots" else None
        return busy if waits == "rest" else b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"

    delay = 3600 if waits == "delay" else 0
    (tmp_path / "archive.toml").write_text(f"[crawl]\nmin_free = 0\ndelay = {delay}\nretry_delay = 600\n")
    with Web(answer) as web:
        process = subprocess.Popen(
            [*COMMAND, "crawl", web.url, "--archive", str(tmp_path)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip
        while len(web.asked) < (1 if waits in ("delay", "robots") else 2):
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(0.5)
        before = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert time.monotonic() - before < 10
    assert (process.returncode, "interrupted" in out, "Traceback" in err) == (1, True, False)
    assert ask(tmp_path, "outcome", "crawls") == [("interrupted",)]
    assert ask(tmp_path, "requests", "crawls") == [(len([each for each in web.asked if each == "/"]),)]


def test_small_files_each_begin_with_their_warcinfo_and_have_no_fault(tmp_path: Path) -> None:
    archive(tmp_path, 'min_free = 0\nwarc_size = 100000\nsync = "record"\n')
    with SamplePortal(articles=20) as portal:
        done = quynhon("crawl", portal.url, "--archive", tmp_path)
        assert done.returncode == 0, done.stderr
        assert missing(tmp_path, portal) == set()
    files = warcs(tmp_path)
    assert len(files) > 5
    firsts = [next(records(path)) for path in files]
    assert {first.type for first in firsts} == {"warcinfo"}
    assert [first.headers["warc-filename"] for first in firsts] == [path.name for path in files]
    assert_level(tmp_path)


def test_killed_between_small_files_the_database_still_knows_every_capture(tmp_path: Path) -> None:
    archive(tmp_path, "min_free = 0\nwarc_size = 20000\n")
    with SamplePortal(articles=40, latency=0.01) as portal:
        command = ("crawl", portal.url, "--archive", tmp_path)
        for kills in range(1, 4):
            process = subprocess.Popen([*COMMAND, *map(str, command)], env=environment())
            while len(portal.exchanges) < 60 * kills:
                assert process.poll() is None
                time.sleep(0.01)
            process.kill()
            process.wait()
        done = quynhon(*command)
        assert done.returncode == 0, done.stderr
        assert "after a crash" in done.stdout
        assert missing(tmp_path, portal) == set()
    ids = set(ask(tmp_path, "warc_record_id", "captures"))
    found = {
        (record.id,)
        for path in warcs(tmp_path)
        for record in records(path)
        if record.type in ("response", "revisit")
    }
    assert ids == found
    assert not [path for path in warcs(tmp_path) if path.name.endswith(".open")]
