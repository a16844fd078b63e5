"""What the database tells against the records it was told by: articles read again, lists, revisits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from quynhon_crawler.audit.parts import different_parts
from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.errors import RecordError
from quynhon_crawler.home import Home
from quynhon_crawler.ingest import understand
from quynhon_crawler.model import Capture, Page
from quynhon_crawler.rebuild.revisits import Refers, find_body, whole
from quynhon_crawler.store import Store, completeness, rows
from quynhon_crawler.warc.reader import Payload, payload

_PLACES = frozenset({"portal_id", "section_id", "capture_id"})
_BYLINE = frozenset({"byline", "byline_from", "author_id"})


def check_articles(store: Store, home: Home) -> Iterator[Problem]:
    """Every article as it would be read from its capture today (drift)."""
    sql = """SELECT a.*, p.home_url FROM articles a JOIN captures c ON c.id = a.capture_id
        LEFT JOIN portals p ON p.id = a.portal_id ORDER BY c.warc_file, c.warc_offset"""
    cursor = store.connection.execute(sql)
    names = [column[0] for column in cursor.description]
    for values in cursor:
        row = dict(zip(names, values, strict=True))
        url = str(row["url"])
        (capture,) = store.connection.execute("SELECT * FROM captures WHERE id = ?", (row["capture_id"],))
        held = Capture(*capture[1:])
        try:
            page = _page(store, home, held)
        except RecordError as error:
            yield Problem("article", f"its capture cannot be read: {error}", url=url)
            continue
        article = understand(page, home_url=row["home_url"] or url).reading.article if page else None
        if article is None:
            yield Problem("article", f"nothing is read from {held.warc_file}@{held.warc_offset}", url=url)
            continue
        told = rows.article_row(article, portal_id=0, section_id=None, capture_id=0)
        left = _PLACES if row["byline_from"] in ("page", None) else _PLACES | _BYLINE
        if row["byline_from"] is None and article.byline is None:
            left = _PLACES | _BYLINE
        different = sorted(name for name in told if name not in left and told[name] != row[name])
        different += different_parts(store.connection, row["id"], article)
        if different:
            what = f"read again from {held.warc_file}@{held.warc_offset}, {', '.join(different)} differ"
            yield Problem("article", f"{what}; `quynhon rebuild` brings it level", url=url)


def check_revisits(store: Store, home: Home) -> Iterator[Problem]:
    """Revisits that stand for nothing that is here."""
    sql = "SELECT * FROM captures WHERE record_type = 'revisit' ORDER BY warc_file, warc_offset"
    for values in store.connection.execute(sql):
        held = Capture(*values[1:])
        try:
            refers = Refers.of(_stored(home, held).record)
        except RecordError:
            continue  # told by the file
        if find_body(store, home, refers) is None:
            what = f"a revisit of {refers}, which is not in the archive"
            yield Problem("revisit", what, held.warc_file, held.warc_offset, held.url)


def check_lists(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Lists whose own count exceeds what is here."""
    for one in completeness(connection):
        if one["captured"] < one["listed_total"]:
            missing = one["listed_total"] - one["captured"]
            what = f"{missing:,} of the {one['listed_total']:,} items that it counts are not here"
            yield Problem("listing", what, url=one["url"])


def _stored(home: Home, held: Capture) -> Payload:
    try:
        return payload(home.warc_path(held.warc_file), held.warc_offset, held.warc_length)
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
        raise RecordError(why, file=held.warc_file, offset=held.warc_offset) from error


def _page(store: Store, home: Home, held: Capture) -> Page | None:
    stored = _stored(home, held)
    page = Page(
        held.url, stored.status or 200, stored.headers, stored.content, method=held.method, capture=held
    )
    return whole(store, home, page, Refers.of(stored.record)) if held.record_type == "revisit" else page
