"""Every question that the screens ask of the database: connections in, rows out; no HTML, no addresses."""

from quynhon_crawler.publish.lookup.archive import changes, crawls, failures, listings, numbers, schema
from quynhon_crawler.publish.lookup.articles import (
    Picture,
    addresses,
    article_count,
    covers,
    newest,
    pictures,
    recent,
    section,
    section_title,
    sections,
    versions,
)
from quynhon_crawler.publish.lookup.calendar import beside, days, periods, published
from quynhon_crawler.publish.lookup.captures import (
    body_of,
    capture,
    shown,
    withdrawn,
    withdrawn_article,
)
from quynhon_crawler.publish.lookup.documents import documents, has_documents
from quynhon_crawler.publish.lookup.named import Named, named
from quynhon_crawler.publish.lookup.people import author, authors, events, gallery, unit
from quynhon_crawler.publish.lookup.portals import (
    Portal,
    incomplete,
    portal,
    portal_count,
    portal_name,
    portals,
)
from quynhon_crawler.publish.lookup.rows import Row, many, one
from quynhon_crawler.publish.lookup.story import Story, related, story

__all__ = [
    "Named",
    "Picture",
    "Portal",
    "Row",
    "Story",
    "addresses",
    "article_count",
    "author",
    "authors",
    "beside",
    "body_of",
    "capture",
    "changes",
    "covers",
    "crawls",
    "days",
    "documents",
    "events",
    "failures",
    "gallery",
    "has_documents",
    "incomplete",
    "listings",
    "many",
    "named",
    "newest",
    "numbers",
    "one",
    "periods",
    "pictures",
    "portal",
    "portal_count",
    "portal_name",
    "portals",
    "published",
    "recent",
    "related",
    "schema",
    "section",
    "section_title",
    "sections",
    "shown",
    "story",
    "unit",
    "versions",
    "withdrawn",
    "withdrawn_article",
]
