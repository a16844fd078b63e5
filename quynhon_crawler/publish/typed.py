"""What readers type into the search of Datasette's own table pages: whatever it is, never an error.

Datasette puts each word in quotes and hands it to FTS5: beginnings (``quy*``) are lost, a lone quotation mark
is a syntax error, and so is nothing at all. Here words are read as on the site's own search page.
"""

from __future__ import annotations

import sqlite3
from urllib.parse import parse_qsl, urlencode

from quynhon_crawler.publish.safety import App, Receive, Scope, Send
from quynhon_crawler.store.words import plain_query, terms, unwanted

_KNOWN = ("_search", "_searchmode")
_FOLDED = ("_search_title", "_search_lead", "_search_body")


def forgive(connection: sqlite3.Connection) -> None:
    """Put our reading in the place of the SQL function that Datasette's table pages call."""
    connection.create_function("escape_fts", 1, _query)


def _query(typed: object) -> str:
    return plain_query(terms(str(typed)), unwanted(str(typed)))


def mend(app: App) -> App:
    """An ASGI application that takes a search for nothing as no search: the table shows all its rows.

    A search in one column (``_search_title``), typed without đ, is one in its twin that holds d for đ.
    """

    async def mending(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and b"_search" in scope.get("query_string", b""):
            asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            kept = [(name, value) for name, value in asked if not _is_unknown(name)]
            if ("_searchmode", "raw") not in asked:
                kept = [(_column(name, value), value) for name, value in kept if not _is_empty(name, value)]
            if kept != asked:
                scope = {**scope, "query_string": urlencode(kept).encode("latin-1")}
        await app(scope, receive, send)

    return mending


def _is_unknown(name: str) -> bool:
    """Datasette takes ``_searching`` for a search in a column, whose name it does not find there."""
    return name.startswith("_search") and not name.startswith("_search_") and name not in _KNOWN


def _is_empty(name: str, value: str) -> bool:
    return name.startswith("_search") and name != "_searchmode" and not terms(value)


def _column(name: str, value: str) -> str:
    return f"{name}_d" if name in _FOLDED and "đ" not in value.lower() else name
