"""One WARC record as bytes, printed by warcio with the block left as it is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import BaseWARCWriter


def new_record_id() -> str:
    """``<urn:uuid:...>``, as WARC-Record-ID wants it (WARC 1.1, 5.2)."""
    return f"<urn:uuid:{uuid.uuid4()}>"


class ExactBlock(StatusAndHeaders):  # type: ignore[misc]
    """What warcio takes for an HTTP head, and prints as the very bytes that it was made from.

    warcio's own head is parsed and printed again: spaces collapse, Latin-1 becomes %XX, the received bytes
    are gone. The whole block travels as this "head", with an empty payload behind it.
    """

    def __init__(self, block: bytes) -> None:
        super().__init__("", [])
        self.headers_buff = block

    def __bool__(self) -> bool:
        return True

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        """Nothing to compute: the bytes are there."""


class RecordPrinter(BaseWARCWriter):  # type: ignore[misc]
    """warcio's record builder, uncompressed, with the digests taken from its hands.

    warcio would digest the payload of chunked responses as stored, which other validators call wrong.
    """

    def __init__(self) -> None:
        super().__init__(gzip=False, warc_version="WARC/1.1")

    def ensure_digest(self, record: Any, block: bool = True, payload: bool = True) -> None:
        """Nothing: the digests are among the headers already."""

    def print_record(self, headers: Sequence[tuple[str, str]], content_type: str, block: bytes) -> bytes:
        """The whole record, from ``WARC/1.1`` to the two closing empty lines."""
        out = BytesIO()
        record = self.create_warc_record(
            "",
            dict(headers)["WARC-Type"],
            warc_content_type=content_type,
            warc_headers=StatusAndHeaders("", list(headers), protocol=self.warc_version),
            http_headers=ExactBlock(block),
        )
        self._write_warc_record(out, record)
        return out.getvalue()
