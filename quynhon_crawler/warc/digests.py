"""A record's bytes against the digests that it carries (WARC 1.1, 5.8 and 5.9)."""

from __future__ import annotations

import hashlib
import re
from base64 import b32decode, b32encode, b64decode
from functools import lru_cache

from quynhon_crawler.warc.http import head_length, parse
from quynhon_crawler.warc.reader import Record

_ALGORITHMS = {"sha1": "sha1", "sha-1": "sha1", "sha256": "sha256", "sha-256": "sha256", "sha512": "sha512"}
_ALGORITHMS |= {"sha-512": "sha512", "md5": "md5", "sha384": "sha384", "sha-384": "sha384"}
_CHUNKED = re.compile(rb"\ntransfer-encoding[ \t]*:[^\n]*chunked", re.IGNORECASE)


def wrong_digests(record: Record) -> list[str]:
    """One line for each digest that is not of its bytes, or that is none; empty when all is right."""
    found = []
    if (said := record.headers.get("warc-block-digest")) and (why := _wrong(said, record.block)):
        found.append(f"block digest: {why}")
    said = record.headers.get("warc-payload-digest")
    # A revisit's payload is elsewhere; of a segment, the digest is of the whole.
    if (
        said
        and record.type not in ("revisit", "continuation")
        and "warc-segment-number" not in record.headers
    ):
        why = _wrong_payload(said, record)
        if why:
            found.append(f"payload digest: {why}")
    return found


def is_altered(record: Record) -> bool:
    """Whether its block is not the one that its block digest was made of."""
    said = record.headers.get("warc-block-digest")
    return bool(said and _wrong(said, record.block))


def _wrong_payload(said: str, record: Record) -> str | None:
    if not record.headers.get("content-type", "").lower().startswith("application/http"):
        return _wrong(said, record.block)
    head = head_length(record.block)
    why = _wrong(said, memoryview(record.block)[head:])
    if why and _CHUNKED.search(record.block, 0, head):
        # Writers disagree on what to digest of a chunked body: as stored, de-chunked, or decoded.
        answer = parse(record.block)
        if _wrong(said, answer.entity) is None or _wrong(said, answer.content) is None:
            return None
    return why


def _wrong(said: str, content: bytes | memoryview) -> str | None:
    name, colon, value = said.strip().partition(":")
    algorithm = _ALGORITHMS.get(name.strip().lower())
    if not colon or algorithm is None:
        return f"{said[:80]!r} names no algorithm that is known"
    expected = _bytes_of(algorithm, value.strip())
    if expected is None:
        return f"{said[:80]!r} is no {algorithm} digest"
    actual = hashlib.new(algorithm, content, usedforsecurity=False).digest()
    if actual == expected:
        return None
    return f"{said[:160]}, but the bytes give {algorithm}:{b32encode(actual).decode().rstrip('=')}"


@lru_cache(maxsize=8)
def _size(algorithm: str) -> int:
    return hashlib.new(algorithm, usedforsecurity=False).digest_size


def _bytes_of(algorithm: str, value: str) -> bytes | None:
    """Hexadecimal, base32 or base64 in either alphabet, padded or not: all are met."""
    size, text = _size(algorithm), value.rstrip("=")
    try:
        if len(text) == 2 * size:
            return bytes.fromhex(text)
        if len(text) == (size * 8 + 4) // 5:
            plain = b32decode(text + "=" * (-len(text) % 8), casefold=True)
        else:
            plain = b64decode(
                text + "=" * (-len(text) % 4), altchars=b"-_" if {"-", "_"} & {*text} else b"+/"
            )
    except ValueError:
        return None
    return plain if len(plain) == size else None
