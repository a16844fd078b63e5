"""Every question that the screens ask of the database: connections in, rows out; no HTML, no addresses."""

from quynhon_crawler.publish.lookup.archive import changes, crawls, failures, listings, numbers, schema
from quynhon_crawler.publish.lookup.articles import (
    Picture,
    Story,
    addresses,
    article_count,
    covers,
    newest,
    pictures,
    recent,
    section,
    section_title,
    sections,
    story,
    versions,
)
from quynhon_crawler.publish.lookup.captures import (
    body_of,
    capture,
    visible_capture,
    withdrawn,
    withdrawn_article,
)
from quynhon_crawler.publish.lookup.documents import documents
from quynhon_crawler.publish.lookup.people import author, authors, events, gallery
from quynhon_crawler.publish.lookup.rows import Row, many, one

__all__ = [
    "Picture",
    "Row",
    "Story",
    "addresses",
    "article_count",
    "author",
    "authors",
    "body_of",
    "capture",
    "changes",
    "covers",
    "crawls",
    "documents",
    "events",
    "failures",
    "gallery",
    "listings",
    "many",
    "newest",
    "numbers",
    "one",
    "pictures",
    "recent",
    "schema",
    "section",
    "section_title",
    "sections",
    "story",
    "versions",
    "visible_capture",
    "withdrawn",
    "withdrawn_article",
]
