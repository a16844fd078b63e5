"""Crawling, measured: ours, a bare Scrapy CrawlSpider that stores nothing, and wget --warc-file.

    python -m bench.crawl [--articles 2000] [--rounds 3] [--memory 840 9470]

All crawl one sample portal on this machine, in turn, so that the ratios hold on a noisy machine. CPU is user
plus system time of the crawler's own process; memory is its peak. URLs are counted by each crawler itself.
Then ours alone on portals of about 4,000 and 40,000 URLs: memory must not grow with the portal.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PORTAL = """
import sys, time
from quynhon_crawler.sample import SamplePortal
with SamplePortal(articles=int(sys.argv[1]), log=False) as portal:
    print(portal.url, flush=True)
    time.sleep(1e9)
"""
BARE = """
import sys
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule
from urllib.parse import urlsplit
class Bare(CrawlSpider):
    name = "bare"
    start_urls = [sys.argv[1]]
    allowed_domains = [urlsplit(sys.argv[1]).hostname]
    tags = ("a", "area", "img", "link", "script")
    rules = [Rule(LinkExtractor(tags=tags, attrs=("href", "src"), deny_extensions=()), follow=True)]
process = CrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": 8, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0})
crawler = process.create_crawler(Bare)
process.crawl(crawler)
process.start()
print(crawler.stats.get_value("response_received_count"))
"""


@dataclass(frozen=True)
class Run:
    """One crawl: seconds of CPU and of the clock, peak megabytes, addresses fetched."""

    cpu: float
    wall: float
    megabytes: float
    urls: int

    @property
    def cpu_per_1000(self) -> float:
        return self.cpu / self.urls * 1000

    @property
    def rate(self) -> float:
        return self.urls / self.wall


def measure(command: list[str], folder: Path, count: Callable[[str], int], *, good: tuple[int, ...]) -> Run:
    """Run a command to its end; ``count`` finds the number of addresses in what it printed.

    Ends the benchmark when the exit status is not among ``good``: half a crawl is not to be compared.
    """
    output = folder / "output.txt"
    with output.open("wb") as stream:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.DEVNULL, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        sys.exit(f"{command[0]} ended with status {process.returncode}: {output.read_text()[-500:]}")
    urls = count(output.read_text("utf-8", "replace"))
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, urls)


def ours(url: str, folder: Path) -> Run:
    archive = folder / "archive"
    archive.mkdir()
    (archive / "archive.toml").write_text(f'[crawl]\nmin_free = 0\n[[portals]]\nname = "p"\nurl = "{url}"\n')
    command = [sys.executable, "-m", "quynhon_crawler.cli", "crawl", "p", "--archive", str(archive)]
    command += ["--delay", "0", "--concurrency", "8", "--json"]
    return measure(command, folder, lambda text: int(json.loads(text)["requests"]), good=(0,))


def bare(url: str, folder: Path) -> Run:
    return measure([sys.executable, "-c", BARE, url], folder, lambda text: int(text.split()[-1]), good=(0,))


def wget(url: str, folder: Path) -> Run:
    command = ["wget", "--recursive", "--level=inf", "--page-requisites", "--no-verbose", "--no-parent"]
    command += ["--warc-file=wget", "--output-file=wget.log", "--directory-prefix=files", url]

    def count(_: str) -> int:
        return len(re.findall(r" URL:", (folder / "wget.log").read_text("utf-8", "replace")))

    return measure(command, folder, count, good=(0, 8))  # 8: some links lead nowhere


@contextmanager
def portal_of(articles: int) -> Iterator[str]:
    """A sample portal in a process of its own: its address."""
    command = [sys.executable, "-c", PORTAL, str(articles)]
    portal = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert portal.stdout is not None
    try:
        yield portal.stdout.readline().strip()
    finally:
        portal.kill()
        portal.wait()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--articles", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--memory", type=int, nargs="*", default=[840, 9470], help="articles of each portal")
    given = options.parse_args()
    crawlers = {"quynhon": ours, "bare Scrapy": bare}
    if shutil.which("wget"):
        crawlers["wget --warc-file"] = wget
    runs: dict[str, list[Run]] = {name: [] for name in crawlers}
    with portal_of(given.articles) as url:
        for number in range(given.rounds):
            for name, crawler in crawlers.items():
                run = one(crawler, url)
                runs[name].append(run)
                print(f"round {number + 1}, {name}: {said(run)}", flush=True)
    if given.rounds:
        report(runs)
    for articles in given.memory:
        with portal_of(articles) as url:
            run = one(ours, url)
        print(f"memory of quynhon: {run.megabytes:.0f} MB at its peak, {said(run)}", flush=True)


def one(crawler: Callable[[str, Path], Run], url: str) -> Run:
    """One crawl in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        return crawler(url, Path(folder))


def said(run: Run) -> str:
    return f"{run.urls:,} URLs, {run.cpu:.1f} s CPU, {run.wall:.1f} s"


def report(runs: dict[str, list[Run]]) -> None:
    """Medians, and ratios to bare Scrapy."""
    base = median(run.cpu_per_1000 for run in runs["bare Scrapy"])
    print(f"\n{'':18}{'URLs':>8}{'CPU s/1,000':>13}{'ratio':>8}{'URLs/s':>9}{'peak MB':>9}")
    for name, done in runs.items():
        cpu = median(run.cpu_per_1000 for run in done)
        urls, rate = median(run.urls for run in done), median(run.rate for run in done)
        peak = max(run.megabytes for run in done)
        print(f"{name:18}{urls:>8,.0f}{cpu:>13.2f}{cpu / base:>8.2f}{rate:>9.0f}{peak:>9.0f}")


if __name__ == "__main__":
    main()
