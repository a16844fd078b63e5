"""What several workers gain, and what their shared frontier costs: python -m bench.scale [--articles 60]

Workers of one crawl, on a portal that takes 20 ms for an answer, one request at a time each; the CPU that the
shared frontier costs; a rebuild on a Dask cluster of this machine against one process. Needs redis-server.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bench.foreign import measured, sample_pages, write_pages
from quynhon_crawler.sample import SamplePortal
from tests.crawl.run_crawl import start
from tests.scale.cluster import Cluster
from tests.scale.redis_server import RedisServer
from tests.scale.workers import worker

_ROUNDS = 3
_TICKS = os.sysconf("SC_CLK_TCK")
_REBUILD = """
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.spread import alone, over_cluster
rebuild(Home(Path(sys.argv[1])), spread={spread})
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--articles", type=int, default=60)
    options.add_argument("--files", type=int, default=200)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        crawls(Path(folder), given.articles)
        costs(Path(folder), given.articles)
        reading(Path(folder), given.files)


def crawls(folder: Path, articles: int) -> None:
    """Whole crawls of one portal by one and by two workers with a frontier in Redis."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    memory = []
    for turn in range(_ROUNDS):
        for count, found in rates.items():
            at = folder / f"gain-{turn}-{count}"
            at.mkdir()
            with SamplePortal(articles=articles, latency=0.02) as portal, _redis(at, wanted=True) as server:
                assert server is not None
                folders, _ = _crawl(at, portal, server, count)
                asked = len(portal.exchanges)
                with server.client() as client:
                    memory.append(client.info("memory")["used_memory_peak"] / 1e6)
            found.append(_rate(folders))
    print(f"{asked:,} requests, 20 ms an answer, one request at a time a worker, medians of {_ROUNDS}")
    for count, found in rates.items():
        print(f"  {count} {'worker ' if count == 1 else 'workers'} {statistics.median(found):6.1f} a second")
    gains = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
    print(f"two workers against one: {statistics.median(gains):.2f} times the requests a second")
    print(f"Redis at its largest: {max(memory):.1f} MB")


def costs(folder: Path, articles: int) -> None:
    """CPU of one worker with a frontier of its own and with one in Redis, what each costs to start aside.

    Of crawls of two sizes the difference counts: loading redis-py and starting Redis is no part of a request.
    """
    costs = []
    for turn in range(_ROUNDS):
        spent: dict[bool, list[tuple[int, float]]] = {False: [], True: []}
        for shared, found in spent.items():
            for size in (articles, 5 * articles):
                at = folder / f"cost-{turn}-{shared}-{size}"
                at.mkdir()
                with SamplePortal(articles=size) as portal, _redis(at, wanted=shared) as server:
                    _, cpu = _crawl(at, portal, server, 1)
                    cpu += _cpu_of(server.pid) if server is not None else 0.0
                    found.append((len(portal.exchanges), cpu))
        each = {shared: _slope(found) for shared, found in spent.items()}
        costs.append((each[True] - each[False]) * 1000)
        print(f"  CPU a request: own frontier {each[False] * 1000:.2f} ms, shared {each[True] * 1000:.2f} ms")
    print(f"the shared frontier, Redis included: {statistics.median(costs):.2f} ms of CPU a request")


def _slope(found: list[tuple[int, float]]) -> float:
    (few, less), (many, more) = found
    return (more - less) / (many - few)


def _crawl(
    at: Path, portal: SamplePortal, server: RedisServer | None, count: int
) -> tuple[list[Path], float]:
    """The workers' folders, and the CPU that they took, as fast as the portal answers.

    What politeness allows is the same for any number of workers.
    """
    before = os.times()
    folders = [
        worker(at / f"w{number}", portal, server, "max_delay = 0\nrest = 0") for number in range(count)
    ]
    running = [start("crawl", "--archive", folder, "--concurrency", "1") for folder in folders]
    assert [process.wait(600) for process in running] == [0] * count
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return folders, cpu


def _rate(folders: list[Path]) -> float:
    """Answers a second while all are at work: a process's start and end take as long in a crawl of days."""
    times = []
    for folder in folders:
        with sqlite3.connect(folder / "quynhon.db") as db:
            rows = db.execute("SELECT captured_at FROM captures ORDER BY captured_at").fetchall()
        times.append([datetime.fromisoformat(at).timestamp() for (at,) in rows])
    first, last = max(each[0] for each in times), min(each[-1] for each in times)
    return sum(first <= at <= last for each in times for at in each) / (last - first)


@contextmanager
def _redis(at: Path, *, wanted: bool) -> Iterator[RedisServer | None]:
    server = RedisServer(at / "redis") if wanted else None
    yield server
    if server is not None:
        server.stop()


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def reading(folder: Path, files: int) -> None:
    """A rebuild of files of 100 records: here, and by two workers of a cluster."""
    root = folder / "archive"
    write_pages(root / "warc", sample_pages(200), files * 50, files=files)
    (root / "archive.toml").write_text("")
    cluster = Cluster(folder)
    try:
        cluster.worker()
        cluster.worker()
        spread = f"over_cluster({cluster.address!r})"
        measured(_REBUILD.format(spread=spread), str(root))  # workers load the program once in their life
        early = _memory_of(cluster.processes[0].pid)
        gains, late = [], []
        for _ in range(_ROUNDS):
            one = measured(_REBUILD.format(spread="alone"), str(root))
            two = measured(_REBUILD.format(spread=spread), str(root))
            gains.append(one["wall"] / two["wall"])
            late.append(_memory_of(cluster.processes[0].pid))
    finally:
        cluster.close()
    print(
        f"rebuild of {files} files of 100 records, one process: {files * 50 / one['wall']:.0f} pages a second"
    )
    print(f"two Dask workers against one process: {statistics.median(gains):.2f} times as fast (wall)")
    print(f"scheduler: {early:.0f} MB after {files} files, {late[-1]:.0f} MB after {files * (_ROUNDS + 1)}")
    print(f"memory of who writes: {two['own']:.0f} MB with the cluster, {one['own']:.0f} MB alone")


def _memory_of(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    os.environ["PYTHONWARNINGS"] = "ignore"
    main()
