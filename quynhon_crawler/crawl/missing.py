"""WARC files that the database knows and the folder lacks, and the other way round: told before a crawl."""

from __future__ import annotations

import shlex

from quynhon_crawler.crawl.memory import Memory
from quynhon_crawler.crawl.problems import Problems
from quynhon_crawler.home import Home
from quynhon_crawler.losses import other_lengths, to_do
from quynhon_crawler.manifest import read_manifest, warc_files
from quynhon_crawler.store import Store
from quynhon_crawler.store.missing import SOME, dates_in, missing_files, unread_files

_AGAIN = "what the crawl meets of it is fetched again"


def forget_missing(home: Home, store: Store, memory: Memory, problems: Problems) -> None:
    """Validators and bodies of what is lost may not be trusted: a revisit would stand for nothing."""
    manifest = read_manifest(home)
    for lost in missing_files(store.connection, home.warc):
        memory.forget(dates_in(store.connection, lost.name))
        problems.add_file(lost.name, f"{lost.why}; {to_do(home, manifest, f'warc/{lost.name}')}; {_AGAIN}")
    for file, why in other_lengths(home, manifest).items():
        path = home.root / file
        cut = dates_in(store.connection, path.name, behind=path.stat().st_size)
        memory.forget(cut)
        problems.add_file(path.name, f"{why}; {_AGAIN}" if cut else why)


def tell_unsummed(home: Home, problems: Problems) -> None:
    """The manifest is lost, or lines of it: sums that are made now say of every file that it is right."""
    files = len(warc_files(home))
    if files > 1 and not home.manifest.exists():  # a crash loses the line of one file at most
        why = (
            f"is gone; put it back from a copy, or the sums of {files:,} WARC files are of what they hold now"
        )
        problems.add_file(home.manifest.name, why)
    for fault in read_manifest(home).faults:
        place, _, why = fault.partition(": ")
        problems.add_file(place, why)


def tell_unread(home: Home, store: Store, problems: Problems) -> None:
    """Files with answers that have no row: a database put back from a copy, files put in by hand, an import
    that was killed."""
    for path in unread_files(store.connection, warc_files(home), most=SOME):
        command = f"quynhon rebuild --archive {shlex.quote(str(home.root))}"
        problems.add_file(path.name, f"lies in warc/ and the database knows nothing of it; run: {command}")
