"""WARC files of anybody, record by record, exactly, and on behind what is broken.

FastWARC reads what is whole (reader.py); it takes a cut gzip member for the end of the file, and a damaged
one for the end of reading. This walk knows where each member begins and ends, checks its CRC, and finds
the next record behind a damaged one. Memory is one record, and a record has a largest size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from isal.igzip_lib import IsalError
from isal.isal_zlib import decompressobj

from quynhon_crawler.errors import RecordError
from quynhon_crawler.home import OPEN
from quynhon_crawler.warc.opening import open_warc
from quynhon_crawler.warc.reader import LARGEST, Record

GZIP = b"\x1f\x8b\x08"
# A member is mostly shorter than the first piece; what was read behind its end is copied for nothing.
_PIECES = (1 << 13, 1 << 16)
_BUFFER = 1 << 20
_HEAD = 1 << 16
# isal's stubs say that it is an exception, not a class of them
_DAMAGE: type[Exception] = IsalError  # type: ignore[assignment]
_CLOSING = b"\r\n\r\n"
_RECORD = re.compile(rb"WARC/\d+\.\d+\r?\n")
# A plain file's next record stands at the begin of a line.
_NEXT = re.compile(rb"(?<=\n)WARC/\d+\.\d+\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"\ncontent-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE)
_UNCLOSED = "the record does not end with two line breaks (WARC 1.1, 4)"


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of a file that is no whole record, from ``offset`` on; ``length`` None when not known.

    ``together``: records share one gzip member, so that none has an offset of its own. ``last``: it reaches
    to the end that the file had when it was opened.
    """

    file: str
    offset: int
    why: str
    length: int | None = None
    together: bool = False
    last: bool = False

    def __str__(self) -> str:
        return f"{self.file}@{self.offset}: {self.why}"


class _Broken(Exception):
    def __init__(self, why: str, *, together: bool = False) -> None:
        super().__init__(why)
        self.why, self.together = why, together


def walk(path: Path, *, start: int = 0) -> Iterator[Record | Fault]:
    """Every record from byte ``start`` on, where one must begin, and what is none. Raises OSError."""
    name = path.name.removesuffix(OPEN)
    with open_warc(path, buffering=_BUFFER) as stream:
        stream.seek(start)
        begin = stream.read(5)
        packed = begin[:2] == GZIP[:2] or (".gz" in name and begin != b"WARC/")
        read = _member if packed else _plain
        size, at = stream.seek(0, 2), start
        while at < size:
            try:
                end, head, block, remark = read(stream, at)
            except _Broken as error:
                end = size if error.together else _next(stream, at + 1, size, packed=packed)
                why = (
                    error.why
                    if end < size or error.together
                    else f"{error.why}; nothing can be read behind it"
                )
                yield Fault(name, at, why, end - at, error.together, last=end == size)
            else:
                if head:
                    yield Record(name, at, end - at, _fields(head), block)
                if remark:
                    yield Fault(name, at, remark, 0)
            at = end


def record_in(raw: bytes, file: str, offset: int) -> Record:
    """The record of these bytes, which lie there; its member's CRC is right. Raises RecordError."""
    read = _member if raw[:2] == GZIP[:2] else _plain
    try:
        _, head, block, _ = read(BytesIO(raw), 0)
    except _Broken as error:
        raise RecordError(error.why, file=file, offset=offset) from error
    return Record(file, offset, len(raw), _fields(head), block)


_Read = tuple[int, bytes, bytes, str | None]


def _member(stream: BinaryIO, at: int) -> _Read:
    """One gzip member: where it ends, head and block of its record (empty for an empty member), a remark.

    Raises _Broken.
    """
    plain, end = bytearray(), at
    head_end, wanted = -1, _HEAD
    while end == at or (plain and len(plain) < wanted):
        if end > at and _begins_record(stream, end):
            raise _Broken(_cut(plain, head_end, wanted))
        unpack, used = decompressobj(31), 0
        stream.seek(end)
        while not unpack.eof:
            piece = stream.read(_PIECES[used > 0])
            if not piece:
                raise _Broken(_cut(plain, head_end, wanted))
            used += len(piece)
            try:
                while piece and not unpack.eof and len(plain) <= wanted + len(_CLOSING):
                    plain += unpack.decompress(piece, wanted + 64 - len(plain))
                    piece = unpack.unconsumed_tail
                    if head_end < 0 and plain and _head_is_here(plain):
                        head_end, wanted = _bounds(plain)
            except _DAMAGE as error:
                raise _Broken(f"damaged, or not gzip from here: {str(error).lower()}") from error
            if head_end >= 0 and len(plain) > wanted + len(_CLOSING) and not unpack.eof:
                raise _surplus(plain, wanted)
        if end > at:
            raise _Broken(
                "a record goes on in the next gzip member: none can be found by its offset", together=True
            )
        end += used - len(unpack.unused_data)
    if not plain:
        return end, b"", b"", "an empty gzip member"
    closing = bytes(plain[wanted:])
    if closing.strip(b"\r\n"):
        raise _surplus(plain, wanted)
    remark = None if closing == _CLOSING else _UNCLOSED
    view = memoryview(plain)
    return end, bytes(view[:head_end]), bytes(view[head_end:wanted]), remark


def _head_is_here(plain: bytearray) -> bool:
    """Whether the head can be read, or need not be read further."""
    return not b"WARC/".startswith(plain[:5]) or len(plain) >= _HEAD or _HEAD_END.search(plain) is not None


def _cut(plain: bytearray, head_end: int, wanted: int) -> str:
    if head_end < 0:
        return "the record is cut before its block begins"
    if len(plain) >= wanted:
        return (
            f"the file is cut behind the record's {wanted - head_end:,} bytes, in the end of its gzip member"
        )
    return f"the record is cut after {len(plain) - head_end:,} of {wanted - head_end:,} bytes"


def _surplus(plain: bytearray, wanted: int) -> _Broken:
    behind = bytes(plain[wanted:]).lstrip(b"\r\n")
    if behind.startswith(b"WARC/"):
        return _Broken("records share one gzip member: none can be found by its offset", together=True)
    return _Broken("the gzip member holds more than its record: what follows its end was not unpacked")


def _plain(stream: BinaryIO, at: int) -> _Read:
    stream.seek(at)
    data = stream.read(_HEAD)
    head_end, wanted = _bounds(data)
    stream.seek(at + head_end)
    block = stream.read(wanted - head_end)
    if len(block) < wanted - head_end:
        raise _Broken(f"the record is cut after {len(block):,} of {wanted - head_end:,} bytes")
    behind = stream.read(64)
    breaks = len(behind) - len(behind.lstrip(b"\r\n"))
    if behind[breaks:] and not behind[breaks:].startswith(b"WARC/"):
        raise _Broken("the record does not end where its Content-Length says")
    remark = None if behind[:breaks] == _CLOSING else _UNCLOSED
    return at + wanted + breaks, data[:head_end], block, remark


def _bounds(data: bytes | bytearray) -> tuple[int, int]:
    """Where the head ends and where the block ends."""
    if not _RECORD.match(data):
        raise _Broken("no WARC record begins here")
    found = _HEAD_END.search(data, 0, _HEAD)
    if found is None:
        raise _Broken(f"the record's head does not end within {_HEAD:,} bytes")
    said = _LENGTH.search(data, 0, found.end())
    if said is None:
        raise _Broken("the record has no Content-Length")
    length = int(said[1])
    if length > LARGEST:
        raise _Broken(f"the record declares {length:,} bytes; more than {LARGEST:,} are not read")
    return found.end(), found.end() + length


def _next(stream: BinaryIO, at: int, size: int, *, packed: bool) -> int:
    """Where the next record begins; the end of the file when none does."""
    overlap = 64
    while at < size:
        stream.seek(at)
        data = stream.read((1 << 20) + overlap)
        if packed:
            place = data.find(GZIP)
            while place >= 0:
                if _begins_record(stream, at + place):
                    return at + place
                place = data.find(GZIP, place + 1)
        elif found := _NEXT.search(data):
            return at + found.start()
        at += 1 << 20
    return size


def _begins_record(stream: BinaryIO, at: int) -> bool:
    stream.seek(at)
    try:
        return bool(_RECORD.match(decompressobj(31).decompress(stream.read(4096), 32)))
    except _DAMAGE:
        return False


def _fields(head: bytes) -> dict[str, str]:
    """Names in lower case; a folded line belongs to the one before (WARC 1.1, 4)."""
    found: dict[str, str] = {}
    name = ""
    for line in head.decode("utf-8", "replace").splitlines()[1:]:
        if line[:1] in (" ", "\t") and name:
            found[name] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            found[name] = value.strip()
    return found
