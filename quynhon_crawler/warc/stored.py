"""What a capture's record holds."""

from __future__ import annotations

from pathlib import Path

from quynhon_crawler.errors import RecordError
from quynhon_crawler.model import Capture, Page
from quynhon_crawler.warc.reader import Payload, payload


def stored_of(path: Path, held: Capture) -> Payload:
    """Raises RecordError, for a file that cannot be opened too."""
    try:
        return payload(path, held.warc_offset, held.warc_length)
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
        raise RecordError(why, file=held.warc_file, offset=held.warc_offset) from error


def page_of(stored: Payload, held: Capture) -> Page:
    """As a portal profile reads it; of a revisit, without its body."""
    return Page(
        held.url, stored.status or 200, stored.headers, stored.content, method=held.method, capture=held
    )
