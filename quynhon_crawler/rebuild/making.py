"""The database made again from warc/, beside the old one, and put in its place at the end.

Files may be read in any order and by any number of processes: the database is a function of the set of
records. Workers read and understand, one writer writes. Answers that stand for an earlier record (revisits)
come last, when all that they can refer to is known.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from quynhon_crawler.config import Config, load
from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.losses import all_gone, give_up
from quynhon_crawler.manifest import (
    Manifest,
    all_warc_files,
    read_manifest,
    record_missing,
)
from quynhon_crawler.rebuild.batches import read_batches
from quynhon_crawler.rebuild.learning import Learner
from quynhon_crawler.rebuild.loss import (
    changed_files,
    empty_files,
    lost_files,
    refuse_damaged,
    refuse_missing,
    without_sum,
)
from quynhon_crawler.rebuild.present import kept_aside, rescued
from quynhon_crawler.rebuild.scope import Scope, scope_of
from quynhon_crawler.rebuild.sums import begun_again
from quynhon_crawler.spread import Spread, Task, Unread, alone
from quynhon_crawler.store import Store
from quynhon_crawler.store.aside import made_aside
from quynhon_crawler.store.content import content_digest
from quynhon_crawler.store.hold import held
from quynhon_crawler.store.soundness import is_sound

# A page of the site that is being read holds the old database for that long at the most.
_PATIENCE = 60.0


@dataclass(slots=True)
class Rebuilt:
    """How it went. ``broken`` lists what could not be read, one line each, with file@offset;
    ``notes`` are lines about what is no fault.

    ``content_digest`` is the same for the same records, in any order of files and by any number of workers.
    ``unresolved`` counts revisits of what is not in the archive.
    """

    files: int = 0
    captures: int = 0
    unresolved: int = 0
    broken: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    content_digest: str = ""


def rebuild(
    home: Home,
    *,
    spread: Spread = alone,
    on_file: Callable[[int, int], None] | None = None,
    order: Callable[[list[Path]], None] = list.sort,
    without_lost: bool = False,
) -> Rebuilt:
    """Make quynhon.db again. The old one stays until the new one is whole; interrupted, it stays for good.

    ``on_file`` is told (files done, files in all); ``order`` puts the files into the order of reading, which
    does not matter to the result. ``spread`` says who reads them. Raises ArchiveError when there is nothing
    to read, and when rows of the old one would be lost, but ``without_lost``. The caller holds the archive's
    lock.
    """
    files = all_warc_files(home)
    order(files)
    if not files:
        raise ArchiveError(all_gone(home) or f"{home.warc}: no WARC files, so nothing to rebuild from")
    if not without_lost:
        refuse_missing(home)
    config, manifest = load(home.config), read_manifest(home)
    lost_sums, notes = without_sum(home, manifest)
    sound = is_sound(home.database)
    for wrong, line in rescued(home, sound=sound):
        (lost_sums if wrong else notes).append(line)
    tasks = [Task(path, _told(config, manifest, path.name)) for path in files]
    fresh = home.database.with_name("quynhon.db.rebuilding")
    _remove(fresh)
    result = Rebuilt(notes=notes)
    try:
        with made_aside(fresh) as store, Learner(home, store, config, manifest) as learner:
            for _, batch in spread(read_batches, tasks):
                if isinstance(batch, Unread):
                    learner.problems.append(str(batch))
                    continue
                if batch is not None:
                    learner.write(batch)
                    continue
                store.commit()
                result.files += 1
                if on_file is not None:
                    on_file(result.files, len(files))
            learner.settle()
            store.commit()
            result.captures, result.unresolved = store.captures(), learner.unresolved
            result.broken = sorted(
                [*learner.problems, *lost_sums, *changed_files(home, manifest, learner.other_sums)]
            )
        # What is decided while this runs must hold in the new database too: none is, from here to the end.
        with held(home.root):
            with Store.open(fresh) as store:
                result.content_digest = content_digest(store.connection)
            if not without_lost:
                refuse_damaged(home, fresh, manifest, learner.other_sums)
            if not sound:
                notes.append(kept_aside(home.database))
            _swap(fresh, home.database)
    finally:
        _remove(fresh)
    result.broken.extend(begun_again(home, manifest))
    record_missing(home, by="rebuild")
    if without_lost:
        gone = (f"{file}: is not there and is given up, as manifest.jsonl says now" for file in give_up(home))
        result.notes.extend(gone)
    result.broken.extend([*empty_files(home, manifest), *lost_files(home)])
    return result


def _told(config: Config, manifest: Manifest, name: str) -> tuple[Scope, str | None]:
    """What a reader is told of a file: whose pages are read, and its recorded SHA-256, which an open one has
    not yet."""
    entry = None if name.endswith(OPEN) else manifest.of_warc(name)
    return scope_of(config, manifest, name.removesuffix(OPEN)), entry.sha256 if entry else None


def _swap(fresh: Path, old: Path) -> None:
    """Raises ArchiveError when the old one cannot be let go of; both are then as they were."""
    # SQLite would play a log that is left beside it into the new one. Emptied, it has nothing to play, and
    # the old one is whole without it should this be killed before the end.
    _empty_log(old)
    for side in ("-wal", "-shm"):
        old.with_name(old.name + side).unlink(missing_ok=True)
    fresh.replace(old)


def _empty_log(path: Path) -> None:
    if not path.exists():
        return
    deadline = time.monotonic() + _PATIENCE
    try:
        with closing(sqlite3.connect(path, timeout=1.0)) as connection:
            while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > deadline:
                    raise ArchiveError(
                        f"{path}: another program is reading it and does not end; stop that and run again "
                        "(the database is still the old one)"
                    )
                time.sleep(0.05)
    except sqlite3.OperationalError as error:
        raise ArchiveError(f"{path}: {error}; the database is still the old one") from error
    except sqlite3.DatabaseError:
        return  # no database any more: what is in its log goes with it


def _remove(path: Path) -> None:
    for name in (path.name, path.name + "-wal", path.name + "-shm"):
        path.with_name(name).unlink(missing_ok=True)
