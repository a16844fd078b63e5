"""kill -9 at random moments of one crawl, run again after each; then count what was lost and asked twice.

python -m bench.kill [--kills 20] [--articles 1200]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from bisect import bisect
from collections import Counter
from pathlib import Path

from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.warc.reader import Stored, exchanges
from quynhon_crawler.warc.tail import good_end

CONCURRENCY = 4
VALIDATORS = {
    "gzip -t": ["gzip", "-t"],
    "warcio check": [sys.executable, "-c", "from warcio.cli import main; main()", "check"],
    "fastwarc check": [sys.executable, "-c", "from fastwarc.cli import main; main()", "check"],
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--articles", type=int, default=1200)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder, SamplePortal(articles=given.articles) as portal:
        archive = Path(folder) / "archive"
        archive.mkdir()
        (archive / "archive.toml").write_text(
            f'[crawl]\nmin_free = 0\n[[portals]]\nname = "p"\nurl = "{portal.url}"\n'
        )
        command = [sys.executable, "-m", "quynhon_crawler.cli", "crawl", "p", "--archive", str(archive)]
        command += ["--delay", "0", "--concurrency", str(CONCURRENCY)]
        kills, begins = 0, []
        for _ in range(given.kills):
            begins.append(len(portal.exchanges))
            # By progress, not by the clock: a kill during start-up, when nothing is under way, shows little.
            until = len(portal.exchanges) + chance.randint(1, given.articles // 4)
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while process.poll() is None and len(portal.exchanges) < until:
                time.sleep(0.001)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            process.wait()
        begins.append(len(portal.exchanges))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        print(done.stdout.strip())
        report(archive, portal, kills, twice_after(portal, begins))


def twice_after(portal: SamplePortal, begins: list[int]) -> list[int]:
    """How many exchanges of each run had been made before; ``begins`` is where each run begins in the log."""
    seen: set[tuple[str, str, bytes]] = set()
    twice = [0] * len(begins)
    for number, each in enumerate(portal.exchanges):
        asked = (each.method, each.target, each.request.partition(b"\r\n\r\n")[2])
        if each.target != "/robots.txt":
            twice[bisect(begins, number) - 1] += asked in seen
        seen.add(asked)
    return twice


def report(archive: Path, portal: SamplePortal, kills: int, twice: list[int]) -> None:
    """What was lost, what was asked twice, what the validators say."""
    asked = Counter((e.method, e.target, e.request.partition(b"\r\n\r\n")[2]) for e in portal.exchanges)
    robots = asked.pop(("GET", "/robots.txt", b""), 0)
    warcs = sorted((archive / "warc").iterdir())
    stored = Counter(
        item.record.url for path in warcs for item in exchanges(path) if isinstance(item, Stored)
    )
    db = sqlite3.connect(archive / "quynhon.db")
    have = {url for (url,) in db.execute("SELECT url FROM articles")}
    captures = db.execute("SELECT count(*) FROM captures").fetchone()[0]
    db.close()
    lost = {article.url for article in portal.truth.articles} - have
    torn = sum(good_end(path) != path.stat().st_size for path in warcs)
    print(f"killed {kills} times; {len(asked):,} addresses, robots.txt asked {robots} times (once a run)")
    print(f"articles lost: {len(lost)} of {len(portal.truth.articles)}")
    print(
        f"fetched twice: {sum(twice)} in all, after one kill {max(twice)} at most (concurrency {CONCURRENCY})"
    )
    moved = len([*(archive / "state" / "torn").glob("*")])
    print(f"torn records left: {torn}; found and moved aside: {moved}")
    print(f"captures: {captures:,} in the database, {stored.total():,} in the WARC files")
    for name, command in VALIDATORS.items():
        runs = (subprocess.run([*command, path], capture_output=True, check=False) for path in warcs)
        good = sum(run.returncode == 0 for run in runs)
        print(f"{name}: {good} of {len(warcs)} files without a fault")


if __name__ == "__main__":
    os.environ["PYTHONWARNINGS"] = "ignore"
    main()
