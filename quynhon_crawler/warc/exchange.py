"""One question and its answer, as bytes: what the wiretap hands to the writer and the reader gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Truncation = Literal["length", "time", "disconnect", "unspecified"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Bytes on the wire, head and body, in both directions, before any decoding.

    ``sent`` and ``received`` are whole HTTP messages; ``interim`` holds 1xx answers that came before the
    final one. ``started_at`` is when the request was sent (UTC, ISO 8601 with microseconds and ``Z``).
    ``truncated`` is the value of WARC-Truncated (WARC 1.1, 5.13), None when all came. ``notes`` are
    added to the metadata of the record: a TLS exception, a removed credential.
    """

    url: str
    method: str
    sent: bytes
    received: bytes
    started_at: str
    ip: str | None = None
    interim: bytes = b""
    truncated: Truncation | None = None
    notes: tuple[str, ...] = field(default=())
