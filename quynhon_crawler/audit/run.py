"""A whole `quynhon verify`. Nothing is written: it may run beside a crawl and on a disk that is read-only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from quynhon_crawler.audit.articles import check_articles
from quynhon_crawler.audit.files import Look, Rows, look_at
from quynhon_crawler.audit.fixity import check_files, check_strangers
from quynhon_crawler.audit.lists import check_lists
from quynhon_crawler.audit.originals import check_originals
from quynhon_crawler.audit.parts import check_parts
from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.audit.revisits import check_revisits
from quynhon_crawler.errors import UsageError
from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.lock import crawl_lock, holder
from quynhon_crawler.losses import to_do
from quynhon_crawler.manifest import Manifest, all_warc_files, lost_database, read_manifest
from quynhon_crawler.spread import Spread, Task, Unread, alone
from quynhon_crawler.store import Store, missing_files
from quynhon_crawler.store.database import translated
from quynhon_crawler.store.decided import fault_of, undecided
from quynhon_crawler.store.soundness import damage_of

#: What is looked at, how much of it is done, and how much there is.
OnStep = Callable[[str, int, int], None]


@dataclass(slots=True)
class Verdict:
    """What was looked at and what was wrong. ``bytes`` are of unpacked blocks.

    Beside a crawl (``crawling``) nobody asks for what it has yet to write: rows of its last records, and what
    the portal's lists count.
    """

    files: int = 0
    records: int = 0
    captures: int = 0
    articles: int = 0
    bytes: int = 0
    crawling: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def verify(
    home: Home, *, articles: bool = True, spread: Spread = alone, on_step: OnStep | None = None
) -> Verdict:
    """Check everything. Without ``articles`` none is read again: that is nine tenths of the time.

    ``spread`` says who reads the files; rows are compared here.
    """
    found = Verdict(crawling=holder(crawl_lock(home)) is not None)
    tell = on_step or (lambda *_: None)
    manifest = read_manifest(home)
    store: Store | None = None
    sums: dict[str, tuple[int, str]] = {}
    try:
        store = Store.open(home.database, readonly=True)
    except UsageError as error:
        found.problems.append(Problem("database", lost_database(home) or str(error)))
    if store is not None and (damage := _damage(store, home)):
        # Its rows would be told one by one, in SQLite's words: what lies in files is checked without them.
        found.problems.append(Problem("database", damage))
        store.connection.close()
        store = None
    try:
        of_files = _check_warcs(home, store, found, sums, spread, tell)
        found.problems += check_files(home, manifest, sums)
        found.problems += check_strangers(home)
        found.problems += check_originals(home, manifest)
        if store is None and (why := fault_of(home.database)):
            found.problems.append(Problem("takedown", why, home.takedowns.name))
        found.problems += of_files
        if store is not None:
            found.problems += _database(store, home, manifest, crawling=found.crawling)
            if articles:
                found.articles = _count(store)
                found.problems += _articles(store, home, spread, tell)
    finally:
        if store is not None:
            store.connection.close()
    return found


def _damage(store: Store, home: Home) -> str | None:
    try:
        damage = damage_of(store.connection)
    except sqlite3.DatabaseError as error:
        return str(translated(error, home.database))
    return damage and f"{home.database}: {damage}"


def _check_warcs(
    home: Home,
    store: Store | None,
    found: Verdict,
    sums: dict[str, tuple[int, str]],
    spread: Spread,
    tell: OnStep,
) -> list[Problem]:
    """Every file; problems in the order of the files."""
    paths = all_warc_files(home)
    problems: list[list[Problem]] = [[] for _ in paths]
    rows: dict[int, Rows] = {}
    tasks = [Task(path, (not path.name.endswith(OPEN),)) for path in paths]
    for number, look in spread(look_at, tasks):
        name = paths[number].name.removesuffix(OPEN)
        if isinstance(look, Unread):
            problems[number].append(Problem("file", look.why, look.where))
            continue
        try:
            if store is not None and number not in rows:
                is_open = paths[number].name.endswith(OPEN)
                left = paths[number] if is_open and not found.crawling else None
                rows[number] = Rows(store.connection, name, grows=is_open and found.crawling, left=left)
            if look is not None:
                _see(look, found, problems[number], rows.get(number) if store else None)
                if look.sum:
                    sums[f"warc/{name}"] = look.sum
                continue
            if number in rows:
                problems[number] += rows[number].rest()
                found.captures += rows.pop(number).count
        except sqlite3.Error as error:
            problems[number].append(Problem("database", f"{home.database}: {error}"))
            store = None
            rows.clear()
        if look is None:
            found.files += 1
            tell("Files", found.files, len(paths))
    return [problem for each in problems for problem in each]


def _see(look: Look, found: Verdict, problems: list[Problem], rows: Rows | None) -> None:
    found.records += look.records
    found.bytes += look.bytes
    for item in look.found:
        if isinstance(item, Problem):
            problems.append(item)
        elif rows is not None:
            problems += rows.meet(item)


def _database(store: Store, home: Home, manifest: Manifest, *, crawling: bool) -> Iterator[Problem]:
    connection = store.connection
    try:
        for table, number, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            yield Problem("database", f"{home.database}: row {number} of {table} names no row of {parent}")
        if why := undecided(connection, home.database):
            yield Problem("takedown", why, home.takedowns.name)
        for lost in missing_files(connection, home.warc):
            todo = to_do(home, manifest, f"warc/{lost.name}")
            yield Problem("row", f"{lost.why}; {todo}", lost.name)
        yield from check_revisits(store, home)
        if not crawling:  # it has not come to all that its lists count
            yield from check_lists(connection)
        yield from check_parts(connection)
    except sqlite3.DatabaseError as error:
        yield _damaged(home, error)


def _articles(store: Store, home: Home, spread: Spread, tell: OnStep) -> Iterator[Problem]:
    try:
        yield from check_articles(store, home, spread, lambda done, total: tell("Articles", done, total))
    except sqlite3.DatabaseError as error:
        yield _damaged(home, error)


def _count(store: Store) -> int:
    try:
        return int(store.connection.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.DatabaseError:
        return 0  # told when they are read


def _damaged(home: Home, error: sqlite3.Error) -> Problem:
    return Problem("database", f"{home.database}: {error}; `quynhon rebuild` makes it again")
