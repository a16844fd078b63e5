"""A whole `quynhon verify`. Nothing is written: it may run beside a crawl and on a disk that is read-only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from quynhon_crawler.audit.articles import check_articles, check_lists, check_revisits
from quynhon_crawler.audit.files import Count, check_file
from quynhon_crawler.audit.fixity import check_files
from quynhon_crawler.audit.originals import check_originals
from quynhon_crawler.audit.parts import check_parts
from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.errors import UsageError
from quynhon_crawler.home import Home
from quynhon_crawler.manifest import ENDINGS, read_manifest
from quynhon_crawler.store import Store, missing_files
from quynhon_crawler.warc.appender import OPEN


@dataclass(slots=True)
class Verdict:
    """What was looked at and what was wrong. ``bytes`` are of unpacked blocks."""

    files: int = 0
    records: int = 0
    captures: int = 0
    articles: int = 0
    bytes: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def verify(
    home: Home, *, articles: bool = True, on_file: Callable[[int, int], None] | None = None
) -> Verdict:
    """Check everything. Without ``articles`` none is read again: that is nine tenths of the time."""
    found = Verdict()
    manifest = read_manifest(home)
    found.problems += check_files(home, manifest)
    found.problems += check_originals(home, manifest)
    store: Store | None = None
    try:
        store = Store.open(home.database, readonly=True)
    except UsageError as error:
        found.problems.append(Problem("database", str(error)))
    try:
        _check_warcs(home, store, found, on_file)
        if store is not None:
            found.problems += _database(store, home, found, articles=articles)
    finally:
        if store is not None:
            store.connection.close()
    return found


def _check_warcs(
    home: Home, store: Store | None, found: Verdict, on_file: Callable[[int, int], None] | None
) -> None:
    endings = (*ENDINGS, *(ending + OPEN for ending in ENDINGS))
    paths = sorted(p for p in home.warc.glob("*") if p.name.endswith(endings) and not p.is_dir())
    count = Count()
    for number, path in enumerate(paths, 1):
        try:
            found.problems += check_file(path, store.connection if store else None, count)
        except OSError as error:
            found.problems.append(Problem("file", f"cannot be read: {error.strerror}", path.name))
        except sqlite3.Error as error:
            found.problems.append(Problem("database", f"{home.database}: {error}"))
            store = None
        if on_file is not None:
            on_file(number, len(paths))
    found.files, found.records, found.bytes, found.captures = (
        len(paths), count.records, count.bytes, count.rows,
    )  # fmt: skip


def _database(store: Store, home: Home, found: Verdict, *, articles: bool) -> Iterator[Problem]:
    connection = store.connection
    try:
        for (line,) in connection.execute("PRAGMA quick_check(10)"):
            if line != "ok":
                yield Problem("database", f"{home.database}: {line}")
        for table, number, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            yield Problem("database", f"{home.database}: row {number} of {table} names no row of {parent}")
        for lost in missing_files(connection, home.warc):
            yield Problem("row", lost.why, lost.name)
        yield from check_revisits(store, home)
        yield from check_lists(connection)
        yield from check_parts(connection)
        if articles:
            found.articles = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
            yield from check_articles(store, home)
    except sqlite3.DatabaseError as error:
        yield Problem("database", f"{home.database}: {error}; `quynhon rebuild` makes it again")
