"""How fast the public site answers: python -m bench.site [--articles 50000] [--seconds 10]

One process of `quynhon serve`, asked by wrk over 8 connections, each page another one than before, so that
little of it was made already; then Datasette's own pages of the same database, without our plugin.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from PIL import Image

from bench.store_text import HOME, SYLLABLES, articles, words
from quynhon_crawler.home import Home
from quynhon_crawler.model import Reading
from quynhon_crawler.publish import configuration
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.store import Store
from quynhon_crawler.store.words import bare
from quynhon_crawler.warc.exchange import Exchange
from quynhon_crawler.warc.http import parse
from quynhon_crawler.warc.writer import WarcWriter

CONNECTIONS = 8
_COMMIT = 500
_LUA = """
local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at], {["Accept-Encoding"] = "gzip"})
end
"""
# Datasette without our plugin, which its entry point would load.
_PLAIN = """
from datasette.plugins import pm
for plugin in list(pm.get_plugins()):
    if plugin.__name__.startswith("quynhon"):
        pm.unregister(plugin)
from datasette.cli import cli
cli()
"""


def make(home: Home, count: int) -> None:
    """An archive of articles that nobody wrote, and one picture of 600 x 400 in a WARC file."""
    home.warc.mkdir(parents=True, exist_ok=True)
    home.state.mkdir(exist_ok=True)
    home.config.touch()
    configuration.write(home)
    made = articles(count)
    with Store.open(home.database, create=True) as store:
        portal_id = store.put_portal(name="Bench", home_url=HOME, system="vhv", rights=None)
        while batch := list(islice(made, _COMMIT)):
            for seen, article in batch:
                store.add_reading(seen, Reading("bench", "article", article), portal_id=portal_id)
            store.commit()
        out = BytesIO()
        Image.effect_noise((600, 400), 40).convert("RGB").save(out, "JPEG", quality=75)
        body = out.getvalue()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n"
        writer = WarcWriter(home.warc, prefix="BENCH", info={"software": "bench"}, crawl_id="bench")
        exchange = Exchange(
            url=f"{HOME}upload/1_a.jpg",
            method="GET",
            sent=b"GET /upload/1_a.jpg HTTP/1.1\r\n\r\n",
            received=head.encode() + body,
            started_at="2026-01-01T00:00:00Z",
            ip="127.0.0.1",
        )
        store.add_file(writer.write_exchange(exchange, parse(exchange.received)), width=600, height=400)
        writer.close()
        store.commit()


def paths(home: Home, database: str) -> dict[str, list[str]]:
    """What is asked for, by name; of Datasette alone what shows the same."""
    source = random.Random(5)
    connection = sqlite3.connect(f"{home.database.as_uri()}?mode=ro", uri=True)
    ids = [row[0] for row in connection.execute("select id from articles")]
    picture = connection.execute("select capture_id from images where sha256 is not null").fetchone()[0]
    connection.close()
    source.shuffle(ids)
    # Two or three words as a reader types them, without marks: common ones more often; every one another.
    typed = list(dict.fromkeys(bare(" ".join(words(source, 2 + n % 2))) for n in range(20_000)))
    rare = [bare(" ".join(source.sample(SYLLABLES[300:], 2))) for _ in range(20_000)]
    return {
        "article": [f"/bai/{shorten(number)}" for number in ids],
        "search, common words": [f"/tim?q={quote(text)}" for text in typed],
        "search, rare words": [f"/tim?q={quote(text)}" for text in rare],
        "search, asked again": [f"/tim?q={quote(text)}" for text in typed[:40]],
        "home": ["/"],
        "picture": [f"/tep/{shorten(picture)}/anh.jpg"],
        "Datasette: article": [f"/{database}/articles/{number}" for number in ids],
        "Datasette: search": [f"/{database}/articles?_search={quote(text)}" for text in typed],
        "Datasette: table": [f"/{database}/articles?_page={number}" for number in range(500)],
    }


@contextmanager
def served(command: list[str], port: int) -> Iterator[int]:
    """A server process; its number."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                urlopen(f"http://127.0.0.1:{port}/-/versions.json", timeout=30).close()
                break
            except OSError:
                assert process.poll() is None, "the server ended"
                assert time.monotonic() < end, "the server did not start"
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> tuple[float, float]:
    """Now, and at most so far."""
    status = Path(f"/proc/{pid}/status").read_text()
    return tuple(int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1000 for name in ("VmRSS", "VmHWM"))  # type: ignore[index,return-value]


def ask(port: int, pid: int, addresses: list[str], seconds: float, folder: Path) -> str:
    """One row of the table."""
    listed, script = folder / "paths.txt", folder / "ask.lua"
    listed.write_text("\n".join(addresses) + "\n")
    script.write_text(_LUA % listed)
    before = processor_seconds(pid)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "30s", "--latency"]
    told = subprocess.run(
        [*command, "-s", str(script), f"http://127.0.0.1:{port}"], check=True, capture_output=True, text=True
    ).stdout
    spent = processor_seconds(pid) - before
    requests = int(re.search(r"(\d+) requests in", told)[1])  # type: ignore[index]
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]
    slowest = re.search(r"99%\s+(\S+)", told)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    each = spent / max(1, requests) * 1000
    return (
        f"{rate:10,.0f}/s  p99 {slowest[1] if slowest else '?':>9}  {each:6.1f} ms of CPU"
        f"  {requests:7,} requests{f'  {wrong[1]} FAILED' if wrong else ''}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--requests", type=int, default=100_000, help="then so many in all, for the memory")
    parser.add_argument("--folder", type=Path, help="keep the archive here, or use the one that is here")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("bench.site: no wrk; as root: apt-get install wrk")
    with tempfile.TemporaryDirectory() as temporary:
        home = Home((options.folder or Path(temporary) / "archive").absolute())
        if not home.database.exists():
            make(home, options.articles)
        asked = paths(home, configuration.DATABASE)
        python, port = sys.executable, free_port()
        ours = [
            python,
            "-m",
            "quynhon_crawler.cli",
            "serve",
            "--no-replay",
            "--archive",
            str(home.root),
            "--port",
            str(port),
        ]
        print(f"{options.articles:,} articles, {CONNECTIONS} connections, {options.seconds:g} s each")
        with served(ours, port) as pid:
            total = 0
            for name, addresses in asked.items():
                if name.startswith("Datasette"):
                    continue
                row = ask(port, pid, addresses, options.seconds, Path(temporary))
                total += int(re.search(r"([\d,]+) requests", row)[1].replace(",", ""))  # type: ignore[index]
                print(f"{name:22}{row}", flush=True)
            # One article in ten: a hundred thousand new pages would take ten minutes.
            again = ["/", *asked["search, asked again"][:8]]
            mixed = [path for article in asked["article"] for path in (article, *again)]
            while total < options.requests:
                row = ask(port, pid, mixed, 10, Path(temporary))
                total += int(re.search(r"([\d,]+) requests", row)[1].replace(",", ""))  # type: ignore[index]
            now, most = memory_mb(pid)
            print(f"{'memory':22}{now:10,.0f} MB after {total:,} requests, {most:,.0f} MB at most")
        port = free_port()
        plain = [python, "-c", _PLAIN, "serve", str(home.database), "--port", str(port)]
        with served(plain, port) as pid:
            for name, addresses in asked.items():
                if name.startswith("Datasette"):
                    print(
                        f"{name:22}{ask(port, pid, addresses, options.seconds, Path(temporary))}", flush=True
                    )


if __name__ == "__main__":
    main()
