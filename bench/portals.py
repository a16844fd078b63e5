"""An archive of many portals: python -m bench.portals [--portals 1000] [--articles 40] [--keep FOLDER]

CPU seconds of what is asked of it as a whole, each command a process of its own, beside what starting Python
and the program takes; then the screens of the site, each made once.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.store_text import article, words
from quynhon_crawler.home import Home
from quynhon_crawler.model import Capture, Listing, ListingItem, Reading, Section, stable_id
from quynhon_crawler.publish import configuration
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.store import Store
from quynhon_crawler.urls import url_key

_CRAWLS = 3
_SIZE = 2_000
# The first portal is a city's, the others are wards'.
_CITY = 100
# Of every hundred portals.
_SILENT, _KILLED = 7, 23


def address(number: int) -> str:
    """The home page of a portal."""
    return f"https://phuong-{number:04}.bench.example/"


def configure(home: Home, portals: int) -> None:
    """archive.toml: every portal daily."""
    lines = ["[archive]", 'name = "Nghìn cổng"', 'operator = "Bench"', 'email = "bench@example.vn"', ""]
    for number in range(portals):
        lines += [
            "[[portals]]",
            f'name = "phuong-{number:04}"',
            f'url = "{address(number)}"',
            f'title = "Phường {" ".join(words(random.Random(number), 2)).title()} {number}"',
            # those whose last crawl was killed or in vain would be due at once
            f'every = "{"never" if number % 100 in (_SILENT, _KILLED) else "24h"}"',
            "",
        ]
    home.config.parent.mkdir(parents=True, exist_ok=True)
    home.config.write_text("\n".join(lines), "utf-8")


class Clock:
    """Captures of one portal, a second after the other."""

    def __init__(self, crawl_id: str, begun: datetime) -> None:
        self.crawl_id, self.at, self.number = crawl_id, begun, 0

    def capture(self, url: str, *, status: int = 200) -> Capture:
        self.number += 1
        self.at += timedelta(seconds=1)
        return Capture(
            url=url,
            url_key=url_key(url),
            captured_at=_text(self.at),
            method="GET",
            status=status,
            media_type="text/html",
            record_type="response",
            body_sha256=f"{stable_id(f'{self.crawl_id} {self.number}'):064x}",
            bytes=95_000,
            truncated=None,
            warc_file="BENCH-20260101000000-00000-here.warc.gz",
            warc_offset=stable_id(self.crawl_id) % 10**9 + self.number * 30_000,
            warc_length=29_000,
            warc_record_id=f"<urn:uuid:{self.crawl_id}-{self.number}>",
            crawl_id=self.crawl_id,
        )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fill(home: Home, portals: int, articles: int) -> None:
    """Three crawls of each portal through the store. Some were killed, some are silent, some incomplete."""
    source = random.Random(3)
    now = datetime.now(UTC)
    with Store.open(home.database, create=True) as store:
        for number in range(portals):
            portal_id = store.put_portal(
                name=f"Phường {' '.join(words(random.Random(number), 2)).title()} {number}",
                home_url=address(number), system=("vhv", "nukeviet", "aspnet")[number % 3], rights=None,
            )  # fmt: skip
            slot = now - timedelta(hours=1 + 19 * number / portals)  # nothing is due for four hours
            for crawl in range(_CRAWLS):
                begun = slot - timedelta(days=_CRAWLS - 1 - crawl)
                size = articles * (_CITY if number == 0 else 1)
                _crawl(store, portal_id, number, crawl, begun, size, source)
            if number % 20 == 19:
                store.commit()


def _crawl(
    store: Store,
    portal_id: int,
    number: int,
    crawl: int,
    begun: datetime,
    articles: int,
    source: random.Random,
) -> None:
    home, last = address(number), crawl == _CRAWLS - 1
    crawl_id = f"{begun:%Y%m%d%H%M%S}-phuong-{number:04}"
    store.start_crawl(
        id=crawl_id, portal_id=portal_id, mode="update" if crawl else "full", started_at=_text(begun)
    )
    clock = Clock(crawl_id, begun)
    silent, killed = last and number % 100 == _SILENT, last and number % 100 == _KILLED
    store.add_capture(clock.capture(home, status=503 if silent else 200))
    for_each = range(articles) if crawl == 0 else range(articles - articles // 8) if crawl == 2 else range(0)
    items: dict[str, list[ListingItem]] = {}
    for place in for_each:
        if crawl == 2 and place % 10:
            continue
        made = article(place, source, size=_SIZE)
        section = Section(f"Mục {place % 4}", f"{home}muc-{place % 4}")
        url = f"{home}tin-tuc/bai-{place}.html"
        own = replace(made, url=url, sections=(section,), images=())
        store.add_reading(clock.capture(url), Reading("vhv", "article", article=own), portal_id=portal_id)
        items.setdefault(section.url or "", []).append(ListingItem(url, made.title or ""))
    for url, listed in items.items() if crawl == 0 else ():
        total = len(listed) + (3 if number % 50 == 11 else 0)
        listing = Listing(url, "25", 1, tuple(listed), total)
        store.add_reading(clock.capture(url), Reading("vhv", "listing", listing=listing), portal_id=portal_id)
    failures = (3 if number % 10 == 1 else 0) + (20 if number % 100 == 31 else 0)
    for place in range(failures if last else 0):
        bad = f"{home}hong-{place}.html"
        seen = clock.capture(bad, status=500)
        store.add_capture(seen)
        store.add_failure(
            url=bad, stage="fetch", error="answered 500", seen_at=seen.captured_at, capture_id=seen.id
        )
    if not killed:
        totals = store.crawl_totals(crawl_id, portal_id)
        store.finish_crawl(
            crawl_id, finished_at=_text(clock.at), outcome="finished", requests=clock.number,
            bytes=clock.number * 29_000, failures=failures if last else 0, **totals,
        )  # fmt: skip


def measured(command: list[str]) -> tuple[float, float, int]:
    """CPU seconds, seconds on the clock, and bytes printed, of one process."""
    begun = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
        return used.ru_utime + used.ru_stime, time.monotonic() - begun, out.tell()


def commands(home: Home) -> Iterator[tuple[str, list[str]]]:
    """What an archivist asks, by name."""
    quynhon = [sys.executable, "-m", "quynhon_crawler.cli"]
    where = ["--archive", str(home.root)]
    yield "start-up: quynhon --version", [*quynhon, "--version"]
    load = "import sys, pathlib, quynhon_crawler.config as config; config.load(pathlib.Path(sys.argv[1]))"
    empty = home.root / "empty.toml"
    empty.write_text("", "utf-8")
    yield "load of an empty archive.toml", [sys.executable, "-c", load, str(empty)]
    yield "load of archive.toml", [sys.executable, "-c", load, str(home.config)]
    yield "schedule show", [*quynhon, "schedule", "show", *where]
    yield "schedule show --json", [*quynhon, "schedule", "show", "--json", *where]
    yield "status, the first time", [*quynhon, "status", *where]
    yield "status", [*quynhon, "status", *where]
    yield "status --json", [*quynhon, "status", "--json", *where]
    figures = str(home.root / "quynhon.prom")
    yield "status --prometheus", [*quynhon, "status", "--prometheus", figures, *where]
    yield "status --failures", [*quynhon, "status", "--failures", *where]
    yield "report", [*quynhon, "report", "--output", str(home.root / "report"), *where]
    yield "crawl --due", [*quynhon, "crawl", "--due", *where]


def screens(home: Home) -> Iterator[tuple[str, str]]:
    """What a reader asks, by name."""
    yield "home", "/"
    yield "search", "/tim?q=phuong+ban"
    yield "state", "/tinh-trang"
    yield "calendar", "/thoi-gian"
    yield "documents", "/van-ban"
    for name, number in (("city", 0), ("ward", 500)):
        portal = shorten(stable_id(url_key(address(number))))
        yield f"portal, {name}", f"/cong/{portal}"
        yield f"feed of a portal, {name}", f"/cong/{portal}/tin.xml"
        yield f"search in a portal, {name}", f"/tim?q=phuong&cong={portal}"
    yield "list of portals", "/cong"
    yield "list of portals, searched", "/cong?q=phuong+10"


async def ask(home: Home) -> list[tuple[str, float, int, int, int]]:
    """Milliseconds of CPU, status, bytes and bytes packed of each screen, made for the first time."""
    import httpx
    from datasette.app import Datasette

    datasette = Datasette(config_dir=home.root)
    await datasette.invoke_startup()
    found = []
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=datasette.app()), base_url="http://kho.test"
    ) as web:
        await web.get("/da-go")  # opens connections and templates
        for name, path in screens(home):
            times = []
            for turn in range(4):  # four threads, each with a connection that reads its pages anew
                begun = time.process_time()
                answer = await web.get(f"{path}{'&' if '?' in path else '?'}lan={turn}")
                times.append(time.process_time() - begun)
            body = answer.content
            found.append((name, min(times) * 1000, answer.status_code, len(body), len(gzip.compress(body))))
    return found


def main() -> None:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portals", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=40, help="of each portal")
    parser.add_argument("--keep", type=Path, help="make the archive here, or use the one that is here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(asked.keep or Path(folder))
        if not home.database.exists():
            for each in (home.warc, home.state):
                each.mkdir(parents=True, exist_ok=True)
            configure(home, asked.portals)
            configuration.write(home)
            begun = time.process_time()
            fill(home, asked.portals, asked.articles)
            size = home.database.stat().st_size / 1e6
            print(f"made in {time.process_time() - begun:.0f} CPU seconds; {size:,.0f} MB")
        print(f"\n{'command':34}{'CPU s':>8}{'clock s':>9}{'printed kB':>12}")
        for name, command in commands(home):
            cpu, clock, printed = measured(command)
            print(f"{name:34}{cpu:8.2f}{clock:9.2f}{printed / 1000:12,.1f}", flush=True)
        print(f"\n{'screen':34}{'CPU ms':>8}{'status':>8}{'kB':>8}{'packed kB':>11}")
        for name, cpu, status, size, packed in asyncio.run(ask(home)):
            print(f"{name:34}{cpu:8.0f}{status:8}{size / 1000:8.1f}{packed / 1000:11.1f}")


if __name__ == "__main__":
    main()
