"""HTTP/1 messages as they lie on disk: split, de-framed and decoded, whatever a server did to them.

Readers of archives cannot refuse: a broken chunk, a wrong length or half a gzip stream gives what can be
had, and ``damage`` says what was wrong. The received bytes are never changed; this is the only decoder, for
the live crawl and for stored records alike.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import brotli
import zstandard

# What an article, a picture or a document of a city portal never needs: past this a body is a bomb.
MAX_DECODED = 256 * 1024 * 1024
# A head of 50 MB would be half a gigabyte of lines; the bytes are all in the record.
_MOST_LINES = 20_000
TOO_LARGE = "too large when decoded"

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One response or request. ``entity`` is de-chunked but still compressed, ``content`` is decoded.

    ``status`` is None when the first line is not a status line; ``extra`` counts bytes after the message's
    own end. ``damage`` is one line, or None.
    """

    first_line: str
    status: int | None
    headers: Headers
    entity: bytes
    content: bytes
    chunked: bool = False
    extra: int = 0
    damage: str | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


def head_length(block: bytes) -> int:
    """Length of the head with its empty line; of the whole block when none came (RFC 9112, 2.2)."""
    ends = [end + size for mark, size in ((b"\r\n\r\n", 4), (b"\n\n", 2)) if (end := block.find(mark)) >= 0]
    return min(ends, default=len(block))


def interim_length(block: bytes) -> int:
    """How many bytes of 1xx answers stand before the final one (RFC 9110, 15.2); 0 as a rule."""
    start = 0
    while _status(block[start : start + 64].split(b"\n", 1)[0]) in range(100, 200):
        length = head_length(block[start:])
        if start + length >= len(block):
            break
        start += length
    return start


def ends_itself(block: bytes, method: str = "GET") -> bool:
    """Whether a response says where it ends, and all of it came (RFC 9112, 6.3)."""
    head = head_length(block)
    if not block[:head].endswith((b"\r\n\r\n", b"\n\n")):
        return False
    first, headers = _head(block[:head])
    status = _status(first)
    if status is None:
        return False
    if method == "HEAD" or status in (204, 304):
        return True
    if coding := _joined(headers, "transfer-encoding").strip().lower():
        if coding != "chunked":
            return False
        _, chunked, extra, damage = _dechunk(block[head:])
        return chunked and not damage and (extra > 0 or block.endswith((b"\n\r\n", b"\n\n")))
    lengths = {value.strip() for value in _joined(headers, "content-length").split(",")}
    length = lengths.pop()
    return not lengths and length.isascii() and length.isdigit() and len(block) - head >= int(length)


def parse(block: bytes, *, method: str = "GET", body: bool = True) -> Message:
    """A response block as a Message. Never raises. ``method`` is the request's: HEAD has no body.

    Without ``body`` the block is a head alone, as in revisit records.
    """
    cut = head_length(block)
    first, headers = _head(block[:cut])
    status = _status(first)
    raw = block[cut:]
    if not body or method == "HEAD" or status in (204, 304) or (status is not None and 100 <= status < 200):
        return Message(_text(first), status, headers, b"", b"", extra=len(raw))
    entity, chunked, extra, damage = _deframe(raw, headers)
    content, trouble = decode(entity, _joined(headers, "content-encoding"))
    return Message(_text(first), status, headers, entity, content, chunked, extra, damage or trouble)


def entity_of(block: bytes) -> bytes:
    """The body of a response block without its chunks, still compressed. Never raises."""
    cut = head_length(block)
    return _deframe(block[cut:], _head(block[:cut])[1])[0]


def parse_request(block: bytes) -> Message:
    """A request block: ``first_line`` is ``POST /path HTTP/1.1``; ``content`` is the form as sent."""
    cut = head_length(block)
    first, headers = _head(block[:cut])
    return Message(_text(first), None, headers, block[cut:], block[cut:])


def _head(head: bytes) -> tuple[bytes, Headers]:
    lines = head.replace(b"\r\n", b"\n").split(b"\n", _MOST_LINES)
    fields: list[tuple[str, str]] = []
    for line in lines[1:_MOST_LINES]:
        if line[:1] in (b" ", b"\t") and fields:  # obsolete folding, RFC 9112, 5.2
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {_text(line.strip())}")
        elif b":" in line:
            name_bytes, _, value_bytes = line.partition(b":")
            fields.append((_text(name_bytes.strip()), _text(value_bytes.strip())))
    return lines[0], tuple(fields)


def _status(line: bytes) -> int | None:
    parts = line.split(None, 2)
    if len(parts) < 2 or not parts[0].upper().startswith(b"HTTP/") or not parts[1][:3].isdigit():
        return None
    return int(parts[1][:3])


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _joined(headers: Headers, name: str) -> str:
    return ",".join(value for key, value in headers if key.lower() == name)


def _deframe(raw: bytes, headers: Headers) -> tuple[bytes, bool, int, str | None]:
    """Body bytes, whether they were chunked, bytes after the end, and what was wrong."""
    if "chunked" in _joined(headers, "transfer-encoding").lower():
        return _dechunk(raw)
    declared = _joined(headers, "content-length").split(",")[0].strip()
    if not declared.isdigit():
        return raw, False, 0, None
    length = int(declared)
    if len(raw) < length:
        return raw, False, 0, f"{len(raw):,} of {length:,} declared bytes came"
    return raw[:length], False, len(raw) - length, None


def _dechunk(raw: bytes) -> tuple[bytes, bool, int, str | None]:
    body = bytearray()
    at = 0
    while True:
        end = raw.find(b"\n", at)
        size = raw[at:end].split(b";", 1)[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16) if size and len(size) <= 16 else -1
        except ValueError:
            length = -1
        if length < 0:
            if at == 0:  # declared chunked and is not: some archives store bodies de-chunked
                return raw, False, 0, "declared chunked, stored plain"
            return bytes(body), True, 0, f"broken chunk at byte {at:,} of the body"
        at = end + 1
        if length == 0:
            closing = head_length(
                raw[at - 1 :]
            )  # trailers end as a head does; the size line's LF comes first
            after = raw[at : at + 2]
            used = at + (2 if after == b"\r\n" else 1 if after[:1] == b"\n" else closing - 1)
            return bytes(body), True, max(0, len(raw) - used), None
        body += raw[at : at + length]
        if at + length > len(raw):
            return bytes(body), True, 0, f"chunk of {length:,} bytes cut after {len(raw) - at:,}"
        at += length
        at += 2 if raw[at : at + 2] == b"\r\n" else 1 if raw[at : at + 1] == b"\n" else 0


def decode(entity: bytes, codings: str) -> tuple[bytes, str | None]:
    """Undo Content-Encoding, the last coding first. What cannot be undone stays, with one line why."""
    body = entity
    for coding in reversed([c.strip().lower() for c in codings.split(",") if c.strip()]):
        if not body or coding == "identity":
            continue
        try:
            body, trouble = _decode_one(body, coding)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            return body, f"not {coding}: {error}"
        if trouble:
            return body, trouble
    return body, None


def _decode_one(body: bytes, coding: str) -> tuple[bytes, str | None]:
    if coding in ("gzip", "x-gzip"):
        return _inflate(body, 31)
    if coding == "deflate":  # RFC 9110 means zlib; many servers send the raw stream
        zlib_head = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
        return _inflate(body, 15 if zlib_head else -15)
    if coding == "br":
        unpack = brotli.Decompressor()
        out = bytes(unpack.process(body, output_buffer_limit=MAX_DECODED))
        if len(out) >= MAX_DECODED:
            return out, TOO_LARGE
        return out, None if unpack.is_finished() else "brotli stream ends early"
    if coding == "zstd":
        reader = zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True)
        out = reader.read(MAX_DECODED)
        return out, TOO_LARGE if len(out) == MAX_DECODED else None
    return body, f"content coding {coding!r} is not known"


def _inflate(body: bytes, window: int) -> tuple[bytes, str | None]:
    out = b""  # mostly there is one member, whose bytes are not copied
    while body:
        unpack = zlib.decompressobj(window)
        out += unpack.decompress(body, MAX_DECODED - len(out))
        if len(out) >= MAX_DECODED:
            return out, TOO_LARGE
        if not unpack.eof:
            return out, "compressed stream ends early"
        body = unpack.unused_data
        if window != 31 or body[:2] != b"\x1f\x8b":  # only gzip has further members
            break
    return out, None
