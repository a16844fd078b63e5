"""kill -9 of one of two workers at random moments of one crawl; then what was lost and what was asked twice.

python -m bench.kill_shared [--kills 10] [--articles 600]. The killed worker is run again at once, as a timer
would do it. Then the pauses that four workers keep. Needs redis-server.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import ask
from tests.crawl.run_crawl import quynhon, start
from tests.scale.cluster import Cluster
from tests.scale.redis_server import RedisServer
from tests.scale.workers import asked, collect, said, worker

PAUSE = 0.1


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--kills", type=int, default=10)
    options.add_argument("--articles", type=int, default=600)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(Path(folder) / "redis")
        try:
            kills(Path(folder), server, given.kills, given.articles, random.Random(given.seed))
            gentle(Path(folder), server)
        finally:
            server.stop()


def kills(folder: Path, server: RedisServer, wanted: int, articles: int, chance: random.Random) -> None:
    """Two workers; one of them dies again and again. Compared with a crawl by one machine."""
    with SamplePortal(articles=articles, latency=0.01) as portal:
        alone = worker(folder / "alone", portal, None)
        assert quynhon("crawl", "--archive", alone).returncode == 0
        before = len(portal.exchanges)
        once = asked(portal)
        lease = "frontier_lease = 5\n"
        folders = [worker(folder / name, portal, server, more=lease) for name in ("a", "b")]
        stays, dies = (start("crawl", "--archive", each) for each in folders)
        killed = 0
        for _ in range(wanted):
            until = len(portal.exchanges) + chance.randint(1, before // (wanted + 2))
            while len(portal.exchanges) < until and dies.poll() is None:
                time.sleep(0.001)
            if stays.poll() is not None:
                break
            dies.kill()
            dies.wait()
            killed += 1
            dies = start("crawl", "--archive", folders[1])
        ends = [process.wait(600) for process in (stays, dies)]
        both = asked(portal)
        truth = {article.url for article in portal.truth.articles}
    both.subtract(once)
    digests = [
        collect(folder / f"{name}-collected", *which) for name, which in (("two", folders), ("one", [alone]))
    ]
    have = {url for (url,) in ask(folder / "two-collected", "url", "articles")}
    files = sum(len(list((each / "warc").iterdir())) for each in folders)
    print(f"{before:,} requests by one machine; of two workers one was killed {killed} times; ends: {ends}")
    lost = sum(n < 1 for n in both.values())
    print(f"articles lost: {len(truth - have)} of {len(truth)}; addresses lost: {lost}")
    twice = sum(max(0, n - 1) for n in both.values())
    each = twice / max(killed, 1)
    print(f"fetched twice: {twice} in all, {each:.1f} a kill (concurrency 4); {files} WARC files")
    same = said(folder / "two-collected") == said(folder / "one-collected")
    print(f"what the portal said, by one machine and by two workers: {'equal' if same else 'DIFFERENT'}")
    print(f"content digest of the collected files: {digests[0]}")
    cluster = Cluster(folder)
    cluster.worker()
    cluster.worker()
    for option in (("--workers", "2"), ("--dask", cluster.address)):
        again = quynhon("rebuild", "--archive", folder / "two-collected", "--json", *option)
        print(f"rebuilt with {' '.join(option)}: {json.loads(again.stdout)['content_digest']}")
    cluster.close()


def gentle(folder: Path, server: RedisServer) -> None:
    """Four workers at once at one host: the times of its requests, by its own log."""
    with SamplePortal(articles=20) as portal:
        crawl = f"rest = 0\nmax_delay = {PAUSE}\n"
        folders = [worker(folder / f"g{number}", portal, server, crawl) for number in range(4)]
        options = ("--delay", str(PAUSE), "--limit", "50")
        running = [start("crawl", "--archive", each, *options) for each in folders]
        times: list[float] = []  # as the portal sees them
        while any(process.poll() is None for process in running):
            times += [time.monotonic()] * (len(portal.exchanges) - len(times))
            time.sleep(0.0005)
    gaps = sorted(b - a for a, b in pairwise(times))
    early = sum(gap < PAUSE / 2 for gap in gaps)
    print(
        f"four workers, {PAUSE} s asked for: {len(times)} requests in {times[-1] - times[0]:.1f} s; ", end=""
    )
    print(f"between two: median {gaps[len(gaps) // 2]:.3f} s, least {gaps[0]:.3f}, below half of it {early}")


if __name__ == "__main__":
    os.environ["PYTHONWARNINGS"] = "ignore"
    main()
