"""Which address shows which screen. Addresses are Vietnamese words; ``/en`` before one gives English."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette import Response

from quynhon_crawler.publish import answer, assets, compress, files
from quynhon_crawler.publish.language import CODES, DEFAULT
from quynhon_crawler.publish.screens import (
    article,
    calendar,
    capture,
    changes,
    compare,
    databases,
    documents,
    feed,
    gallery,
    home,
    message,
    opendata,
    people,
    portals,
    results,
    section,
    sitemap,
    state,
)
from quynhon_crawler.publish.site import Site, Visit, of

if TYPE_CHECKING:
    from datasette.app import Datasette

Screen = Callable[[Visit], Awaitable[Response]]
_OTHER = "|".join(code for code in CODES if code != DEFAULT)
_SHORT = "[0-9A-Za-z]{11}"


def _route(show: Screen, *, kept: bool = False) -> Callable[..., Awaitable[Response]]:
    async def view(request: Any, datasette: Datasette) -> Response:
        site = of(datasette)
        assert isinstance(site, Site), "routes are registered only where a site is"
        visit = site.visit(request)
        if request.method not in ("GET", "HEAD"):
            return Response.text("GET", status=405, headers={"Allow": "GET, HEAD"})
        wanted = request.args.get("lang")
        if wanted in CODES and wanted != visit.words.code:
            return answer.redirect(visit.other(wanted))
        try:
            if kept:
                return await site.memory.give(request, site.generation, lambda: show(visit))
            return await show(visit)
        except sqlite3.OperationalError as error:
            if error.args != ("interrupted",):
                raise
            return message.busy(visit)
        except MemoryError:
            # SQLite's share (``limits.HEAP``) is taken by someone's query at this moment.
            return message.busy(visit)

    return view


async def _asset(visit: Visit) -> Response:
    name = visit.request.url_vars["name"]
    found = assets.content(name)
    if found is None:
        return message.not_found(visit)
    current = assets.address(name).split("/")[3] == visit.request.url_vars["digest"]
    cache = answer.FOREVER if current else answer.PAGE
    headers: dict[str, str] = {"Vary": "Accept-Encoding"}
    if compress.takes_gzip(visit.request.scope):
        found, headers = assets.packed(name), {**headers, "Content-Encoding": "gzip"}
    return answer.page(
        visit.request, found, content_type=assets.media_type(name), cache=cache, headers=headers
    )


async def _nothing(visit: Visit) -> Response:
    return message.not_found(visit)


def _screen(path: str, show: Screen) -> tuple[str, Callable[..., Awaitable[Response]]]:
    """A screen in every language, made once for each state of the database."""
    return rf"^(?:/(?:{_OTHER}))?{path}$", _route(show, kept=True)


ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (rf"^/(?:(?:{_OTHER})/?)?$", _route(home.show, kept=True)),
    _screen("/tim", results.show),
    _screen(f"/bai/(?P<article>{_SHORT})", article.show),
    _screen(f"/muc/(?P<section>{_SHORT})", section.show),
    _screen(f"/ban-luu/(?P<capture>{_SHORT})", capture.show),
    _screen(f"/bai/(?P<article>{_SHORT})/so-sanh", compare.show),
    _screen("/cong", portals.everyone),
    _screen(f"/cong/(?P<portal>{_SHORT})", portals.one),
    _screen("/anh", gallery.show),
    _screen("/tac-gia", people.everyone),
    _screen(f"/tac-gia/(?P<author>{_SHORT})", people.one),
    _screen("/don-vi", people.unit),
    _screen("/thoi-gian", calendar.show),
    _screen(r"/ngay/(?P<day>\d{4}-\d{2}(?:-\d{2})?)", calendar.day),
    _screen("/thay-doi", changes.changed),
    _screen("/da-go", changes.removed),
    _screen("/van-ban", documents.show),
    # Depends on the folder of exports too, so it is made each time.
    (rf"^(?:/(?:{_OTHER}))?/du-lieu$", _route(opendata.show)),
    (r"^/du-lieu/tai/(?P<name>.+)$", _route(opendata.take)),
    # What runs and what is wrong changes while the database does not.
    (rf"^(?:/(?:{_OTHER}))?/tinh-trang$", _route(state.show)),
    _screen(r"/tin\.xml", feed.show),
    _screen(rf"/muc/(?P<section>{_SHORT})/tin\.xml", feed.show),
    _screen(rf"/cong/(?P<portal>{_SHORT})/tin\.xml", feed.show),
    (r"^/sitemap\.xml$", _route(sitemap.index)),
    (r"^/sitemap-cong\.xml$", _route(sitemap.portals)),
    (r"^/sitemap-(?P<number>[1-9]\d{0,3})\.xml$", _route(sitemap.part)),
    (r"^/robots\.txt$", _route(sitemap.robots)),
    (rf"^/ban-luu/(?P<capture>{_SHORT})/record\.warc\.gz$", _route(files.record)),
    (rf"^/tep/(?P<capture>{_SHORT})/(?P<name>[^/]+)$", _route(files.file)),
    # For who develops Datasette; the first tells where Python lies on this machine.
    (r"^/-/(?:threads|patterns|messages|allow-debug)(?:\.json)?$", _route(_nothing)),
    (r"^/-/databases(?:\.json)?$", _route(databases.show)),
    (r"^/-/quynhon/(?P<digest>[0-9a-f]{12})/(?P<name>[a-z0-9.\-]+)$", _route(_asset)),
]
