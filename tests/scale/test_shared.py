"""Several workers, one frontier in Redis: nothing lost, nothing asked twice, no host asked faster."""

from __future__ import annotations

import signal
import time
from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import ask, assert_level, stored
from tests.crawl.run_crawl import quynhon, start
from tests.scale.redis_server import RedisServer, needs_redis
from tests.scale.workers import asked, collect, said, wait_for, worker

pytestmark = needs_redis


def test_two_workers_have_together_what_one_has(tmp_path: Path, redis_server: RedisServer) -> None:
    with SamplePortal(articles=6) as portal:
        alone = worker(tmp_path / "alone", portal, None)
        assert quynhon("crawl", "--archive", alone).returncode == 0
        one = asked(portal)
        two = [worker(tmp_path / name, portal, redis_server) for name in ("a", "b")]
        for process in [start("crawl", "--archive", folder) for folder in two]:
            assert process.wait(120) == 0
        assert asked(portal) == one + one
    for folder in two:
        assert_level(folder)
        assert ask(folder, "listed_total, listed_captured", "crawls") == [(None, None)]
        told = quynhon("status", "--archive", folder)
        assert "missing" not in told.stdout + told.stderr, told.stdout
    collect(tmp_path / "both", *two)
    collect(tmp_path / "one", alone)
    assert said(tmp_path / "both") == said(tmp_path / "one")


def test_a_killed_worker_loses_nothing(tmp_path: Path, redis_server: RedisServer) -> None:
    with SamplePortal(articles=8, latency=0.01) as portal:
        lease = "frontier_lease = 2\n"
        folders = [worker(tmp_path / name, portal, redis_server, more=lease) for name in ("a", "b")]
        stays = start("crawl", "--archive", folders[0])
        untold = 0
        for until in (40, 100, 160):
            dies = start("crawl", "--archive", folders[1])
            answers = [(time.monotonic(), len(portal.exchanges))]
            while answers[-1][1] <= until:
                time.sleep(0.005)
                answers.append((time.monotonic(), len(portal.exchanges)))
                assert answers[-1][0] - answers[0][0] < 120
            assert stays.poll() is None
            dies.kill()
            dies.wait()
            # Redis is told once a second what is done; a busy machine takes a little longer.
            untold += answers[-1][1] - next(n for at, n in answers if at > answers[-1][0] - 2.0)
        assert stays.wait(120) == 0
        assert quynhon("crawl", "--archive", folders[1]).returncode == 0
        once = asked(portal)
        wanted = {article.url for article in portal.truth.articles}
    for folder in folders:
        assert_level(folder)
    collect(tmp_path / "both", *folders)
    assert wanted <= {url for (url,) in ask(tmp_path / "both", "url", "articles")}
    assert sum(count - 1 for count in once.values()) <= 3 * 4 + untold  # leases, and what was not told yet


def test_a_worker_that_was_frozen_makes_a_second_record_at_most(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    with SamplePortal(articles=5, latency=0.01) as portal:
        lease = "frontier_lease = 1\n"
        folders = [worker(tmp_path / name, portal, redis_server, more=lease) for name in ("a", "b")]
        frozen = start("crawl", "--archive", folders[0])
        wait_for(lambda: len(portal.exchanges) > 20)
        frozen.send_signal(signal.SIGSTOP)
        assert quynhon("crawl", "--archive", folders[1]).returncode == 0
        frozen.send_signal(signal.SIGCONT)
        assert frozen.wait(120) == 0
        wanted = {article.url for article in portal.truth.articles}
    kept = Counter(
        (item.record.url, item.request and item.request.block) for f in folders for item in stored(f)
    )
    assert max(kept.values()) == 2
    for folder in folders:
        assert_level(folder)
    collect(tmp_path / "both", *folders)
    assert wanted <= {url for (url,) in ask(tmp_path / "both", "url", "articles")}


def test_four_workers_are_as_gentle_as_one(tmp_path: Path, redis_server: RedisServer) -> None:
    pause = 0.1
    with SamplePortal(articles=2) as portal:
        crawl = f"rest = 0\nmax_delay = {pause}\n"
        folders = [worker(tmp_path / name, portal, redis_server, crawl) for name in "abcd"]
        options = ("--delay", str(pause), "--limit", "8")
        for process in [start("crawl", "--archive", folder, *options) for folder in folders]:
            process.wait(120)
    dates = [item.record.date for folder in folders for item in stored(folder)]
    times = sorted(datetime.fromisoformat(date).timestamp() for date in dates)
    assert len(times) > 20
    # A turn is given by Redis; what comes between it and the portal's log is the machine's delay.
    assert times[-1] - times[0] >= pause * (len(times) - 1) * 0.9
    early = [b - a for a, b in pairwise(times) if b - a < pause / 2]
    assert len(early) <= len(times) // 10


def test_redis_that_goes_away_is_waited_for(tmp_path: Path, redis_server: RedisServer) -> None:
    with SamplePortal(articles=5, latency=0.01) as portal:
        folder = worker(tmp_path / "a", portal, redis_server)
        process = start("crawl", "--archive", folder)
        wait_for(lambda: len(portal.exchanges) > 30)
        redis_server.stop()
        redis_server.start()
        assert process.wait(120) == 0
        wanted = {article.url for article in portal.truth.articles}
    assert_level(folder)
    assert wanted <= {url for (url,) in ask(folder, "url", "articles")}
