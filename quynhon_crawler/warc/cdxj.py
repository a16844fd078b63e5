"""CDXJ: one line for each answer of a WARC file, as pywb, wabac.js and other replay tools look them up.

Fields and spelling are those of cdxj-indexer, with three differences that replay needs: revisits of a POST
get the key of their POST, the digest of a chunked answer is of the body without the chunks (so that a revisit
finds it; cdxj-indexer 1.5 gives the digest of nothing), and a HEAD is not taken for the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quynhon_crawler.urls import surt
from quynhon_crawler.warc.http import Message, entity_of, parse, parse_request
from quynhon_crawler.warc.question import asked
from quynhon_crawler.warc.reader import Record, Stored, paired
from quynhon_crawler.warc.survey import survey
from quynhon_crawler.warc.walk import Fault
from quynhon_crawler.warc.when import http_date, utc
from quynhon_crawler.warc.writer import sha1

_NOT_DIGIT = re.compile(r"\D")
_END_OF_TYPE = re.compile(r"[;\s]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the index: ``key`` (SURT), ``timestamp`` (14 digits) and the fields, offsets as text."""

    key: str
    timestamp: str
    fields: dict[str, str]

    def __str__(self) -> str:
        return f"{self.key} {self.timestamp} {json.dumps(self.fields)}"

    @classmethod
    def parse(cls, text: str) -> Line:
        """Raises ValueError when it is none."""
        key, timestamp, fields = text.split(" ", 2)
        return cls(key, timestamp, json.loads(fields))


def timestamp(date: str, sent: str | None = None) -> str:
    """``20190827080102``, UTC, of a WARC-Date; of the answer's own ``Date`` when that is none."""
    return _NOT_DIGIT.sub("", utc(date) or http_date(sent or "") or date)[:14].ljust(14, "0")


def lines(path: Path) -> Iterator[Line | Fault]:
    """The index of one file, in the order of its records, and what of it cannot be read.

    Responses, revisits and resources; not metadata, which are about an address and no answer of it.
    """
    for item in paired(survey(path)):
        if isinstance(item, Fault):
            yield item
        elif isinstance(item, Stored):
            yield _answer(item)
        elif item.type in ("resource", "conversion"):
            yield _resource(item)


def _answer(stored: Stored) -> Line:
    record = stored.record
    head = parse(record.block, body=False)
    url, extra = record.url, {}
    if stored.request is not None:
        question = parse_request(stored.request.block)
        method = question.first_line.split(" ", 1)[0].upper() or "GET"
        url, query = asked(record.url, method, question.header("Content-Type") or "", question.content)
        if method != "GET":
            extra = {"requestBody": query, "method": method}
    fields = {"url": record.url}
    if record.type == "revisit":
        fields["mime"] = "warc/revisit"
    elif said := _END_OF_TYPE.split(head.header("Content-Type") or "", maxsplit=1)[0]:
        fields["mime"] = said
    if head.status is not None:
        fields["status"] = str(head.status)
    if digest := _digest(record, head):
        fields["digest"] = digest
    return Line(surt(url), timestamp(record.date, head.header("Date")), fields | _place(record) | extra)


def _resource(record: Record) -> Line:
    fields = {"url": record.url}
    if said := _END_OF_TYPE.split(record.headers.get("content-type", ""), maxsplit=1)[0]:
        fields["mime"] = said
    fields["digest"] = record.headers.get("warc-payload-digest") or sha1(record.block)
    return Line(surt(record.url), timestamp(record.date), fields | _place(record))


def _digest(record: Record, head: Message) -> str | None:
    """What the record says, else of the body without its chunks.

    None for an unchanged answer (304): it stands for whatever was there at the time it names, and a digest of
    nothing would keep replay tools from finding that.
    """
    if said := record.headers.get("warc-payload-digest"):
        return said
    if record.type == "revisit":
        return None
    chunked = "chunked" in (head.header("Transfer-Encoding") or "").lower()
    return sha1(entity_of(record.block) if chunked else record.block[len(record.block) - head.extra :])


def _place(record: Record) -> dict[str, str]:
    return {"length": str(record.length), "offset": str(record.offset), "filename": record.file}
