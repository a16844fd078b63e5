"""Every file of the manifest against its recorded SHA-256, and files that the manifest does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.lock import crawl_lock, holder
from quynhon_crawler.losses import to_do
from quynhon_crawler.manifest import (
    ALL_ENDINGS,
    EMPTY,
    GIVEN_UP,
    Entry,
    Manifest,
    is_empty,
    read_manifest,
    sum_of,
    warc_files,
)
from quynhon_crawler.plural import plural


def check_files(home: Home, manifest: Manifest, sums: Mapping[str, tuple[int, str]]) -> Iterator[Problem]:
    """What is missing, changed, or without a sum. A file that is still open has none yet.

    ``sums`` are length and SHA-256 by path in the archive, of the files that were read for other reasons.
    """
    for fault in manifest.faults:
        yield Problem("fixity", fault)
    for entry in manifest.entries.values():
        path = home.root / entry.file
        if not path.exists():
            if entry.by != GIVEN_UP and not path.with_name(path.name + OPEN).exists():
                what = "recorded in manifest.jsonl, and not there"
                yield Problem("fixity", _mended(what, home, manifest, entry), file=entry.file)
            continue
        try:
            size, sha256 = sums.get(entry.file) or sum_of(path)
        except OSError as error:
            yield Problem("fixity", f"cannot be read: {error.strerror}", file=entry.file)
            continue
        if size != entry.bytes:
            what = f"has {size:,} bytes, {entry.bytes:,} were recorded ({entry.by}, {entry.at})"
            yield Problem("fixity", _mended(what, home, manifest, entry), file=entry.file)
        elif sha256 != entry.sha256:
            what = f"SHA-256 is {sha256}, {entry.sha256} was recorded ({entry.by}, {entry.at})"
            yield Problem("fixity", _mended(what, home, manifest, entry), file=entry.file)
    if manifest.torn and holder(crawl_lock(home)) is None:
        what = "its last line was being written when its process died, and does not count"
        yield Problem(
            "fixity", f"{what}; `quynhon rebuild` and the next crawl take it away", home.manifest.name
        )
    # Once more, and after the list: a crawl beside this closes files, and records them then.
    there, known = warc_files(home), read_manifest(home).entries
    closing = holder(crawl_lock(home)) is not None  # and has not come to the last one's line yet
    without = [path for path in there if f"warc/{path.name}" not in known and not is_empty(path)]
    if not home.manifest.exists() and len(without) > 1:
        what = (
            f"is missing, so that nothing tells whether {plural(len(without), 'WARC file')} are unchanged; "
            "put it back from a copy. `quynhon rebuild` makes sums of what is there now"
        )
        yield Problem("fixity", what, file=home.manifest.name)
        return
    for path in without:
        if not (closing and path == there[-1]):
            what = "no SHA-256 was recorded: put there by hand? `quynhon rebuild` records today's"
            yield Problem("fixity", what, file=f"warc/{path.name}")


def check_strangers(home: Home) -> Iterator[Problem]:
    """What nothing reads though it lies in ``warc/``; an import at work moves files there by other names."""
    busy = holder(crawl_lock(home)) is not None
    for path in sorted(home.warc.glob("*")):
        # By name, not by another list: a crawl beside this opens and closes files meanwhile.
        folder = path.is_dir()
        if (folder or not path.name.endswith(ALL_ENDINGS)) and not (busy and path.name.startswith(".")):
            is_a = "a folder" if folder else "no WARC file by its name"
            what = f"{is_a}, which nothing reads; move it out of warc/ (`quynhon import` takes WARC files in)"
            yield Problem("file", what, f"warc/{path.name}")
    for path in warc_files(home):
        if is_empty(path):
            yield Problem("file", EMPTY, f"warc/{path.name}", 0)


def _mended(what: str, home: Home, manifest: Manifest, entry: Entry) -> str:
    """With what to do."""
    return f"{what}; {to_do(home, manifest, entry.file)}"
