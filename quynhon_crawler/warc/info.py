"""What this program's own records say of the crawl that made a file."""

from __future__ import annotations

from quynhon_crawler.warc.reader import Record

# The target URI of the metadata record that ends a crawl; its id follows.
CRAWL_URL = "urn:x-quynhon:crawl:"


def crawl_id_of(record: Record) -> str | None:
    """The id of the crawl that a file belongs to: ``isPartOf`` of its warcinfo record; None elsewhere."""
    if record.type != "warcinfo":
        return None
    for line in record.block.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "ispartof":
            return value.strip() or None
    return None
