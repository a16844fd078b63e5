"""Archive folders of the tests: made, and looked into."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.warc.reader import Stored, exchanges

SETTINGS = """
[crawl]
delay = 0
concurrency = 4
retries = 1
retry_delay = 0
timeout = 20.0
"""
VALIDATORS = (
    ["gzip", "-t"],
    [sys.executable, "-W", "ignore", "-c", "from warcio.cli import main; main()", "check"],
    [sys.executable, "-W", "ignore", "-c", "from fastwarc.cli import main; main()", "check"],
)


def archive(folder: Path, more: str = "min_free = 0\n") -> Path:
    """A new archive folder that does not wait."""
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "archive.toml").write_text(SETTINGS + more)
    return folder


def warcs(folder: Path) -> list[Path]:
    """Its WARC files, by name."""
    return sorted((folder / "warc").iterdir())


def stored(folder: Path) -> list[Stored]:
    """Its responses and revisits, in order."""
    return [item for path in warcs(folder) for item in exchanges(path) if isinstance(item, Stored)]


def missing(folder: Path, portal: SamplePortal) -> set[str]:
    """Articles of the portal that the database does not have."""
    return {article.url for article in portal.truth.articles} - {u for (u,) in ask(folder, "url", "articles")}


def ask(folder: Path, columns: str, table: str) -> list[tuple[object, ...]]:
    """Columns of a table of quynhon.db."""
    db = sqlite3.connect(folder / "quynhon.db")
    rows = db.execute(f"SELECT {columns} FROM {table}").fetchall()
    db.close()
    return rows


def assert_level(folder: Path) -> None:
    """Every file closed and without fault, and the database has every capture of them and no other."""
    files = warcs(folder)
    assert files
    assert all(path.name.endswith(".warc.gz") for path in files)
    for command in VALIDATORS:
        for path in files:
            done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
            assert done.returncode == 0, (command, path.name, done.stdout, done.stderr)
    ids = {(item.record.id,) for item in stored(folder)}
    assert ids == set(ask(folder, "warc_record_id", "captures"))
