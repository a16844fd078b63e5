"""Pages that say why there is no page: not found, withdrawn, unreadable, too busy."""

from __future__ import annotations

from datasette import Response

from quynhon_crawler.publish import answer
from quynhon_crawler.publish.lookup import Row
from quynhon_crawler.publish.site import Visit


def not_found(visit: Visit) -> Response:
    """404: nothing at this address."""
    return _say(visit, "not_found", 404)


def unreadable(visit: Visit) -> Response:
    """502: the database points to a record that cannot be read; ``quynhon verify`` tells more."""
    return _say(visit, "unreadable", 502)


def busy(visit: Visit) -> Response:
    """503: the question took too long."""
    return _say(visit, "busy", 503)


def failed(visit: Visit) -> Response:
    """500: a bug; the log tells more."""
    return _say(visit, "failed", 500)


def gone(visit: Visit, takedown: Row) -> Response:
    """410: the tombstone of what was withdrawn, with the reason and the day."""
    return _say(visit, "gone", 410, reason=takedown["reason"], at=takedown["at"])


def _say(visit: Visit, name: str, status: int, **values: object) -> Response:
    body = visit.render("message.html", name=name, values=values)
    cache = answer.NEVER if status >= 500 else "public, max-age=30"
    return answer.page(visit.request, body, status=status, cache=cache)
