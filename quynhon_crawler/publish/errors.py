"""What a reader gets when something fails, in the place of Datasette's own handler.

Datasette's prints every local variable of every frame to the terminal when ``rich`` is installed: a wrong
address took 240 ms of processor time (measured). Ours answers in words, and logs only what is a bug.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from typing import TYPE_CHECKING, Any

from datasette import Response
from datasette.database import QueryInterrupted

from quynhon_crawler.publish import limits, site
from quynhon_crawler.publish.screens import message

if TYPE_CHECKING:
    from datasette.app import Datasette

_log = logging.getLogger(__name__)
_BUILT_IN = "datasette.handle_exception"
# Datasette gives these 500.
_ASKED_WRONGLY = ("Cannot sort", "Cannot use _sort", "Invalid _through")
_TOO_LONG = (
    "The query was stopped: past {ms} ms. Add a WHERE or a LIMIT, or take the whole table from /du-lieu"
)
_TOO_LARGE = (
    f"The query was stopped: its answer is past {limits.ANSWER // 1_000_000} MB. "
    "Ask for fewer rows or columns, or take the whole table from /du-lieu"
)


def replace() -> None:
    """Take Datasette's handler out; ``answer`` does all that it did."""
    from datasette.plugins import pm

    if pm.has_plugin(_BUILT_IN):
        pm.unregister(name=_BUILT_IN)


async def answer(datasette: Datasette, request: Any, exception: Exception) -> Response:
    """The answer to a failed request: JSON for machines, our page for what is not there, else Datasette's."""
    status, title, text = _reading(exception, request)
    if not text:
        text = _TOO_LARGE if _is_too_large(exception) else _TOO_LONG
        text = text.format(ms=datasette.setting("sql_time_limit_ms"))
    if status >= 500:
        _log.error("%s %s failed", request.method, request.path, exc_info=exception)
    path = request.path
    if path.endswith(".json"):
        said = {"ok": False, "error": text, "status": status, "title": title}
        return Response.json(said, status=status)
    if path.endswith(".csv"):
        return Response.text(text, status=status)
    own = site.of(datasette)
    if own is not None and status == 404:
        return message.not_found(own.visit(request))
    if own is not None and status >= 500:
        return message.failed(own.visit(request))
    values = {"status": status, "title": title, "error": text, "ok": False, "asked": _asked(request)}
    # With the request: its nonce lets the page's own script and style through.
    page = await datasette.render_template("error.html", values, request=request)
    return Response.html(page, status=status)


def _asked(request: Any) -> list[tuple[str, str]]:
    """The query that failed, and its parameters, to be mended and sent again; of other pages nothing."""
    if not request.args.get("sql"):
        return []
    return [(name, value) for name in request.args for value in request.args.getlist(name)]


def _reading(exception: Exception, request: Any) -> tuple[int, str | None, str]:
    """Status, title and words of an exception of Datasette's, SQLite's or ours; no words: SQL was stopped."""
    # Theirs is a piece of HTML with a script; of CSV and of a row it is an error of the program.
    if isinstance(exception, QueryInterrupted) or getattr(exception, "message_is_html", False):
        return 400, "SQL query stopped", ""
    status = getattr(exception, "status", None)
    if isinstance(status, int):
        text = getattr(exception, "message", None) or (exception.args[0] if exception.args else "")
        if status == 500 and str(text).startswith(_ASKED_WRONGLY):  # an address of theirs, no fault of ours
            status = 400
        return status, getattr(exception, "title", None), str(text)
    # SQLite was given no more memory (``limits.HEAP``): the query asked for too much.
    if isinstance(exception, MemoryError):
        return 400, "Invalid SQL", "The query takes too much memory"
    # Datasette 0.65: an array of the rows of a page that has none, a database without SQL.
    if isinstance(exception, KeyError) and exception.args in (("rows",), ("columns",)):
        return 400, "Invalid SQL", "There is no SQL to run"
    # Strangers' SQL: a cell too big, a private table. Our own questions do not come through here.
    if isinstance(exception, sqlite3.DataError | sqlite3.DatabaseError) and _is_theirs(exception):
        return 400, "Invalid SQL", str(exception)
    return _mistake(exception, request) or (500, None, "Internal error")


def _mistake(exception: Exception, request: Any) -> tuple[int, str | None, str] | None:
    """What is wrong with the address of one of Datasette's own pages, which it finds out by failing."""
    if "database" not in request.url_vars:
        return None
    said = str(exception)
    if isinstance(exception, json.JSONDecodeError):
        names = [name for name in request.args if exception.doc in request.args.getlist(name)]
        return (400, None, f"{names[0]}: not JSON: {said}") if names else None
    # A number of 30 digits, a list in a list, half of a letter.
    if isinstance(exception, OverflowError | UnicodeEncodeError) or "binding parameter" in said:
        return 400, None, f"A value in the address cannot be looked for: {said}"
    # Datasette 1.0: a facet of a column that is not there, ``articles.nope``.
    if isinstance(exception, sqlite3.OperationalError) and said.startswith("no such column"):
        return 400, "Invalid SQL", said
    if isinstance(exception, AssertionError) and said.startswith("Invalid format"):
        return 404, None, said
    return None


def _is_too_large(exception: BaseException | None) -> bool:
    """Whether size ended a query, not time: Datasette wraps what SQLite raised once or twice."""
    while exception is not None:
        if isinstance(exception, limits.AnswerTooLarge):
            return True
        exception = exception.__cause__ or exception.__context__
    return False


def _is_theirs(exception: sqlite3.Error) -> bool:
    said = str(exception)
    return any(
        words in said for words in ("too big", "prohibited", "not authorized", "interrupted", "too large")
    )
