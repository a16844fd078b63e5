"""WARC files that the database knows and the folder lacks, and the other way round: told before a crawl."""

from __future__ import annotations

import shlex

from quynhon_crawler.crawl.memory import Memory
from quynhon_crawler.crawl.problems import Problems
from quynhon_crawler.errors import RecordError
from quynhon_crawler.home import Home
from quynhon_crawler.manifest import read_manifest, warc_files
from quynhon_crawler.store import Store
from quynhon_crawler.store.missing import dates_in, known_files, missing_files
from quynhon_crawler.warc.reader import records

_ANSWERS = ("response", "revisit", "resource")


def forget_missing(home: Home, store: Store, memory: Memory, problems: Problems) -> None:
    """Neither validators nor bodies of a lost file may be trusted: a revisit would stand for nothing."""
    for lost in missing_files(store.connection, home.warc):
        memory.forget(dates_in(store.connection, lost.name))
        problems.add(lost.name, f"{lost.why}; what the crawl meets of it is fetched again")


def tell_unread(home: Home, store: Store, problems: Problems) -> None:
    """Files with answers that no row leads to: a database put back from a copy, files put in by hand.

    Imported files are left out: the scope may keep all that they hold out of the database.
    """
    known, manifest = set(known_files(store.connection)), read_manifest(home)
    for path in warc_files(home):
        entry = manifest.of_warc(path.name)
        if path.name in known or (entry is not None and entry.by == "import"):
            continue
        try:
            unread = any(record.type in _ANSWERS for record in records(path))
        except (RecordError, OSError):
            continue  # `quynhon verify` tells what is wrong with it
        if unread:
            command = f"quynhon rebuild --archive {shlex.quote(str(home.root))}"
            problems.add(path.name, f"lies in warc/ and the database knows nothing of it; run: {command}")
