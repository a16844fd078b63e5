"""Workers of one crawl: each with an archive folder of its own, and what they have together."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.store.content import columns_of
from tests.crawl.archives import ask
from tests.crawl.run_crawl import quynhon
from tests.scale.redis_server import RedisServer

# Columns that tell when and by which record something was seen; two crawls never agree on those.
_OF_THE_CRAWL = ("_at", "capture_id", "_seen")


def worker(
    folder: Path, portal: SamplePortal, server: RedisServer | None, crawl: str = "", more: str = ""
) -> Path:
    """An archive folder of a worker that does not wait; ``server`` None makes one of its own."""
    folder.mkdir()
    shared = server.settings(more) if server else ""
    (folder / "archive.toml").write_text(
        f"{shared}[crawl]\nmin_free = 0\ndelay = 0\nconcurrency = 4\nretry_delay = 0.1\n{crawl}\n"
        f'[[portals]]\nname = "p"\nurl = "{portal.url}"\n'
    )
    return folder


def wait_for(condition: Callable[[], bool], *, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def asked(portal: SamplePortal) -> Counter[tuple[str, str, bytes]]:
    """How often each address was asked for; each worker asks for robots.txt itself."""
    found = Counter(
        (e.method, e.target, e.request.partition(b"\r\n\r\n")[2]) for e in portal.exchanges if e.status == 200
    )
    found.pop(("GET", "/robots.txt", b""), None)
    return found


def collect(target: Path, *workers: Path) -> str:
    """All workers' WARC files in one archive; the content digest of its rebuild."""
    (target / "warc").mkdir(parents=True)
    shutil.copy(workers[0] / "archive.toml", target)
    for folder in workers:
        for path in (folder / "warc").iterdir():
            assert path.name.endswith(".warc.gz")
            shutil.copy(path, target / "warc")
    done = quynhon("rebuild", "--archive", target, "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["content_digest"])


def said(folder: Path) -> str:
    """A digest of what the portal said, whenever it was and whichever record holds it."""
    with sqlite3.connect(folder / "quynhon.db") as db:
        columns = [name for name in columns_of(db, "articles") if not name.endswith(_OF_THE_CRAWL)]
    assert {"title", "lead", "byline", "url"} <= set(columns)
    rows = sorted(map(repr, ask(folder, ", ".join(columns), "articles")))
    assert rows
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
