"""A whole `quynhon import`: every file taken, then read into the database as a rebuild would read it."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from quynhon_crawler.config import Config, load
from quynhon_crawler.errors import ArchiveError, DiskFull, RecordError
from quynhon_crawler.home import Home
from quynhon_crawler.imports.remote import expand, fetch, is_address
from quynhon_crawler.imports.report import ImportReport, told
from quynhon_crawler.imports.sources import find
from quynhon_crawler.imports.taking import Taken, Taker
from quynhon_crawler.lock import lock_archive
from quynhon_crawler.manifest import Manifest, read_manifest, warc_files
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.rebuild.batches import Batch, read_batches
from quynhon_crawler.rebuild.learning import Learner
from quynhon_crawler.rebuild.scope import make_scope, scope_of
from quynhon_crawler.spread import Spread, Task, Unread, alone
from quynhon_crawler.store import Store
from quynhon_crawler.store.missing import unread_files

OnFile = Callable[[int, int], None]


def import_files(
    home: Home,
    named: tuple[str, ...],
    *,
    dry_run: bool = False,
    hosts: tuple[str, ...] = (),
    source: str | None = None,
    spread: Spread = alone,
    on_file: OnFile | None = None,
) -> ImportReport:
    """Take files, folders, patterns and addresses into the archive.

    ``hosts`` are in scope beside those of archive.toml.

    Each is copied and checked here, then read by whom ``spread`` says (a dry run reads here). Raises
    UsageError before anything is touched, DiskFull and ArchiveError when the archive cannot be written; what
    was taken until then is there, and the command can be run again.
    """
    (paths, left_out), config = _found(named), load(home.config)
    try:
        if dry_run:
            with tempfile.TemporaryDirectory(prefix="quynhon-") as aside:
                taker = Taker(home, read_manifest(home), Path(aside), hosts=hosts, dry=True)
                return _look(config, taker, paths, hosts, source, on_file).led_by(left_out)
        with lock_archive(home, "import"):
            aside_folder = home.state / "importing"
            shutil.rmtree(aside_folder, ignore_errors=True)
            aside_folder.mkdir()
            try:
                made = _import(home, config, aside_folder, paths, hosts, source, spread, on_file)
                return made.led_by(left_out)
            finally:
                shutil.rmtree(aside_folder, ignore_errors=True)
    except DiskFull as error:  # of the database or the manifest
        raise _no_room(home) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_room(home) from error
        raise ArchiveError(f"{error.filename or home.root}: {error.strerror or error}") from error


def _no_room(home: Home) -> DiskFull:
    return DiskFull(
        f"{home.root}: no room; the files that were taken until then lie whole in warc/, perhaps without "
        "rows in the database; make room and run the import again: it reads them too, and goes on"
    )


def _found(named: tuple[str, ...]) -> tuple[list[Path | str], list[str]]:
    """Paths, and addresses on other storage; and lines of what cannot be taken."""
    paths: list[Path | str] = []
    left_out: list[str] = []
    for name in named:
        if is_address(name):
            paths += expand(name)
        else:
            found = find((name,))
            paths += [path.absolute() for path in found.paths]
            left_out += found.left_out
    return list(dict.fromkeys(paths)), list(dict.fromkeys(left_out))


def _look(
    config: Config,
    taker: Taker,
    paths: list[Path | str],
    hosts: tuple[str, ...],
    source: str | None,
    on_file: OnFile | None,
) -> ImportReport:
    report, scope = ImportReport(), make_scope(config, hosts)
    for number, path in enumerate(paths, 1):
        taken = _take(taker, path, source)
        for each in taken.paths:  # copies, under the names that they came by
            for batch in read_batches(each, scope):
                taken.contents.see_batch(batch)
        report.files.append(told(taken, path))
        if on_file is not None:
            on_file(number, len(paths))
    return report


def _import(
    home: Home,
    config: Config,
    aside: Path,
    paths: list[Path | str],
    hosts: tuple[str, ...],
    source: str | None,
    spread: Spread,
    on_file: OnFile | None,
) -> ImportReport:
    report, manifest = ImportReport(), read_manifest(home)
    lost = not home.database.exists() and bool(warc_files(home))
    taker = Taker(home, manifest, aside, hosts=hosts, dry=False)
    taken_all: list[tuple[Taken, Path | str]] = []
    reading: list[tuple[Taken | None, str]] = []  # what each task is of, and what its sender called it
    database = aside / "none.db" if lost else home.database

    def tasks(store: Store) -> Iterator[Task]:
        for earlier in [] if lost else unread(home, store, manifest):
            reading.append((None, earlier.name))
            yield Task(earlier, (scope_of(config, manifest, earlier.name),))
        for number, path in enumerate(paths, 1):
            taken = _take(taker, path, source)
            taken_all.append((taken, path))
            if taken.status == "taken" and not lost:
                for each, shown in zip(taken.paths, taken.shown, strict=True):
                    reading.append((taken, shown))
                    yield Task(each, (scope_of(config, manifest, each.name),))
            if on_file is not None:
                on_file(number, len(paths))

    with Store.open(database, create=True) as store, Learner(home, store, config, manifest) as learner:
        before = store.captures()
        # Whole: what is committed is whole files, since a file with any row counts as read (unread).
        for number, batch in spread(read_batches, tasks(store), whole=True):
            if batch is None:
                store.commit()
            elif isinstance(batch, Unread):
                taken, _ = reading[number]
                (taken.contents.tell if taken else report.problems.append)(str(batch))
            else:
                _learn(learner, batch, *reading[number])
        learner.settle()
        _settle_earlier(learner, store, home, config, manifest)
        report.captures, report.unresolved = store.captures() - before, learner.unresolved
        report.files = [told(taken, path) for taken, path in taken_all]
        known = {line for each in report.files for line in each.problems}
        report.problems += [line for line in learner.problems if line not in known]
    if lost:  # a database of these files alone would be shown as the archive
        made = rebuild(home, spread=spread)
        report.captures, report.unresolved = made.captures, made.unresolved
    return report


def unread(home: Home, store: Store, manifest: Manifest) -> list[Path]:
    """Imported files that wait to be read: an import was killed before it came to them."""
    entries = ((path, manifest.of_warc(path.name)) for path in warc_files(home))
    return unread_files(store.connection, (path for path, entry in entries if entry and entry.by == "import"))


def _take(taker: Taker, path: Path | str, source: str | None) -> Taken:
    try:
        if isinstance(path, Path):
            return taker.take(path, source=source)
        with taker.room() as room:
            return taker.take(fetch(path, room), source=source or path)
    except RecordError as error:
        return Taken(str(path), "refused", why=str(error))
    except OSError as error:
        if error.filename != str(path):
            raise
        return Taken(str(path), "refused", why=f"{path}: cannot be read: {error.strerror}")


def _learn(learner: Learner, batch: Batch, taken: Taken | None, shown: str) -> None:
    """``taken`` None: of an earlier import, which told what is wrong with it."""
    batch.problems = [line.replace(batch.name, shown, 1) for line in batch.problems] if taken else []
    learner.write(batch)
    if taken is not None:
        taken.contents.see_batch(batch)


def _settle_earlier(learner: Learner, store: Store, home: Home, config: Config, manifest: Manifest) -> None:
    """Revisits of earlier files, whose bodies may have come with these."""
    before = learner.unresolved
    sql = """SELECT DISTINCT warc_file FROM captures WHERE record_type = 'revisit' AND body_sha256 IS NULL
        ORDER BY warc_file"""
    store.flush()
    names = [row[0] for row in store.connection.execute(sql).fetchall()]
    for name in names:
        sql = (
            "SELECT id FROM captures WHERE warc_file = ? AND record_type = 'revisit' AND body_sha256 IS NULL"
        )
        waiting = {row[0] for row in store.connection.execute(sql, (name,)).fetchall()}
        path = home.warc_path(name)
        if not path.exists():
            continue
        for batch in read_batches(path, scope_of(config, manifest, name)):
            for home_url, page, refers in batch.revisits:
                if page.capture is not None and page.capture.id in waiting:
                    learner.settle_one(home_url, page, refers)
    learner.unresolved = learner.unresolved - before if names else before
