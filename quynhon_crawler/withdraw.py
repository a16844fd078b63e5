"""An article withdrawn with the files that only its earlier versions showed, and shown again with them.

The database knows which files an article shows now (``store/reach.py`` hides those with it); what it once
showed is told by its captures alone. Each such file gets a decision of its own, for the same reason, so that
it stays hidden after a rebuild.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from quynhon_crawler.errors import RecordError
from quynhon_crawler.home import Home
from quynhon_crawler.ingest import understand
from quynhon_crawler.model import Capture
from quynhon_crawler.store import Store, rows
from quynhon_crawler.store.takedowns import in_force
from quynhon_crawler.store.tombstones import Hidden, hidden
from quynhon_crawler.urls import url_key
from quynhon_crawler.warc.stored import page_of, stored_of

# One capture of each body: unchanged answers show what the first one did.
_BODIES = """
    SELECT coalesce(p.home_url, a.url), c.* FROM sightings s
    JOIN captures c ON c.id = s.capture_id JOIN articles a ON a.id = s.article_id
    LEFT JOIN portals p ON p.id = a.portal_id
    WHERE s.article_id = ? AND c.record_type <> 'revisit' GROUP BY c.body_sha256
    ORDER BY c.warc_file, c.warc_offset"""
_SHOWN_NOW = """
    SELECT EXISTS (SELECT 1 FROM images WHERE file_id = :id)
        OR EXISTS (SELECT 1 FROM attachments WHERE file_id = :id)
        OR EXISTS (SELECT 1 FROM documents WHERE attachment_id = :id)"""
# Of what is left some are told by address.
_TOLD = 3
_LISTS = """
    SELECT DISTINCT l.url FROM listing_items i JOIN listings l ON l.id = i.listing_id
    WHERE i.url_id IN (SELECT value FROM json_each(?)) ORDER BY l.url"""
_NAMED_IN = "Other captured pages that name it stay in replay and WACZ (docs/replay.md); lists among them"
_SHOWING = """
    SELECT DISTINCT a.url FROM images i JOIN articles a ON a.id = i.article_id
    WHERE i.file_id IN (SELECT value FROM json_each(?))
        AND a.id NOT IN (SELECT article_id FROM hidden_articles) ORDER BY a.url"""
_CAPTION_IN = "Articles that show it stay, with what their text says of the picture"


@dataclass(slots=True)
class Withdrawn:
    """What a decision changed: rows hidden or shown again, and addresses of files of earlier versions.

    ``unread`` are lines about captures that cannot be read: what only they showed is not known. ``left`` are
    lines about what still tells of it: lists that name an article, texts that have a picture's caption.
    """

    rows: list[Hidden] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def take_down(store: Store, home: Home, url: str, *, reason: str, by: str) -> Withdrawn:
    """Hide an item, at once; then what only earlier versions of it showed. Raises ArchiveError."""
    done = Withdrawn(store.add_takedown(url, reason=reason, by=by))
    down = {url_key(one.url) for one in in_force(home.takedowns)}
    for earlier in _files_of(store, home, done):
        number = rows.url_id(earlier)
        shown = store.connection.execute(_SHOWN_NOW, {"id": number}).fetchone()[0]
        if not shown and store.has_address(earlier) and url_key(earlier) not in down:
            store.add_takedown(earlier, reason=reason, by=by)
            done.earlier.append(earlier)
            down.add(url_key(earlier))
    done.left += _left(store, done.rows)
    return done


def lift(store: Store, home: Home, url: str, *, reason: str, by: str) -> Withdrawn:
    """Show an item again, and what was hidden because of it. Raises UsageError when it is not taken down."""
    decided = {url_key(one.url): one for one in in_force(home.takedowns)}
    before = hidden(store.connection)
    store.lift_takedown(url, reason=reason, by=by)
    done = Withdrawn(sorted(before - hidden(store.connection), key=lambda row: (row.table, row.url)))
    why = decided.get(url_key(url))
    for earlier in _files_of(store, home, done):
        own = decided.get(url_key(earlier))
        if why and own and (own.reason, own.by) == (why.reason, why.by) and earlier not in done.earlier:
            store.lift_takedown(earlier, reason=reason, by=by)
            done.earlier.append(earlier)
    return done


def _left(store: Store, gone: list[Hidden]) -> Iterator[str]:
    """WARC records are kept whole: what else the portal wrote about it is not the item itself."""
    for table, question, line in (("articles", _LISTS, _NAMED_IN), ("files", _SHOWING, _CAPTION_IN)):
        ids = json.dumps([row.id for row in gone if row.table == table])
        if found := [row[0] for row in store.connection.execute(question, (ids,))]:
            more = f" and {len(found) - _TOLD:,} more" if len(found) > _TOLD else ""
            yield f"{line}: {', '.join(found[:_TOLD])}{more}"


def _files_of(store: Store, home: Home, done: Withdrawn) -> Iterator[str]:
    """Addresses of pictures and attachments of the articles in ``done``, in any capture of theirs."""
    found: dict[str, None] = {}
    for row in [row for row in done.rows if row.table == "articles"]:
        for home_url, _, *values in store.connection.execute(_BODIES, (row.id,)).fetchall():
            held = Capture(*values)
            try:
                stored = stored_of(home.warc_path(held.warc_file), held)
            except RecordError as error:
                done.unread.append(str(error))
                continue
            page = page_of(stored, held)
            article = understand(page, home_url=home_url, follow=False).reading.article
            if article is not None:
                found |= dict.fromkeys(image.url for image in article.images)
                found |= dict.fromkeys(attachment.url for attachment in article.attachments)
    yield from found
