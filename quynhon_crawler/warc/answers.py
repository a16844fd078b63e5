"""What of a WARC file of anybody is an answer to be kept in ``captures``, as Capture and Page.

Responses and revisits are; a resource record is when its address is a web address: some tools write pictures
and documents so. Conversions are made from other records and metadata are about them: neither was an answer.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from quynhon_crawler.model import Capture, Page
from quynhon_crawler.urls import host_of, url_key
from quynhon_crawler.warc.http import MAX_DECODED, TOO_LARGE
from quynhon_crawler.warc.reader import Record, Stored, capture_of, page_of
from quynhon_crawler.warc.when import http_date, utc

# Heritrix keeps its look-ups (dns:portal.vn), wget its command line (metadata://gnu.org/...), others what a
# page was found to hold (urn:pageinfo:...).
_NOT_WEB = re.compile(r"(?!https?:|ftps?:)[a-z][a-z0-9+-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``remark`` is one line when a reader had to guess, or did not read all."""

    page: Page
    capture: Capture
    record: Record
    remark: str | None = None


def is_web(url: str) -> bool:
    """Whether a record of that address can be an answer of a web server."""
    return bool(host_of(url)) and not _NOT_WEB.match(url)


def answer_of(item: Stored | Record, *, crawl_id: str | None) -> Answer | str | None:
    """None when it is no answer; one line when it should be one and cannot be kept."""
    record = item.record if isinstance(item, Stored) else item
    if _NOT_WEB.match(record.url):
        return None
    if not isinstance(item, Stored) and (record.type != "resource" or not host_of(record.url)):
        return None
    if not host_of(record.url):
        return f"{record.file}@{record.offset}: no web address: {record.url[:200]!r}"
    if isinstance(item, Stored):
        if not record.headers.get("content-type", "application/http").lower().startswith("application/http"):
            return _resource(record, crawl_id)  # as of DNS lookups, or FTP
        capture, message = capture_of(item, crawl_id=crawl_id)
        page = page_of(capture, message, item.request.block if item.request else None)
        answer = _dated(page, capture, record, message.header("Date"))
        if message.damage == TOO_LARGE and isinstance(answer, Answer):
            why = f"the body is {TOO_LARGE}: no more than {MAX_DECODED:,} bytes of it are read"
            return replace(answer, remark=f"{record.file}@{record.offset}: {why}")
        return answer
    return _resource(record, crawl_id)


def _resource(record: Record, crawl_id: str | None) -> Answer | str:
    media_type = record.headers.get("content-type", "").split(";")[0].strip().lower()
    capture = Capture(
        url=record.url,
        url_key=url_key(record.url),
        captured_at=record.date,
        method="GET",
        status=None,
        media_type=media_type or None,
        record_type=record.type,
        body_sha256=hashlib.sha256(record.block).hexdigest() if record.block else None,
        bytes=len(record.block),
        truncated=record.headers.get("warc-truncated"),
        warc_file=record.file,
        warc_offset=record.offset,
        warc_length=record.length,
        warc_record_id=record.id or f"{record.file}@{record.offset}",
        crawl_id=crawl_id,
    )
    headers = (("Content-Type", record.headers.get("content-type", "")),)
    # It has no status of its own; what was fetched and kept by itself was there.
    return _dated(Page(record.url, 200, headers, record.block, capture=capture), capture, record, None)


def _dated(page: Page, capture: Capture, record: Record, sent: str | None) -> Answer | str:
    at = utc(capture.captured_at)
    if at == capture.captured_at:
        return Answer(page, capture, record)
    place = f"{record.file}@{record.offset}"
    remark = None
    if at is None:
        at = http_date(sent or "")
        if at is None:
            return f"{place}: WARC-Date {capture.captured_at!r} is no date, and the answer has none"
        remark = f"{place}: WARC-Date {capture.captured_at!r} is no date; the answer's own Date is taken"
    capture = replace(capture, captured_at=at)
    return Answer(replace(page, capture=capture), capture, record, remark)
