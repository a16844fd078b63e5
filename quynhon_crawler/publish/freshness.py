"""Datasette keeps its connections for ever; ours must follow a rebuilt database and a new takedown.

``quynhon rebuild`` puts a new file in the place of the old one, which stays open and is served on and on;
a takedown must hold at once. When either is seen, Datasette gets new threads, whose connections are new.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_plus

from quynhon_crawler.publish.configuration import INDEX_TABLES
from quynhon_crawler.publish.connections import withdrawn
from quynhon_crawler.publish.lookup.portals import portal_count
from quynhon_crawler.publish.refusal import refuse
from quynhon_crawler.publish.safety import App, Receive, Scope, Send
from quynhon_crawler.publish.site import Site

# A file's times are a clock tick coarse: two changes within one could look like one.
_SECONDS = 1.0
# Refused while something is withdrawn: the insides of the indexes hold the words of every text, and SQLite
# cannot tell a reader of them from the index itself; plans name the views that veil uses, and "main." leads
# past the views of the indexes. The name of a table, or of what it lies in, must stand in a query in letters:
# SQL has no other way to write it.
_PAST_THE_VIEWS = r"""\bmain["'`\]]?\s*(?:\.|/\*|--)"""
_TELLING = re.compile("|".join((*INDEX_TABLES, r"\bexplain\b", _PAST_THE_VIEWS)), re.IGNORECASE)


def follow(app: App, site: Site) -> App:
    """An ASGI application that looks before each answer whether the archive is still the one it serves."""
    looked_at = 0.0
    looked_upon: tuple[int, ...] = ()

    async def following(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal looked_at, looked_upon
        query = unquote_plus(scope.get("query_string", b"").decode("latin-1"))
        if scope["type"] == "http":
            generation, now = site.generation, time.monotonic()
            if generation != looked_upon or now - looked_at > _SECONDS:
                gone, site.portals = await site.ask(lambda db: (withdrawn(db), portal_count(db)))
                found = generation[0], gone
                looked_at, looked_upon = now, generation
                if site.seen and found != site.seen:
                    _renew(site)
                site.seen = found
        if (
            _TELLING.search(query)
            and site.seen[1:] != ((0, 0),)
            and scope["path"].startswith(f"{site.base}/{site.database}")
        ):
            await refuse(send, 403, "Not open in this archive.")
            return
        await app(scope, receive, send)

    return following


def _renew(site: Site) -> None:
    old = site.datasette.executor
    if old is None:
        return
    # Datasette keeps every connection in a list: a replaced file would fill the disk for ever.
    kept = _connections(site.datasette.databases[site.database])
    left = list(kept)
    site.datasette.executor = ThreadPoolExecutor(max_workers=site.datasette.setting("num_sql_threads"))

    def let_go() -> None:
        old.shutdown()
        for connection in left:
            connection.close()
            if connection in kept:
                kept.remove(connection)

    threading.Thread(target=let_go, name="let-go").start()


def _connections(database: Any) -> list[sqlite3.Connection]:
    """Datasette's own list of a database's connections: the name of 0.65, else that of 1.0."""
    found = getattr(database, "_all_file_connections", None)
    kept: list[sqlite3.Connection] = database._all_connections if found is None else found
    return kept
