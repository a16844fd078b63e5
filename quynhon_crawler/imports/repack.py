"""ARC files, and WARC files whose records share gzip members, as WARC files with a member a record.

Nothing can point at a record in the latter, and no reader but a few understands the former; WACZ allows WARC
files only. What came is kept byte for byte in ``originals/``. The result depends on the original alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

from isal import isal_zlib

from quynhon_crawler.warc.arc import ArcRecord, arc_records
from quynhon_crawler.warc.http import parse
from quynhon_crawler.warc.loose import loose_records
from quynhon_crawler.warc.records import RecordPrinter
from quynhon_crawler.warc.walk import Fault
from quynhon_crawler.warc.when import utc
from quynhon_crawler.warc.writer import sha1

# what ARC writers put where they know none
_NO_ADDRESS = ("", "-", "0.0.0.0")  # noqa: S104
_HTTP = "application/http;msgtype=response"


def repacked(path: Path, name: str) -> Iterator[bytes | Fault]:
    """The records of a compressed WARC file as gzip members, unchanged, and what is none. Raises OSError."""
    for found in loose_records(path, name):
        yield found if isinstance(found, Fault) else _member(found)


def converted(path: Path, name: str, sha256: str) -> Iterator[bytes | Fault]:
    """An ARC file as WARC 1.1. Raises OSError.

    Each record keeps its line as ``X-ARC-Header``; ids are made from the file's sum and the record's offset.
    """
    printer = RecordPrinter()
    for found in arc_records(path, name):
        if isinstance(found, Fault):
            yield found
        elif date := utc(found.date):
            yield _member(_warc(printer, found, date, sha256))
        else:
            yield Fault(name, found.offset, f"the ARC record's date {found.date} is no date")


def _warc(printer: RecordPrinter, found: ArcRecord, date: str, sha256: str) -> bytes:
    is_http = found.block.startswith(b"HTTP/")
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:sha256:{sha256}#{found.offset}")
    url = "".join(letter if letter.isprintable() and letter != " " else "%20" for letter in found.url)
    headers = [
        ("WARC-Type", "response" if is_http else "resource"),
        ("WARC-Record-ID", f"<urn:uuid:{number}>"),
        ("WARC-Target-URI", url),
        ("WARC-Date", date),
        ("WARC-Block-Digest", sha1(found.block)),
        ("X-ARC-Header", " ".join(found.line.split())),
    ]
    if found.ip not in _NO_ADDRESS:
        headers.insert(4, ("WARC-IP-Address", found.ip))
    if is_http:
        answer = parse(found.block)
        if not answer.chunked:
            headers.insert(4, ("WARC-Payload-Digest", sha1(answer.entity)))
    return printer.print_record(headers, _HTTP if is_http else found.media_type, found.block)


def _member(record: bytes) -> bytes:
    packer = isal_zlib.compressobj(2, isal_zlib.DEFLATED, 31)
    return bytes(packer.compress(record) + packer.flush())
