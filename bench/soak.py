"""Unattended for a while, with everything going wrong: then what was lost is counted.

    python -m bench.soak [--minutes 30] [--articles 3000] [--seed 8]

The sample portal is edited all the time while faults of every kind befall it; `quynhon crawl --due` is called
again and again, full crawls in between, and about half of the calls end by kill -9 or SIGTERM. When the time
is over the portal is healed, crawled once more and compared (soaked.py): its truth, every byte that it sent,
the database made again from the WARC files.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.soaked import both, differences, unequal, unsaved, verified
from quynhon_crawler.home import Home
from quynhon_crawler.sample import SamplePortal

CONFIG = """
[crawl]
delay = 0.01
concurrency = 2
max_delay = 0.5
timeout = 5.0
max_bytes = 3000000
retries = 2
retry_delay = 0.5
pause = 1.0
min_free = 0
accept_cookie_challenge = true

[schedule]
every = "5m"

[watch]
prometheus = "{folder}/quynhon.prom"

[[portals]]
name = "p"
url = "{url}"
"""
KINDS = (
    *("500", "503", "429", "403", "404", "410", "soft-404", "maintenance", "redirect-home", "redirect-loop"),
    *("redirect-away", "same-page", "cookie", "empty", "binary", "huge", "deep", "bomb", "header-flood"),
    *("length-long", "length-short", "broken-chunk", "cut", "slow", "trickle", "silent", "hang", "reset"),
)


@dataclass
class Soak:
    """What happened so far. ``sent`` counts answers that left the portal whole, by digest of both sides."""

    portal: SamplePortal
    folder: Path
    chance: random.Random
    end: float
    calls: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    sent: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    memory: list[tuple[float, int, float]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    editing: Counter[str] = field(default_factory=Counter)
    begun: float = field(default_factory=time.monotonic)

    def trouble(self) -> None:
        """New faults every few seconds, and the editors' work."""
        while time.monotonic() < self.end:
            self.portal.heal()
            for kind in self.chance.sample(KINDS, 6):
                letters = "".join(self.chance.choices("aeinotuhgc", k=2))
                size = {"huge": 1_000_000, "bomb": 20_000_000}.get(kind, 0)
                self.portal.fault(f"*{letters}*", kind, 3, seconds=self.chance.uniform(0.2, 7), size=size)
                self.faults[kind] += 1
            self.edit()
            time.sleep(self.chance.uniform(3, 9))

    def edit(self) -> None:
        articles = self.portal.truth.articles
        for article in self.chance.sample(articles, 3):
            self.portal.edit(article, append=f"Đoạn thêm thứ {self.editing.total()}.")
            self.editing["edited"] += 1
        self.portal.add_article()
        self.editing["added"] += 1
        if self.chance.random() < 0.3:
            self.portal.remove(self.chance.choice(articles))
            self.editing["removed"] += 1

    def call(self, *words: str, kill: bool) -> int:
        """One call of the command, by its end or by a signal."""
        command = [
            sys.executable,
            "-m",
            "quynhon_crawler.cli",
            "crawl",
            *words,
            "--archive",
            str(self.folder),
        ]
        with (self.folder / "soak.log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + (self.chance.uniform(2, 45) if kill else 1e9)
        begun = time.monotonic()
        while process.poll() is None and time.monotonic() < until:
            time.sleep(0.5)
            family = [process.pid, *descendants(process.pid)]
            self.memory += [(begun, pid, size) for pid in family if (size := resident(pid))]
        how = "to its end"
        if process.poll() is None:
            how = self.chance.choice(("kill -9 of all", "kill -9 of all", "SIGTERM"))
            if how == "SIGTERM":
                process.terminate()
            else:
                for pid in (process.pid, *descendants(process.pid)):
                    os.kill(pid, signal.SIGKILL)
        status = process.wait()
        if status == 2:
            sys.exit((self.folder / "soak.log").read_text().strip().splitlines()[-1])
        self.calls[f"{' '.join(words)}: {how}"] += 1
        self.statuses[status] += 1
        self.drain()
        since, asked = time.monotonic() - self.begun, f"{self.portal.requests:,} asked"
        print(f"{since:6.0f} s  {' '.join(words):10} {how:15} status {status:3}  {asked}", flush=True)
        return status

    def drain(self) -> None:
        """Keep digests of what was sent whole instead of its bytes."""
        done = self.portal.exchanges
        self.portal.forget_exchanges()
        for one in done:
            if one.complete:
                head = one.response.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                self.sent[both(one.request, one.response), both(one.request, head)] += 1

    def settle(self) -> None:
        """Nothing is broken any more: what is left is done, then everything is asked for again."""
        self.portal.heal()
        for _ in range(2):
            if self.call("p", kill=False) == 0:
                break
        self.call("p", "--full", kill=False)


def descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [found for child in map(int, children) for found in (child, *descendants(child))]


def resident(pid: int) -> float:
    """Megabytes in memory; 0 when the process is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line[:6] == "VmRSS:"), 0.0)


def report(soak: Soak) -> bool:
    """Print everything; True when nothing was lost."""
    home = Home(soak.folder)
    files = sorted(home.warc.iterdir())
    size = sum(path.stat().st_size for path in files)
    records, lacking = unsaved(home, soak.sent)
    lost = list(differences(home, soak.portal))
    good, said = verified(home)
    differ = unequal(home)
    print()
    for name, times in sorted(soak.calls.items()):
        print(f"{times:4} times {name}")
    print("exit statuses:", dict(sorted(soak.statuses.items())))
    print(f"{soak.faults.total():,} faults of {len(soak.faults)} kinds, each on three requests")
    print("editors:", ", ".join(f"{number} {what}" for what, number in soak.editing.items()))
    print(f"{soak.portal.requests:,} requests; {records:,} records, {len(files)} WARC files, {size:,} bytes")
    print(f"{soak.sent.total():,} answers were sent whole, {lacking} of them are in no WARC file")
    third = len(soak.memory) // 3
    early, late = (max(one[2] for one in part) for part in (soak.memory[:third], soak.memory[-third:]))
    print(f"largest process: {early:.0f} MB in the first third of the time, {late:.0f} MB in the last")
    print(f"quynhon verify: {said}")
    print("made again from the WARC files:", f"other rows in {', '.join(differ)}" if differ else "equal")
    print(f"lost or wrong: {len(lost)}", *lost[:20], sep="\n  ")
    return good and not lost and not differ


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--articles", type=int, default=3000)
    options.add_argument("--seed", type=int, default=8)
    options.add_argument("--keep", type=Path, help="leave the archive in this folder")
    given = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as scratch,
        SamplePortal(articles=given.articles, feeds=True) as portal,
    ):
        folder = given.keep or Path(scratch) / "archive"
        folder.mkdir(parents=True)
        (folder / "archive.toml").write_text(CONFIG.format(folder=folder, url=portal.url))
        chance = random.Random(given.seed)
        soak = Soak(portal, folder, chance, time.monotonic() + given.minutes * 60)
        thread = threading.Thread(target=soak.trouble, daemon=True)
        thread.start()
        while time.monotonic() < soak.end:
            words = chance.choice((("--due",), ("--due",), ("p",), ("p", "--full")))
            soak.call(*words, kill=chance.random() < 0.5)
            time.sleep(1)
        thread.join()
        soak.settle()
        sys.exit(0 if report(soak) else 1)


if __name__ == "__main__":
    os.environ["PYTHONWARNINGS"] = "ignore"
    main()
