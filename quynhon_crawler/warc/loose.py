"""WARC records out of a file whose gzip members do not begin where records do, as the bytes that they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from quynhon_crawler.warc.inflated import Ahead, Inflated
from quynhon_crawler.warc.reader import LARGEST
from quynhon_crawler.warc.walk import Fault

_HEAD = 1 << 16
_VERSION = re.compile(rb"WARC/\d+\.\d+\r?\n")
_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE)


def loose_records(path: Path, name: str) -> Iterator[bytes | Fault]:
    """Each whole record, head and block with its two closing line breaks, and what is none. Raises OSError.

    Offsets of faults are in the file for what does not unpack, else in what it unpacks to, and say so.
    """
    faults: list[Fault] = []
    with path.open("rb") as stream:
        plain = Ahead(Inflated(stream, name, faults.append))
        lost = False
        while line := plain.line(_HEAD):
            if not line.strip(b"\r\n"):
                continue
            at = plain.at - len(line)
            try:
                record = _record(line, plain)
            except ValueError as error:
                if not lost:
                    yield Fault(name, at, f"{error} (byte {at:,} when unpacked)")
                lost = True
            else:
                lost = False
                yield record
            yield from faults
            faults.clear()
        yield from faults


def _record(first: bytes, plain: Ahead) -> bytes:
    if not _VERSION.fullmatch(first):
        raise ValueError("no WARC record begins here")
    head, length = [first], None
    while (line := plain.line(_HEAD)).strip(b"\r\n"):
        head.append(line)
        if found := _LENGTH.fullmatch(line):
            length = int(found[1])
        if len(head) > 1000:
            raise ValueError("the record's head does not end")
    if length is None or not line:
        raise ValueError("the record's head is cut, or has no Content-Length")
    if length > LARGEST:
        raise ValueError(f"the record declares {length:,} bytes; more than {LARGEST:,} are not read")
    block = plain.block(length)
    if len(block) < length:
        raise ValueError(f"the record is cut after {len(block):,} of {length:,} bytes")
    return b"".join((*head, line, block, b"\r\n\r\n"))
