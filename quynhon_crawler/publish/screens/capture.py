"""``/ban-luu/<capture>``: one capture: when, what, where it lies, how to cite it, how to check it."""

from __future__ import annotations

from datasette import Response

from quynhon_crawler.publish import answer, lookup, prose
from quynhon_crawler.publish.replay import replay_link
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.short import lengthen, shorten
from quynhon_crawler.publish.site import Visit


async def show(visit: Visit) -> Response:
    capture_id = lengthen(visit.request.url_vars["capture"])
    if capture_id is None:
        return message.not_found(visit)
    found, takedown = await visit.site.ask(
        lambda db: (lookup.capture(db, capture_id), lookup.shown(db, capture_id)[1])
    )
    if takedown is not None:
        return message.gone(visit, takedown)
    if found is None:
        return message.not_found(visit)
    body = visit.render(
        "capture.html",
        capture=found,
        original=prose.safe_link(found["url"]),
        replay=replay_link(visit, found, url=found["url"]),
        permanent=visit.origin + visit.site.base + f"/ban-luu/{shorten(capture_id)}",
    )
    return answer.page(visit.request, body)
