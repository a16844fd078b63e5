"""``/sitemap.xml``, ``/sitemap-<n>.xml`` and ``/robots.txt``: what search engines may find, and how."""

from __future__ import annotations

from datasette import Response

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.site import Visit

# sitemaps.org allows 50,000; 10,000 addresses are 1.5 MB and half a second.
_PART = 10_000

# Search results and Datasette's tables are endless; the articles are what there is to find.
_ROBOTS = """User-agent: *
Disallow: {base}/tim
Disallow: {base}/en/tim
Disallow: {base}/{database}
Disallow: {base}/-/
Allow: {base}/-/quynhon/

Sitemap: {origin}{base}/sitemap.xml
"""


async def index(visit: Visit) -> Response:
    count = await visit.site.ask(lookup.article_count)
    parts = [str(number) for number in range(1, max(1, -(-count // _PART)) + 1)]
    parts += ["cong"] if visit.site.portals > 1 else []
    body = visit.render("sitemap-index.xml", parts=parts)
    return answer.page(visit.request, body, content_type="application/xml; charset=utf-8")


async def part(visit: Visit) -> Response:
    number = int(visit.request.url_vars["number"])
    rows = await visit.site.ask(lambda db: lookup.addresses(db, (number - 1) * _PART, _PART))
    if not rows:
        return message.not_found(visit)
    body = visit.render("sitemap.xml", rows=rows)
    return answer.page(visit.request, body, content_type="application/xml; charset=utf-8")


async def portals(visit: Visit) -> Response:
    rows = await visit.site.ask(lookup.portals)
    if len(rows) < 2:
        return message.not_found(visit)
    body = visit.render("sitemap-portals.xml", rows=rows)
    return answer.page(visit.request, body, content_type="application/xml; charset=utf-8")


async def robots(visit: Visit) -> Response:
    site = visit.site
    body = _ROBOTS.format(base=site.base, database=site.database, origin=visit.origin)
    return answer.page(visit.request, body, content_type="text/plain; charset=utf-8")
