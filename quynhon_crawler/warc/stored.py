"""What a capture's record holds."""

from __future__ import annotations

import hashlib
from pathlib import Path

from quynhon_crawler.errors import RecordError
from quynhon_crawler.model import Capture, Page
from quynhon_crawler.warc.digests import is_altered
from quynhon_crawler.warc.reader import Payload, payload, raw_record
from quynhon_crawler.warc.walk import record_in


def stored_of(path: Path, held: Capture) -> Payload:
    """Raises RecordError, for a file that cannot be opened too."""
    try:
        return payload(path, held.warc_offset, held.warc_length)
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
        raise RecordError(why, file=held.warc_file, offset=held.warc_offset) from error


def damage_of(path: Path, held: Capture) -> str | None:
    """Why a capture's record is not what was written, in a line without its place; None when it is.

    By the CRC of its gzip member and by its digest: the quicker reader sees neither.
    """
    try:
        raw = raw_record(path, held.warc_offset, held.warc_length)
        record = record_in(raw, held.warc_file, held.warc_offset)
        if record.id and record.id != held.warc_record_id:
            return "another record lies there"
        if "warc-block-digest" in record.headers:
            return "the block is not what its digest was made of" if is_altered(record) else None
        if hashlib.sha256(stored_of(path, held).content).hexdigest() != (held.body_sha256 or ""):
            return "the body is not the one that was captured"
    except RecordError as error:
        return str(error).partition(": ")[2]
    return None


def page_of(stored: Payload, held: Capture) -> Page:
    """As a portal profile reads it; of a revisit, without its body."""
    return Page(
        held.url, stored.status or 200, stored.headers, stored.content, method=held.method, capture=held
    )
