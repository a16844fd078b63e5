"""WARC files of many VHV pages, made from pages of the sample portal, each under an address of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.warc.exchange import Exchange
from quynhon_crawler.warc.http import parse
from quynhon_crawler.warc.writer import WarcWriter

_HOST = "http://quynhon.example.vn"


def sample_pages(count: int) -> list[bytes]:
    """Article pages as the sample portal sends them."""
    with SamplePortal(articles=count) as portal:
        urls = [article.url for article in portal.truth.articles][:count]
        return [urllib.request.urlopen(url).read() for url in urls]


def write_pages(folder: Path, pages: list[bytes], count: int, *, files: int) -> None:
    """``count`` exchanges in some files; the articles differ in their titles."""
    folder.mkdir(parents=True)
    number = 0
    for part in range(files):
        writer = WarcWriter(folder, prefix=f"BENCH{part}", info={"software": "bench"})
        for _ in range(count // files):
            body = pages[number % len(pages)].replace(b"</h1>", b" %d</h1>" % number, 1)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
            received = head % len(body) + body
            asked = f"GET /tin-tuc/bai-{number}.html HTTP/1.1\r\nHost: quynhon.example.vn\r\n\r\n".encode()
            at = f"2026-01-01T00:{number // 60 % 60:02d}:{number % 60:02d}.{number:06d}Z"
            url = f"{_HOST}/tin-tuc/bai-{number}.html"
            writer.write_exchange(Exchange(url, "GET", asked, received, at), parse(received))
            number += 1
        writer.close()


_MEASURE = """
import json, resource, sys, time
from pathlib import Path
from quynhon_crawler import audit, imports, portals
from quynhon_crawler.home import Home
begin, before = time.monotonic(), time.process_time()
{call}
wall = time.monotonic() - begin
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu = time.process_time() - before + others.ru_utime + others.ru_stime
print(json.dumps(dict(wall=wall, cpu=cpu, own=own.ru_maxrss / 1024, others=others.ru_maxrss / 1024)))
"""


def measured(call: str, *arguments: str) -> dict[str, float]:
    """A process of its own: wall and CPU seconds (with its children, without its start), MB of memory."""
    program = Path(arguments[0]) / "measure.py"
    body = "\n".join(f"    {line}" for line in _MEASURE.format(call=call.strip()).strip().splitlines())
    program.write_text(f"if __name__ == '__main__':\n{body}\n")
    done = subprocess.run(
        [sys.executable, str(program), *arguments], capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))
