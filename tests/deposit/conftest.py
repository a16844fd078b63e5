"""One portal crawled twice, for all tests of packages and replay that only read; the field's own tools."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import archive
from tests.crawl.run_crawl import quynhon

FIELD = Path(f"{sys.prefix}-field") / "bin"


@dataclass(frozen=True)
class Crawled:
    """The archive of a portal that is not running any more, and the address that it had."""

    home: Home
    portal: str


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """A portal crawled, and crawled again in full: responses, revisits of both kinds, POSTs, redirects."""
    folder = archive(tmp_path_factory.mktemp("crawled") / "archive")
    with SamplePortal(articles=6) as portal:
        for more in ((), ("--full",)):
            done = quynhon("crawl", portal.url, "--archive", folder, *more)
            assert "finished" in done.stdout, done.stdout + done.stderr
        url = portal.url
    return Crawled(Home(folder), url)


@pytest.fixture
def own(crawled: Crawled, tmp_path: Path) -> Home:
    """A copy of that archive, to change."""
    shutil.copytree(crawled.home.root, tmp_path / "archive")
    return Home(tmp_path / "archive")


@pytest.fixture(scope="session")
def field() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a tool of the environment that tools/make-venv-field makes: wacz, cdxj-indexer."""
    if not (FIELD / "wacz").exists():
        pytest.skip(f"no wacz in {FIELD}: tools/make-venv-field {FIELD.parent} {sys.executable}")

    def run(tool: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [str(FIELD / tool), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    return run
