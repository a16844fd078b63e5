"""What this program's own records say of the crawl that made a file."""

from __future__ import annotations

import json
from typing import Any

from quynhon_crawler.warc.reader import Record

# The target URI of the metadata record that ends a crawl; its id follows.
CRAWL_URL = "urn:x-quynhon:crawl:"


def warcinfo_of(record: Record) -> dict[str, str]:
    """The fields of a warcinfo record, names in lower case; empty for other records."""
    if record.type != "warcinfo":
        return {}
    fields: dict[str, str] = {}
    for line in record.block.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon and value.strip():
            fields[name.strip().lower()] = value.strip()
    return fields


def crawl_id_of(record: Record) -> str | None:
    """The id of the crawl that a file belongs to: ``isPartOf`` of its warcinfo record; None elsewhere."""
    return warcinfo_of(record).get("ispartof")


def crawl_end_of(record: Record) -> dict[str, Any] | None:
    """What the metadata record at the end of a crawl says; None for other records."""
    if record.type != "metadata" or not record.url.startswith(CRAWL_URL):
        return None
    try:
        said = json.loads(record.block)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
