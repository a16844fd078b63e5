"""How fast and how large the database is: python -m bench.store [--articles 50000] [--folder DIR]

CPU seconds of one core for writing and searching; wall seconds for the dump, which waits for the disk.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import statistics
import tempfile
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

from bench.store_text import HOME, articles, words
from quynhon_crawler.model import Capture, Reading
from quynhon_crawler.store import Store
from quynhon_crawler.store.export import export_dump

# What a fast crawl commits at once.
_COMMIT = 500


def insert(path: Path, count: int) -> float:
    """CPU seconds; generating the articles is not counted."""
    spent = 0.0
    made = articles(count)
    with Store.open(path, create=True) as store:
        portal_id = store.put_portal(name="Bench", home_url=HOME, system="vhv", rights=None)
        while batch := list(islice(made, _COMMIT)):
            start = time.process_time()
            for seen, article in batch:
                store.add_reading(seen, Reading("bench", "article", article), portal_id=portal_id)
            store.commit()
            spent += time.process_time() - start
    return spent


def plain(path: Path, count: int) -> float:
    """CPU seconds of SQLite alone for the same texts: one table, one full-text index with its defaults.

    What a machine that others use costs shows here as well, so that the two can be compared.
    """
    spent = 0.0
    made = articles(count)
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in (
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = NORMAL",
        "CREATE TABLE articles(id INTEGER PRIMARY KEY, title TEXT, lead TEXT, body TEXT, body_html TEXT)",
        "CREATE VIRTUAL TABLE words USING fts5(title, lead, body, content='articles', content_rowid='id')",
    ):
        connection.execute(statement).fetchall()
    while batch := list(islice(made, _COMMIT)):
        start = time.process_time()
        rows = sorted((seen.id, a.title, a.lead, a.body, a.body_html) for seen, a in batch)
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", rows)
        sql = "INSERT INTO words(rowid, title, lead, body) VALUES (?, ?, ?, ?)"
        connection.executemany(sql, [row[:4] for row in rows])
        connection.execute("COMMIT")
        spent += time.process_time() - start
    connection.close()
    return spent


def later(seen: Capture) -> Capture:
    """The same answer a year on."""
    return replace(
        seen,
        captured_at=f"2027{seen.captured_at[4:]}",
        warc_record_id=f"{seen.warc_record_id}2",
        crawl_id="again",
    )


def see_again(path: Path, count: int) -> float:
    """CPU milliseconds for an article that has not changed."""
    spent, seen_again = 0.0, min(count, 10 * _COMMIT)
    made = articles(seen_again)
    with Store.open(path) as store:
        portal_id = store.put_portal(name="Bench", home_url=HOME, system="vhv", rights=None)
        store.commit()
        while batch := list(islice(made, _COMMIT)):
            again = [(later(seen), article) for seen, article in batch]
            start = time.process_time()
            for seen, article in again:
                store.add_reading(seen, Reading("bench", "article", article), portal_id=portal_id)
            store.commit()
            spent += time.process_time() - start
    return spent / seen_again * 1000


def bare(path: Path, source: Path) -> int:
    """Bytes of the table ``articles`` alone, filled with the same rows in the same order of arrival."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("ATTACH ? AS full", (str(source),))
    columns = [row[1] for row in connection.execute("PRAGMA full.table_info(articles)")]
    connection.execute(f"CREATE TABLE articles(id INTEGER PRIMARY KEY, {', '.join(columns[1:])})")
    connection.execute("INSERT INTO articles SELECT * FROM full.articles ORDER BY first_seen_at")
    connection.commit()
    connection.close()
    return path.stat().st_size


def searches(path: Path, count: int = 200) -> tuple[float, float]:
    """p50 and p95 of CPU milliseconds for four words that some article holds, half of them without marks."""
    source, times = random.Random(3), []
    with Store.open(path, readonly=True) as store:
        bodies = store.connection.execute(
            "SELECT body FROM articles ORDER BY id LIMIT ?", (count,)
        ).fetchall()
        for number, (body,) in enumerate(bodies):
            typed = " ".join(source.sample(sorted(set(body.replace(".", "").split())), 4))
            if number % 2:
                typed = typed.replace("đ", "d")
            start = time.process_time()
            found = store.search(typed)
            times.append((time.process_time() - start) * 1000)
            assert found.total
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def common_searches(path: Path, count: int = 100) -> tuple[float, float]:
    """The same for four words drawn as often as they are used: most match a large part of the archive."""
    source, times = random.Random(4), []
    with Store.open(path, readonly=True) as store:
        for _ in range(count):
            typed = " ".join(words(source, 4))
            start = time.process_time()
            store.search(typed)
            times.append((time.process_time() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def dump(path: Path, folder: Path) -> float:
    """Wall seconds."""
    start = time.perf_counter()
    export_dump(path, folder)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "quynhon.db"
        spent = insert(path, options.articles)
        sqlite = plain(Path(folder) / "plain.db", options.articles)
        print(f"insert          {options.articles / spent:,.0f} articles/s of CPU")
        print(f"SQLite alone    {options.articles / sqlite:,.0f} articles/s of CPU, one table and one index")
        print(f"seen again      {see_again(path, options.articles):.3f} ms")
        print(f"memory          {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:,.0f} MB at most")
        size, alone = path.stat().st_size, bare(Path(folder) / "bare.db", path)
        print(f"database        {size / 1e6:,.0f} MB, {size / alone:.2f} times the bare table")
        print("four words      p50 {:.1f} ms, p95 {:.1f} ms".format(*searches(path)))
        print(f"dump            {dump(path, Path(folder) / 'dump'):.1f} s")
        print("common words    p50 {:.1f} ms, p95 {:.1f} ms".format(*common_searches(path)))


if __name__ == "__main__":
    main()
