"""The list of pages of a WACZ, from our own articles: what a reader would look for, not every file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from quynhon_crawler.store.visible import condition, note

_ARTICLES = """
    SELECT articles.id, c.url, c.captured_at, title, lead, body FROM articles
    JOIN captures c ON c.id = articles.capture_id
    WHERE {visible} AND c.warc_file IN (SELECT value FROM json_each(?))
    ORDER BY coalesce(published_at, '') DESC, articles.id"""
_HOMES = """
    SELECT p.id, c.url, c.captured_at, coalesce(p.name, p.home_url) AS title FROM portals p
    JOIN captures c ON c.id = (
        SELECT id FROM captures WHERE url = p.home_url AND method = 'GET' AND status = 200
            AND warc_file IN (SELECT value FROM json_each(?))
        ORDER BY captured_at DESC, id LIMIT 1)
    ORDER BY p.home_url"""


def homes(connection: sqlite3.Connection, files: list[str]) -> list[dict[str, str]]:
    """The newest capture of each portal's first page in these WARC files: where a reader may begin."""
    return [_page(*row) for row in connection.execute(_HOMES, (json.dumps(files),))]


def articles(connection: sqlite3.Connection, files: list[str]) -> Iterator[dict[str, str]]:
    """Every article that may be shown, the newest first, at the capture that its row came from, with text.

    Those whose capture lies in none of these WARC files, but in one still being written, are left out.
    """
    note(connection)
    # "id" stands in several tables here.
    visible = condition("articles").replace("id NOT IN", "articles.id NOT IN", 1)
    rows = connection.execute(_ARTICLES.format(visible=visible), (json.dumps(files),))
    for *head, lead, body in rows:
        text = "\n\n".join(part for part in (lead, body) if part)
        yield _page(*head) | ({"text": text} if text else {})


def listing(pages: Iterable[dict[str, str]], *, title: str) -> Iterator[bytes]:
    """The lines of pages.jsonl (WACZ 1.1.1, 5.2.2)."""
    head: dict[str, object] = {"format": "json-pages-1.0", "id": "pages", "title": title, "hasText": True}
    yield _line(head)
    for page in pages:
        yield _line(page)


def _page(number: int, url: str, captured_at: str, title: str | None) -> dict[str, str]:
    # Whole seconds: the index has no more, and readers look a page up by both.
    return {"id": f"{number:x}", "url": url, "ts": f"{captured_at[:19]}Z", "title": title or url}


def _line(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
