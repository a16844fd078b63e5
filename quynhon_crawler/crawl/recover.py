"""After a crash: what the WARC files know, the frontier and the database learn.

A torn end is cut off before (torn.py); here each file is read and closed, and the crawl goes on in a new one.
"""

from __future__ import annotations

import logging
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from quynhon_crawler.crawl.frontier import Frontier
from quynhon_crawler.crawl.intake import is_dead
from quynhon_crawler.crawl.memory import fetch_key
from quynhon_crawler.crawl.scope import Scope
from quynhon_crawler.crawl.torn import Left, ask_unanswered
from quynhon_crawler.errors import ArchiveError, RecordError
from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.ingest import ingest, ingest_fetch_error, refers_to, resolve
from quynhon_crawler.store import Store
from quynhon_crawler.warc.appender import sync_folder
from quynhon_crawler.warc.http import parse_request
from quynhon_crawler.warc.info import crawl_id_of
from quynhon_crawler.warc.reader import Record, Stored, capture_of, exchanges, page_of, paired
from quynhon_crawler.warc.walk import Fault, walk

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Recovery:
    """What was found: WARC files that a crash left open, exchanges read from them, bytes moved aside.

    ``unknown`` are requests, received bytes and dead links of each crawl, by its id, that its counts lacked.
    """

    files: int = 0
    exchanges: int = 0
    torn_bytes: int = 0
    unknown: defaultdict[str | None, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def recover(
    home: Home,
    store: Store,
    frontier: Frontier,
    scope: Scope,
    left: list[Left],
    *,
    portal_id: int,
    home_url: str,
) -> Recovery:
    """Bring all files level. Safe to interrupt and to run again; does nothing after an orderly end."""
    found = Recovery()
    for each in left:
        path = each.path
        found.files += 1
        found.torn_bytes += each.torn_bytes
        if path.stat().st_size == 0:  # not even its first record was whole
            path.unlink()
            continue
        _learn(found, home, each, store, frontier, scope, portal_id, home_url)
        if each.faults:
            ask_unanswered(frontier, store)
        store.commit()
        frontier.commit()
        path.chmod(0o444)
        path.rename(path.with_name(each.name))
        sync_folder(home.warc)
    return found


def refuse_lost_database(home: Home) -> None:
    """ArchiveError when WARC files are there and their database is not, or holds not one byte.

    A crawl would begin an empty one, and the site would show that as the archive.
    """
    closed = [path for path in home.warc.glob("*.warc*") if not path.name.endswith(OPEN)]
    is_there = home.database.exists()
    if closed and not (is_there and home.database.stat().st_size):
        how = "empty" if is_there else "missing"
        raise ArchiveError(
            f"{home.database}: {how}, while {home.warc} holds {len(closed):,} WARC file(s); "
            f"run: quynhon rebuild --archive {shlex.quote(str(home.root))}"
        )


def relearn(home: Home, frontier: Frontier) -> None:
    """What an archive without a frontier knows of addresses and bodies, read from its WARC files.

    Otherwise everything would be fetched and stored twice. A file that cannot be read is told and left.
    """
    for path in sorted(home.warc.glob("*.warc*")):
        if path.name.endswith(OPEN):
            continue
        try:
            for item in exchanges(path):
                if not isinstance(item, Record):
                    capture, answer = capture_of(item)
                    body = parse_request(item.request.block).content if item.request else b""
                    frontier.memory.learn(capture, answer, body, refers_to(item.record))
        except RecordError as error:
            logger.warning("%s", error)


def _readable(left: Left) -> Iterator[Stored | Record]:
    """By the quicker reader, which stops at damage, where there is none."""
    if not left.faults:
        return exchanges(left.path)
    return paired(item for item in walk(left.path) if not isinstance(item, Fault))


def _learn(
    found: Recovery,
    home: Home,
    left: Left,
    store: Store,
    frontier: Frontier,
    scope: Scope,
    portal_id: int,
    home_url: str,
) -> None:
    crawl_id: str | None = None
    for item in _readable(left):
        if isinstance(item, Record):
            crawl_id = crawl_id_of(item) or crawl_id
            ingest_fetch_error(store, item)
            continue
        capture, answer = capture_of(item, crawl_id=crawl_id)
        body = parse_request(item.request.block).content if item.request else b""
        key = fetch_key(capture.method, capture.url, body)
        purpose = frontier.purpose_of(key)
        known = store.has_capture(capture.id)
        if known and purpose is None:
            continue
        found.exchanges += 1
        # What was done or handed out when the counts were saved is in them, robots.txt in none.
        if purpose is not None and not frontier.was_out(key):
            found.unknown[crawl_id].update(requests=1, bytes=len(item.record.block))
        refers = refers_to(item.record)
        page = page_of(capture, answer, item.request.block if item.request else None)
        if refers:
            page = resolve(store, home, page, refers)
        reading = ingest(store, page, portal_id=portal_id, home_url=home_url)
        frontier.memory.learn(capture, answer, body, refers)
        if purpose is not None and not capture.truncated and (capture.status or 0) < 500:
            frontier.add(scope.wanted(reading, purpose))
            frontier.done_by_key(key)
            found.unknown[crawl_id].update(dead_links=int(is_dead(page, reading)))
