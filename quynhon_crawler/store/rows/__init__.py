"""Model values as rows: the one place that names the columns written. Pure; no connection.

Every function returns a dict, or a list of them, whose keys are columns of the table in its name.
"""

from quynhon_crawler.store.rows.addresses import url_id
from quynhon_crawler.store.rows.articles import (
    article_id,
    article_row,
    content_key,
    content_key_of,
    reading_digest,
    squeezed,
    text_digest,
    version_row,
)
from quynhon_crawler.store.rows.captures import CRAWL_OUTCOME, capture_of, capture_row, failure_row
from quynhon_crawler.store.rows.files import attachment_rows, file_row, image_rows, picture_id_of
from quynhon_crawler.store.rows.lists import document_row, listing_item_row, listing_row
from quynhon_crawler.store.rows.names import author_row, section_rows, tag_row

__all__ = [
    "CRAWL_OUTCOME",
    "article_id",
    "article_row",
    "attachment_rows",
    "author_row",
    "capture_of",
    "capture_row",
    "content_key",
    "content_key_of",
    "document_row",
    "failure_row",
    "file_row",
    "image_rows",
    "listing_item_row",
    "listing_row",
    "picture_id_of",
    "reading_digest",
    "section_rows",
    "squeezed",
    "tag_row",
    "text_digest",
    "url_id",
    "version_row",
]
