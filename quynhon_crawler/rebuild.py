"""The database made again from warc/, beside the old one, and put in its place at the end.

Files may be read in any order and by any number of processes: the database is a function of the set of
records. Workers read and understand, one writer writes. Answers that stand for an earlier record (revisits)
come last, when all that they can refer to is known.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quynhon_crawler.config import Config, load, portal_for
from quynhon_crawler.errors import ArchiveError, ConfigError, RecordError
from quynhon_crawler.home import Home
from quynhon_crawler.ingest import Understood, ingest_fetch_error, put, refers_to, resolve, understand
from quynhon_crawler.model import Page
from quynhon_crawler.store import Store, missing_files
from quynhon_crawler.store.content import content_digest
from quynhon_crawler.store.hold import held
from quynhon_crawler.store.medium import read_uri
from quynhon_crawler.store.rows import CRAWL_OUTCOME
from quynhon_crawler.warc.info import crawl_end_of, warcinfo_of
from quynhon_crawler.warc.reader import Record, capture_of, exchanges, page_of


@dataclass(slots=True)
class FileReading:
    """What one WARC file holds. ``revisits`` are pages without their body, each with what it refers to."""

    info: dict[str, str] = field(default_factory=dict)
    understood: list[Understood] = field(default_factory=list)
    revisits: list[tuple[Page, tuple[str, str]]] = field(default_factory=list)
    errors: list[Record] = field(default_factory=list)
    ends: list[dict[str, Any]] = field(default_factory=list)
    broken: str | None = None


@dataclass(slots=True)
class Rebuilt:
    """How it went. ``broken`` lists what could not be read, one line each, with file@offset.

    ``content_digest`` is the same for the same records, in any order of files and by any number of workers.
    """

    files: int = 0
    captures: int = 0
    broken: list[str] = field(default_factory=list)
    content_digest: str = ""


def rebuild(
    home: Home,
    *,
    workers: int = 1,
    on_file: Callable[[int, int], None] | None = None,
    order: Callable[[list[Path]], None] = list.sort,
) -> Rebuilt:
    """Make quynhon.db again. The old one stays until the new one is whole; interrupted, it stays for good.

    ``on_file`` is told (files done, files in all); ``order`` puts the files into the order of reading, which
    does not matter to the result. Raises ArchiveError when there is nothing to read.
    """
    files = list(home.warc.glob("*.warc.gz"))
    order(files)
    if not files:
        raise ArchiveError(f"{home.warc}: no WARC files, so nothing to rebuild from")
    _refuse_loss(home)
    config = load(home.config)
    fresh = home.database.with_name("quynhon.db.rebuilding")
    _remove(fresh)
    result = Rebuilt()
    try:
        with Store.open(fresh, create=True) as store:
            late: list[tuple[int, str, Page, tuple[str, str]]] = []
            for number, reading in enumerate(_read_all(files, workers), 1):
                portal_id, home_url = _write(store, config, reading)
                late += [(portal_id, home_url, page, refers) for page, refers in reading.revisits]
                result.captures += len(reading.understood) + len(reading.revisits)
                result.files += 1
                if reading.broken:
                    result.broken.append(reading.broken)
                store.commit()
                if on_file is not None:
                    on_file(number, len(files))
            for portal_id, home_url, page, refers in late:
                whole = resolve(store, home, page, refers)
                put(store, understand(whole, home_url=home_url), portal_id=portal_id)
            store.commit()
        # What is decided while this runs must hold in the new database too: none is, from here to the end.
        with held(home.root):
            with Store.open(fresh) as store:
                result.content_digest = content_digest(store.connection)
            _swap(fresh, home.database)
    finally:
        _remove(fresh)
    return result


def read_file(path: Path) -> FileReading:
    """One WARC file, understood; a part that cannot be read is told, and what came before it is kept."""
    found = FileReading()
    try:
        for item in exchanges(path):
            if isinstance(item, Record):
                if item.type == "warcinfo":
                    found.info = warcinfo_of(item)
                elif end := crawl_end_of(item):
                    found.ends.append(end)
                elif item.type == "metadata":
                    found.errors.append(item)
                continue
            capture, answer = capture_of(item, crawl_id=found.info.get("ispartof"))
            page = page_of(capture, answer, item.request.block if item.request else None)
            if refers := refers_to(item.record):
                found.revisits.append((page, refers))
            else:
                found.understood.append(understand(page, home_url=found.info.get("portal", page.url)))
    except RecordError as error:
        found.broken = str(error)
    return found


def _read_all(files: list[Path], workers: int) -> Iterator[FileReading]:
    if workers == 1:
        yield from map(read_file, files)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(read_file, files)


def _write(store: Store, config: Config, reading: FileReading) -> tuple[int, str]:
    """Into the database, all but the revisits; returns the portal's id and address."""
    home_url = reading.info.get("portal") or _first_url(reading)
    portal = config.find_portal(home_url) or portal_for(home_url)
    portal_id = store.put_portal(
        name=portal.title or portal.name,
        home_url=portal.url,
        system=portal.system or None,
        rights=portal.rights or config.archive.rights or None,
    )
    if crawl_id := reading.info.get("ispartof"):
        mode, started = reading.info.get("mode", "import"), reading.info.get("started", "")
        store.start_crawl(id=crawl_id, portal_id=portal_id, mode=mode, started_at=started)
    for understood in reading.understood:
        put(store, understood, portal_id=portal_id)
    for error in reading.errors:
        ingest_fetch_error(store, error)
    for end in reading.ends:
        # The record says more than the table holds, and a newer program may say yet more.
        columns = {name: end[name] for name in CRAWL_OUTCOME if name in end}
        store.finish_crawl(str(end["id"]), **columns)
    return portal_id, portal.url


def _first_url(reading: FileReading) -> str:
    """The site of a file that does not say whose it is."""
    for url in (item.capture.url for item in reading.understood):
        with suppress(ConfigError):
            return portal_for(url).url
    return "http://unknown.invalid/"


def _refuse_loss(home: Home) -> None:
    """ArchiveError when rows of the present database lie in files that are not here: they would be lost."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(read_uri(home.database), uri=True)) as connection:
        for lost in missing_files(connection, home.warc):
            raise ArchiveError(
                f"{lost.name} {lost.why}; to make a database without it, move {home.database} away first"
            )


def _swap(fresh: Path, old: Path) -> None:
    # The old one's log must go first, or SQLite would play it into the new one; killed between the two, the
    # old one is whole because its log was empty.
    with suppress(sqlite3.Error), closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for side in ("-wal", "-shm"):
        old.with_name(old.name + side).unlink(missing_ok=True)
    fresh.replace(old)


def _remove(path: Path) -> None:
    for name in (path.name, path.name + "-wal", path.name + "-shm"):
        path.with_name(name).unlink(missing_ok=True)
