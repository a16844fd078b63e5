"""What a kept file is called when a reader saves it."""

from __future__ import annotations

import re

from quynhon_crawler.extract.images import file_name as portal_name
from quynhon_crawler.publish import media

# What file systems refuse in a name, and what ends a line.
_REFUSED = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_LONGEST = 120


def file_name(url: str, called: str | None = None, media_type: str | None = None) -> str:
    """The name in a file's address without the portal's decorations, with an ending that fits its type.

    Portals also hand files out by programs (``?page=Article.Download&id=...``): then it is what the file is
    ``called``, a title or a document's number.
    """
    found = portal_name(url)
    name = found.name if found is not None and media.is_named(found.name) else called or ""
    cleaned = _REFUSED.sub("-", name).strip(" .-")
    if len(cleaned) > _LONGEST:
        stem, dot, ending = cleaned.rpartition(".")
        cleaned = (
            stem[: _LONGEST - len(ending) - 1] + dot + ending
            if dot and media.is_named(cleaned)
            else cleaned[:_LONGEST]
        )
    return media.named(cleaned or "tep", media_type)
