"""WARC files, read: every record in turn (FastWARC), or one by its offset.

A record that cannot be read raises RecordError with file and offset; what came before it has been given.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeVar

from fastwarc.warc import ArchiveIterator

from quynhon_crawler.errors import RecordError, TornRecord
from quynhon_crawler.home import OPEN
from quynhon_crawler.model import Capture, Page
from quynhon_crawler.urls import url_key
from quynhon_crawler.warc.http import Headers, Message, parse, parse_request
from quynhon_crawler.warc.opening import open_warc
from quynhon_crawler.warc.tail import good_end

# A request may stand some records away from its response in files of parallel crawlers.
_REQUESTS_HELD = 256
#: A longer block is not read: what no page, picture or document of a portal needs is a bomb.
LARGEST = 256 * 1024 * 1024

Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record. ``offset`` and ``length`` are bytes of the file on disk (of the gzip member).

    ``headers`` are the record's own, names in lower case; ``block`` is exact.
    """

    file: str
    offset: int
    length: int
    headers: dict[str, str]
    block: bytes

    @property
    def type(self) -> str:
        return self.headers.get("warc-type", "unknown")

    @property
    def id(self) -> str:
        return self.headers.get("warc-record-id", "")

    @property
    def url(self) -> str:
        return self.headers.get("warc-target-uri", "").strip("<>").strip().replace(" ", "%20")

    @property
    def date(self) -> str:
        return self.headers.get("warc-date", "")


@dataclass(frozen=True, slots=True)
class Stored:
    """A response or revisit with the request that it answers (None when the file has none)."""

    record: Record
    request: Record | None = None


@dataclass(frozen=True, slots=True)
class Payload:
    """What one captured answer held: ``content`` is decoded, ``raw_block`` as it crossed the wire."""

    status: int | None
    headers: Headers
    content: bytes
    raw_block: bytes
    record: Record = field(repr=False)


def records(path: Path, *, start: int = 0) -> Iterator[Record]:
    """Every record from byte ``start`` on, which must be the begin of one.

    Raises RecordError where the file cannot be read further, and TornRecord at a cut end.
    """
    name = path.name.removesuffix(OPEN)
    with open_warc(path) as stream:
        size = stream.seek(0, 2)
        stream.seek(start)
        if start == size:
            return
        last = start
        for record in _iterate(stream, name, start, size):
            last = record.offset
            yield record
        stream.seek(start)
        packed = stream.read(2) == b"\x1f\x8b"
    # FastWARC takes a cut member for the end of the file.
    if packed and (end := good_end(path, start=last)) != size:
        raise TornRecord(f"{size - end:,} bytes at the end are no whole record", file=name, offset=end)


def _iterate(stream: BinaryIO, name: str, start: int, size: int) -> Iterator[Record]:
    held: tuple[int, dict[str, str], bytes] | None = None
    at = start
    try:
        for found in ArchiveIterator(stream, parse_http=False):
            at = start + int(found.stream_pos)
            if held is not None:
                yield Record(name, held[0], at - held[0], held[1], held[2])
            if int(found.content_length) > LARGEST:
                raise ValueError(f"{found.content_length:,} bytes are declared, more than {LARGEST:,}")
            headers = {str(key).lower(): str(value) for key, value in found.headers.items()}
            block = found.reader.read()
            if len(block) < int(found.content_length):
                raise TornRecord(
                    f"record is cut after {len(block):,} of {found.content_length:,} bytes",
                    file=name,
                    offset=at,
                )
            held = (at, headers, block)
    except (OSError, ValueError) as error:
        raise RecordError(f"cannot be read: {error}", file=name, offset=at) from error
    if held is not None:
        yield Record(name, held[0], size - held[0], held[1], held[2])


def exchanges(path: Path, *, start: int = 0) -> Iterator[Stored | Record]:
    """Responses and revisits, each with its request, in the order of the file; other records as they are.

    Requests before or right after their response are found, by WARC-Concurrent-To or by the same URI.
    """
    return paired(records(path, start=start))


def paired(items: Iterable[Record | Other]) -> Iterator[Stored | Record | Other]:
    """The same for records from elsewhere; what is no record comes out as it came in."""
    requests: OrderedDict[str, Record] = OrderedDict()
    waiting: Record | None = None
    for record in items:
        if not isinstance(record, Record):
            yield record
            continue
        if waiting is not None:
            if record.type == "request" and _belongs(record, waiting):
                yield Stored(waiting, record)
                waiting = None
                continue
            yield Stored(waiting)
            waiting = None
        if record.type == "request":
            requests[record.headers.get("warc-concurrent-to") or record.id] = record
            requests[record.id] = record
            while len(requests) > _REQUESTS_HELD:
                requests.popitem(last=False)
        elif record.type in ("response", "revisit"):
            request = requests.pop(record.id, None) or requests.pop(
                record.headers.get("warc-concurrent-to", ""), None
            )
            if request is None:
                waiting = record
            else:
                requests.pop(request.id, None)
                yield Stored(record, request)
        else:
            yield record
    if waiting is not None:
        yield Stored(waiting)


def _belongs(request: Record, answer: Record) -> bool:
    named = request.headers.get("warc-concurrent-to")
    return named == answer.id if named else request.url == answer.url


def capture_of(stored: Stored, *, crawl_id: str | None = None) -> tuple[Capture, Message]:
    """The Capture that the writer gave when this was written, and the parsed answer."""
    record = stored.record
    method = "GET"
    if stored.request is not None:
        method = stored.request.block.split(b" ", 1)[0].decode("ascii", "replace") or "GET"
    answer = parse(record.block, method=method, body=record.type != "revisit")
    content_type = (answer.header("Content-Type") or "").split(";")[0].strip().lower()
    capture = Capture(
        url=record.url,
        url_key=url_key(record.url),
        captured_at=record.date,
        method=method,
        status=answer.status,
        media_type=content_type or None,
        record_type=record.type,
        body_sha256=hashlib.sha256(answer.content).hexdigest() if answer.content else None,
        bytes=len(answer.content),
        truncated=record.headers.get("warc-truncated"),
        warc_file=record.file,
        warc_offset=record.offset,
        warc_length=record.length,
        warc_record_id=record.id or f"{record.file}@{record.offset}",
        crawl_id=crawl_id,
    )
    return capture, answer


def page_of(capture: Capture, answer: Message, request_block: bytes | None) -> Page:
    """The Page that the portals read. The live crawl and the rebuild both come through here."""
    question = parse_request(request_block) if request_block and capture.method == "POST" else None
    return Page(
        url=capture.url,
        status=answer.status or 0,
        headers=answer.headers,
        content=answer.content,
        method=capture.method,
        request_body=question.content if question else b"",
        capture=capture,
        referer=question.header("Referer") if question else None,
    )


def raw_record(path: Path, offset: int, length: int) -> bytes:
    """The record as it lies in the file, still compressed. Raises RecordError."""
    name = path.name.removesuffix(OPEN)
    try:
        with open_warc(path) as stream:
            stream.seek(offset)
            raw = stream.read(length)
    except OSError as error:
        raise RecordError(f"cannot be read: {error.strerror}", file=name, offset=offset) from error
    if len(raw) < length:
        raise TornRecord(f"the file ends after {len(raw):,} of {length:,} bytes", file=name, offset=offset)
    return raw


def payload(path: Path, offset: int, length: int) -> Payload:
    """One stored answer, decoded. Raises RecordError when there is no such record."""
    name = path.name.removesuffix(OPEN)
    raw = raw_record(path, offset, length)
    record = next(_iterate(BytesIO(raw), name, 0, length), None)
    if record is None:
        raise RecordError("no record begins here", file=name, offset=offset)
    record = Record(name, offset, length, record.headers, record.block)
    if not record.headers.get("content-type", "").replace(" ", "").startswith("application/http"):
        return Payload(
            None,
            (("Content-Type", record.headers.get("content-type", "")),),
            record.block,
            record.block,
            record,
        )
    answer = parse(record.block)
    return Payload(answer.status, answer.headers, answer.content, record.block, record)
