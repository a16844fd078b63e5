"""Scrapy's own command, and a real scrapyd: the same spider, the same archive, honest statuses."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.schedule.tiny import Portal, archive_of, tiny_portal, wait_until

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def portal() -> Iterator[Portal]:
    with tiny_portal() as portal:
        yield portal


def scrapy(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "scrapy", "crawl", *words],
        capture_output=True, text=True, timeout=120, cwd=cwd, check=False, env=os.environ | environment,
    )  # fmt: skip


def test_it_says_what_came_of_the_crawl_and_where(portal: Portal, tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "a", portal)
    done = scrapy("portal", "-a", f"url={portal.url}", "-a", f"archive={folder}")
    assert done.returncode == 0, done.stderr
    numbers = "4 requests, 0 new articles, 0 addresses failed"
    assert re.fullmatch(rf"Crawl a-\w+ finished: {numbers}; archive {re.escape(str(folder))}\n", done.stdout)


def test_a_failure_is_status_1(tmp_path: Path) -> None:
    with tiny_portal() as gone:
        folder = archive_of(tmp_path / "a", gone)
    done = scrapy("portal", QUYNHON_ARCHIVE=str(folder))
    assert done.returncode == 1
    assert "1 address failed" in done.stdout
    assert "connection refused" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["portal", "-a", "speed=1"],
            "quynhon: -a speed=: not an argument of this spider; it knows url, portal",
        ),
        (
            ["portal", "-a", "limit=some", "-a", "url=http://127.0.0.1:9/"],
            "quynhon: limit='some' is not a number",
        ),
        (["portal"], "no archive here (no archive.toml)"),
        (["portall"], "the spider is named 'portal'"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_wrong_use_is_told_without_a_traceback(words: list[str], said: str, tmp_path: Path) -> None:
    done = scrapy(*words, QUYNHON_ARCHIVE=str(tmp_path / "none"))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "none" / "warc").exists()


class Scrapyd:
    """A real scrapyd with the configuration of docs/operations.md, on a socket file: no port to be taken."""

    def __init__(self, folder: Path, archive: Path) -> None:
        found = re.search(
            r"```ini\n(\[scrapyd\].*?)```", (ROOT / "docs/operations.md").read_text(), re.DOTALL
        )
        assert found is not None
        (folder / "scrapy.cfg").write_text(
            found[1].replace("[scrapyd]\n", "[scrapyd]\npoll_interval = 0.1\n")
        )
        self.folder, socket = folder, folder / "socket"
        places = {"SCRAPYD_HTTP_PORT": "0", "SCRAPYD_UNIX_SOCKET_PATH": str(socket)}
        self.server = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "scrapyd"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | places | {"QUYNHON_ARCHIVE": str(archive)},
        )  # fmt: skip
        self.web = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(socket)), base_url="http://scrapyd", timeout=60
        )
        wait_until(socket.exists)

    def ask(self, name: str, **form: str) -> dict[str, Any]:
        path = f"/{name}.json"
        answer = (
            self.web.post(path, data=form)
            if form.get("spider") or form.get("job")
            else self.web.get(path, params=form)
        )
        said: dict[str, Any] = answer.json()
        assert said["status"] == "ok", said
        return said

    def jobs(self, state: str) -> list[str]:
        return [job["id"] for job in self.ask("listjobs", project="quynhon")[state]]

    def log(self, job: str) -> str:
        return (self.folder / "logs/quynhon/portal" / f"{job}.log").read_text()

    def close(self) -> None:
        self.web.close()
        self.server.terminate()
        self.server.wait(30)


@pytest.fixture
def scrapyd(portal: Portal, tmp_path: Path) -> Iterator[Scrapyd]:
    archive_of(tmp_path / "a", portal)
    # socket files have short names only, and a test's folder a long one
    with tempfile.TemporaryDirectory(prefix="scrapyd-") as folder:
        server = Scrapyd(Path(folder), tmp_path / "a")
        try:
            yield server
        finally:
            server.close()


def outcomes(folder: Path) -> list[str | None]:
    db = sqlite3.connect(folder / "quynhon.db")
    rows = db.execute("SELECT outcome FROM crawls").fetchall()
    db.close()
    return [row[0] for row in rows]


def test_scrapyd_runs_it_and_ends_it_in_order(scrapyd: Scrapyd, portal: Portal, tmp_path: Path) -> None:
    assert scrapyd.ask("listspiders", project="quynhon")["spiders"] == ["portal"]
    portal.pages, portal.latency = 12, 0.1
    job = scrapyd.ask("schedule", project="quynhon", spider="portal", portal="a")["jobid"]
    wait_until(lambda: len(portal.asked) > 4)
    scrapyd.ask("cancel", project="quynhon", job=job)
    wait_until(lambda: job in scrapyd.jobs("finished"))
    assert outcomes(tmp_path / "a") == ["interrupted"]
    portal.latency = 0
    job = scrapyd.ask("schedule", project="quynhon", spider="portal", portal="a")["jobid"]
    wait_until(lambda: job in scrapyd.jobs("finished"))
    assert outcomes(tmp_path / "a") == ["finished"]
    assert sum(path.startswith("/tin/") for path in portal.asked) == 12
