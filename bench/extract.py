"""``python -m bench.extract``: pages read per second beside trafilatura, and memory over many pages.

Every article page of the sample portal, about 95 KB each, is read once, as a crawl would, with nothing
remembered at the start. CPU time of one core, both in one run.
"""

from __future__ import annotations

import argparse
import gc
import resource
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import trafilatura

from quynhon_crawler.model import Page
from quynhon_crawler.portals import read
from quynhon_crawler.sample import SamplePortal


def pages(count: int) -> list[Page]:
    """Article pages of the sample portal."""
    found: list[Page] = []
    with SamplePortal(port=0) as portal:
        for article in portal.truth.pages[:count]:
            with urllib.request.urlopen(article.url) as answer:
                found.append(Page(article.url, answer.status, tuple(answer.headers.items()), answer.read()))
    return found


def another(page: Page, number: int) -> Page:
    """The same page at another address, with article links that were never seen before."""
    mark = f"-{number}.html".encode()
    url = page.url.removesuffix(".html") + f"-{number}.html"
    return replace(page, url=url, content=page.content.replace(b'.html"', mark + b'"'))


def seconds(work: Callable[[Page], object], batch: list[Page]) -> float:
    gc.collect()
    start = time.process_time()
    for page in batch:
        work(page)
    return time.process_time() - start


def with_trafilatura(page: Page) -> object:
    return trafilatura.bare_extraction(page.content.decode(), url=page.url, with_metadata=True)


def megabytes() -> float:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def speed() -> None:
    sample = pages(10_000)
    with_trafilatura(sample[0])
    parts = [sample[start : start + 60] for start in range(0, len(sample), 60)]
    mine = theirs = 0.0
    for part in parts:
        mine += seconds(read, part)
        theirs += seconds(with_trafilatura, part)
    kilobytes = sum(len(page.content) for page in sample) / len(sample) / 1000
    print(f"{len(sample)} pages of {kilobytes:.0f} KB, links included, one core")
    ours, others = len(sample) / mine, len(sample) / theirs
    print(f"ours {ours:.0f}/s  trafilatura {others:.0f}/s  ratio {ours / others:.1f}")


def memory(count: int) -> None:
    """Every page has article links that no page had before: nothing that is remembered may grow for ever."""
    sample = pages(60)
    print(f"memory over {count:,} pages:", end="", flush=True)
    for number in range(count):
        read(another(sample[number % len(sample)], number))
        if number % (count // 10) == count // 10 - 1:
            gc.collect()
            print(f" {megabytes():.0f}", end="", flush=True)
    print(" MB")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.extract", description=__doc__)
    parser.add_argument(
        "--memory", type=int, metavar="PAGES", help="measure memory instead, over so many pages"
    )
    options = parser.parse_args()
    if options.memory:
        memory(options.memory)
    else:
        speed()


if __name__ == "__main__":
    main()
