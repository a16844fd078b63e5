"""A folder in which the archivists' guide was followed, from an empty one to a public site."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from quynhon_crawler.sample import SamplePortal
from tests.publish.guides.pages import Block, blocks, guide


@dataclass
class Desk:
    """Where the commands of the guides are typed; the addresses in them are those of a sample portal."""

    folder: Path
    portal: str
    article: str
    port: int
    done: dict[str, subprocess.CompletedProcess[str]] = field(default_factory=dict)
    site: subprocess.Popen[bytes] | None = None

    def type(self, block: Block) -> subprocess.CompletedProcess[str]:
        """Do what a guide says."""
        text = block.text.replace("https://quynhon.gov.vn/tin-tuc/bai.html", self.article)
        text = text.replace("https://quynhon.gov.vn/", self.portal)
        text = text.replace("https://kho.example.vn", f"http://127.0.0.1:{self.port}")
        # A guide is polite to a portal; ours is in this machine, and shall not take an hour.
        text = text.replace("quynhon crawl ", "quynhon crawl --delay 0 --concurrency 8 ")
        text = text.replace("--port 8001", f"--port {self.port}")
        command = [sys.executable, "-c", text] if block.language == "python" else ["bash", "-c", text]
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path}
        if text.startswith("quynhon serve"):
            self.site = subprocess.Popen(
                ["bash", "-c", f"exec {text}"], cwd=self.folder, env=environment, stdout=subprocess.DEVNULL
            )
            self._wait()
            return subprocess.CompletedProcess(command, 0, "", "")
        if text.startswith("quynhon schedule"):
            self._write_timetable()
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def _write_timetable(self) -> None:
        """What the guide says to write into archive.toml: the portals, and when."""
        config = self.folder / "my-archive" / "archive.toml"
        text = config.read_text("utf-8").replace('# every = "daily 02:30"', 'every = "daily 02:30"')
        config.write_text(f'{text}\n[[portals]]\nname = "quynhon"\nurl = "{self.portal}"\n', "utf-8")

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/", timeout=30)
                return
            except httpx.TransportError:
                assert time.monotonic() < end, "the site did not start"
                time.sleep(0.05)


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with SamplePortal(articles=24) as portal:
        url, article = f"{portal.url.rstrip('/')}/", portal.truth.articles[0].url
        made = Desk(tmp_path_factory.mktemp("desk"), url, article, _two_ports())
        try:
            for block in blocks(guide("en", "archivists")):
                made.done[block.text] = made.type(block)
            yield made
        finally:
            if made.site is not None:
                made.site.terminate()  # not Ctrl-C: what runs in the background may ignore that
                made.site.wait(60)


def _two_ports() -> int:
    """A free port whose neighbour is free too: the replay takes that one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
