"""What several workers gain, and what their shared frontier costs: python -m bench.scale [--articles 60]

Workers of one crawl, on a portal that takes 20 ms for an answer, one request at a time each; the CPU that the
shared frontier costs; a rebuild on a Dask cluster of this machine against one process. Needs redis-server.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
        reading(Path(folder), given.files)


def crawls(folder: Path, articles: int) -> None:
    """Whole crawls of one portal: alone, and by one and two workers with a frontier in Redis."""
    rates: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    memory = []
    for turn in range(_ROUNDS):
        for name, count, shared in (("alone", 1, False), ("one", 1, True), ("two", 2, True)):
            at = folder / f"{turn}-{name}"
            at.mkdir()
            with SamplePortal(articles=articles, latency=0.02) as portal, _redis(at, wanted=shared) as server:
                spent = _crawl(at, portal, server, count)
                asked = len(portal.exchanges)
                rates.setdefault(name, []).append(asked / spent["wall"])
                if server is not None:
                    spent["cpu"] += _cpu_of(server.pid)
                    with server.client() as client:
                        memory.append(client.info("memory")["used_memory_peak"] / 1e6)
                cpu.setdefault(name, []).append(spent["cpu"] / asked * 1000)
    rate = {name: statistics.median(found) for name, found in rates.items()}
    print(f"{asked:,} requests, 20 ms an answer, one request at a time a worker, medians of {_ROUNDS}")
    for name, told in (("alone", "own frontier"), ("one", "shared, 1 worker"), ("two", "shared, 2 workers")):
        print(f"  {told:18} {rate[name]:6.1f} a second, {statistics.median(cpu[name]):5.2f} ms CPU a request")
    gains = [two / one for one, two in zip(rates["one"], rates["two"], strict=True)]
    costs = [one - alone for alone, one in zip(cpu["alone"], cpu["one"], strict=True)]
    print(f"two workers against one: {statistics.median(gains):.2f} times the requests a second")
    print(f"the shared frontier, Redis included: {statistics.median(costs):.2f} ms of CPU a request")
    print(f"Redis at its largest: {max(memory):.1f} MB")


def _crawl(at: Path, portal: SamplePortal, server: RedisServer | None, count: int) -> dict[str, float]:
    before = os.times()
    # As fast as the portal answers: what politeness allows is the same for any number of workers.
    folders = [
        worker(at / f"w{number}", portal, server, "max_delay = 0\nrest = 0") for number in range(count)
    ]
    running = [start("crawl", "--archive", folder, "--concurrency", "1") for folder in folders]
    # From the first request on: a process's start is the same with any number of requests.
    while not portal.exchanges:
        assert all(process.poll() is None for process in running)
        time.sleep(0.001)
    begin = time.monotonic()
    assert [process.wait(600) for process in running] == [0] * count
    end, after = time.monotonic(), os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"wall": end - begin, "cpu": cpu}


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
