"""How much of a slow portal's time a crawl takes: ours, Scrapy's AutoThrottle, a fixed delay.

    python -m bench.politeness

A server on this machine answers one request at a time: in 20 ms for five seconds, in 400 ms for the next
five, in 20 ms for the last five. Each crawler begins with 0.1 s between requests. Printed is the share of
each phase in which the server was busy with it, and the requests that it got.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PHASES = ((5.0, 0.02), (5.0, 0.4), (5.0, 0.02))
SCRAPY = """
import sys, scrapy
from scrapy.crawler import CrawlerProcess
class Endless(scrapy.Spider):
    name = "endless"
    start_urls = [sys.argv[1]]
    def parse(self, response):
        for link in response.css("a::attr(href)").getall():
            yield response.follow(link)
process = CrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "DOWNLOAD_DELAY": 0.1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "RANDOMIZE_DOWNLOAD_DELAY": False,
    "AUTOTHROTTLE_ENABLED": sys.argv[2] == "auto", "AUTOTHROTTLE_START_DELAY": 0.1})
process.crawl(Endless)
process.start()
"""


class Portal:
    """Notes when it was busy: (begin, end) since its first request, in seconds."""

    def __init__(self) -> None:
        self.busy: list[tuple[float, float]] = []
        first: list[float] = []
        turn = threading.Lock()
        busy = self.busy

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with turn:
                    begin = time.monotonic()
                    if self.path != "/robots.txt":
                        first.append(begin)
                    since = begin - first[0] if first else 0.0
                    time.sleep(next((wait for end, wait in _ends() if since < end), 0.02))
                    if first:
                        busy.append((since, time.monotonic() - first[0]))
                number = int(self.path.strip("/") or 0) if self.path != "/robots.txt" else 0
                links = "".join(f'<a href="/{n}">x</a>' for n in range(number + 1, number + 4))
                body = f"<html><title>{number}</title><p>Trang {number}</p>{links}</html>".encode()
                self.send_response(200 if self.path != "/robots.txt" else 404)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing on the screen."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"


def _ends() -> list[tuple[float, float]]:
    ends, at = [], 0.0
    for seconds, wait in PHASES:
        at += seconds
        ends.append((at, wait))
    return ends


def command(name: str, url: str, folder: Path) -> list[str]:
    if name != "quynhon":
        return [sys.executable, "-c", SCRAPY, url, "auto" if name == "AutoThrottle" else "fixed"]
    (folder / "archive.toml").write_text("[crawl]\ndelay = 0.1\nmin_free = 0\n")
    return [sys.executable, "-m", "quynhon_crawler.cli", "crawl", url, "--archive", str(folder)]


def main() -> None:
    print(f"{'':14}" + "".join(f"{f'{wait * 1000:.0f} ms':>22}" for _, wait in PHASES))
    for name in ("fixed delay", "AutoThrottle", "quynhon"):
        portal = Portal()
        with tempfile.TemporaryDirectory() as folder:
            process = subprocess.Popen(
                command(name, portal.url, Path(folder)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            while not portal.busy or portal.busy[-1][1] < sum(seconds for seconds, _ in PHASES):
                time.sleep(0.1)
            process.kill()
            process.wait()
        portal.server.shutdown()
        line, begin = f"{name:14}", 0.0
        for seconds, _ in PHASES:
            inside = [one for one in portal.busy if begin <= one[0] < begin + seconds]
            share = sum(end - start for start, end in inside) / seconds
            line += f"{f'{share:.0%} busy, {len(inside)} asked':>22}"
            begin += seconds
        print(line, flush=True)


if __name__ == "__main__":
    main()
