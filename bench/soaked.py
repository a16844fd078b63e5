"""What came of a soak: everything that the portal has and sent, against everything that the archive holds."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

from quynhon_crawler.home import Home
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.spread import over_processes
from quynhon_crawler.store.content import public_tables, rows_of
from quynhon_crawler.urls import url_key
from quynhon_crawler.warc.reader import Stored, exchanges


def both(request: bytes, response: bytes) -> bytes:
    return hashlib.sha256(request + b"\0" + response).digest()


def unsaved(home: Home, sent: Counter[tuple[bytes, bytes]]) -> tuple[int, int]:
    """Records in the WARC files; answers that were ``sent`` whole and are in none, not as revisit either."""
    whole: set[bytes] = set()
    heads: set[bytes] = set()
    records = 0
    for path in home.warc.iterdir():
        for item in exchanges(path):
            if isinstance(item, Stored) and item.request:
                records += 1
                kind = whole if item.record.type == "response" else heads
                kind.add(both(item.request.block, item.record.block))
    return records, sum(
        n for (all_of_it, head), n in sent.items() if all_of_it not in whole and head not in heads
    )


def differences(home: Home, portal: SamplePortal) -> Iterator[str]:
    """What the portal has and the archive lacks or has otherwise."""
    db = sqlite3.connect(home.database)
    db.row_factory = sqlite3.Row
    rows = {url_key(row["url"]): row for row in db.execute("SELECT * FROM articles")}
    images = {url_key(url) for (url,) in db.execute("SELECT url FROM images WHERE sha256 IS NOT NULL")}
    db.close()
    truth = portal.truth
    there = {url_key(article.url) for article in truth.articles}
    for article in truth.articles:
        row = rows.get(url_key(article.url))
        if row is None:
            yield f"missing: {article.url}"
            continue
        fields = ("title", "lead", "body", "byline", "published_at")
        wrong = [name for name in fields if row[name] != getattr(article, name)]
        wrong += ["gone_at"] if row["gone_at"] else []
        if wrong:
            yield f"differs in {', '.join(wrong)}: {article.url}"
    for url in truth.images:
        if url_key(url) not in images:
            yield f"no bytes of the picture {url}"
    for key, row in rows.items():
        if key not in there and "/tag/" not in row["url"] and not row["gone_at"]:
            yield f"removed, and not marked as gone: {row['url']}"


def verified(home: Home) -> tuple[bool, str]:
    """Whether `quynhon verify` finds no fault, and its last line."""
    command = [sys.executable, "-m", "quynhon_crawler.cli", "verify", "--archive", str(home.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0, (done.stdout.strip().splitlines() or [done.stderr.strip()])[-1]


def unequal(home: Home) -> list[str]:
    """Tables that have other rows when the database is made again from the WARC files."""
    again = Home(home.root / "again")
    again.root.mkdir()
    again.warc.symlink_to(home.warc.absolute())
    again.config.write_text(home.config.read_text())
    rebuild(again, spread=over_processes(2))
    return [name for name, live, made in _both_sides(home, again) if live != made]


def _both_sides(home: Home, again: Home) -> Iterator[tuple[str, set[object], set[object]]]:
    """Each public table with its rows in both databases."""
    with sqlite3.connect(home.database) as live, sqlite3.connect(again.database) as made:
        for name in public_tables(live):
            yield name, set(rows_of(live, name)), set(rows_of(made, name))
    live.close()
    made.close()
