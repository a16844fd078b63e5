"""The archive in a real pywb: replay at a time, Memento, the CDX API; and one line where there is no pywb."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.store import Store
from tests.crawl.run_crawl import COMMAND, environment, quynhon
from tests.deposit.conftest import FIELD, Crawled

Field = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def pywb(home: Home) -> Iterator[str]:
    """pywb as `quynhon replay` starts it; the address of its collection."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *COMMAND,
        "replay",
        "--archive",
        str(home.root),
        "--pywb",
        str(FIELD.parent),
        "--port",
        str(port),
    ]
    process = subprocess.Popen(
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 90
        while True:
            assert process.poll() is None, "pywb ended"
            assert time.monotonic() < end, "pywb did not answer in time"
            try:
                httpx.get(f"http://127.0.0.1:{port}/", timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/quynhon"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


@pytest.fixture(scope="module")
def collection(crawled: Crawled, field: Field) -> Iterator[str]:
    with pywb(crawled.home) as address:
        yield address


def ask(home: Home, sql: str) -> tuple[str, ...]:
    with closing(sqlite3.connect(home.database)) as db:
        found: tuple[str, ...] = db.execute(sql).fetchone()
    return found


def at(moment: str) -> str:
    return re.sub(r"\D", "", moment)[:14]


def test_an_article_is_replayed_at_its_time(collection: str, crawled: Crawled) -> None:
    url, moment, title = ask(
        crawled.home,
        "SELECT c.url, c.captured_at, a.title FROM articles a JOIN captures c ON c.id = a.capture_id LIMIT 1",
    )
    answer = httpx.get(f"{collection}/{at(moment)}mp_/{url}")
    assert (answer.status_code, title in answer.text) == (200, True)
    assert answer.headers["memento-datetime"]
    assert f'<{url}>; rel="original"' in answer.headers["link"]


@pytest.mark.parametrize("status", [200, 304])
def test_a_repeated_answer_is_replayed_with_its_body(collection: str, crawled: Crawled, status: int) -> None:
    """Of chunked pages too: the digest of the revisit is that of the index."""
    url, moment = ask(
        crawled.home,
        f"""SELECT url, captured_at FROM captures WHERE record_type = 'revisit' AND status = {status}
            AND url LIKE '%.html' AND method = 'GET' ORDER BY url LIMIT 1""",
    )
    answer = httpx.get(f"{collection}/{at(moment)}mp_/{url}")
    assert answer.status_code == 200
    assert "<html" in answer.text


def test_the_cdx_api_and_the_timemap_list_every_capture(collection: str, crawled: Crawled) -> None:
    url, count = ask(
        crawled.home,
        """SELECT url, count(*) FROM captures WHERE url LIKE '%.html' AND method = 'GET'
            GROUP BY url ORDER BY url LIMIT 1""",
    )
    rows = httpx.get(f"{collection}/cdx", params={"url": url, "output": "json"}).text.splitlines()
    assert [json.loads(row)["url"] for row in rows] == [url] * int(count)
    assert httpx.get(f"{collection}/timemap/link/{url}").text.count('rel="memento"') == int(count)


def test_what_was_taken_down_is_not_there(own: Home, field: Field) -> None:
    (url,) = ask(own, "SELECT url FROM articles ORDER BY url LIMIT 1")
    with Store.open(own.database) as store:
        store.add_takedown(url, reason="Theo yêu cầu", at="2026-11-24T09:00:00Z")
    with pywb(own) as collection:
        assert httpx.get(f"{collection}/2mp_/{url}").status_code == 404
        assert httpx.get(f"{collection}/cdx", params={"url": url, "output": "json"}).text == ""


def test_nothing_is_fetched_from_the_live_web(collection: str) -> None:
    assert httpx.get(f"{collection}/2mp_/http://127.0.0.1:9/never-captured").status_code == 404


@pytest.mark.parametrize("named", [(), ("--pywb", "/nowhere")])
def test_without_pywb_one_line_says_how_to_install_it(own: Home, named: tuple[str, ...]) -> None:
    command = [*COMMAND, "replay", "pywb", "--archive", str(own.root), *named]
    empty = {**environment(), "PATH": os.fspath(Path(own.root)), "QUYNHON_PYWB": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=empty)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "pip install pywb" in line


def test_the_help_explains_itself() -> None:
    done = quynhon("replay", "--help")
    assert "quynhon replay install" in done.stdout
