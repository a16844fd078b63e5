"""WARC 1.1 records, exchange by exchange: exact blocks, one gzip member a record.

The order is: request record, what came before the answer (1xx), the answer; all by one write. A torn end then
leaves a question without an answer at the worst, and the crawl asks it again.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from isal import isal_zlib

from quynhon_crawler.model import Capture
from quynhon_crawler.urls import url_key
from quynhon_crawler.warc.appender import Appender, Sealed
from quynhon_crawler.warc.exchange import Exchange
from quynhon_crawler.warc.http import Message, head_length
from quynhon_crawler.warc.records import RecordPrinter, new_record_id

REVISIT_SAME_BODY = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
REVISIT_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_RESPONSE = "application/http;msgtype=response"
_REQUEST = "application/http;msgtype=request"


def utc_now() -> str:
    """Now, as WARC 1.1 dates are written: ``2026-11-24T00:20:00.123456Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def sha1(body: bytes) -> str:
    """``sha1:`` and base32, the form that every WARC reader knows (WARC 1.1, 5.8)."""
    return "sha1:" + b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


class WarcWriter:
    """Writes records into files of ``max_bytes`` (appender.py).

    ``info`` are the fields of the warcinfo record that begins each file. ``level`` is isal's, 0 to 3: level 2
    wrote 3,100 records of 59 KB a second at 29 % of their size, zlib's 9 wrote 180 at 25 %. ``sealed`` is
    told of each file that is closed.
    Raises ArchiveError when a record cannot be written; the file then ends with the last whole record.
    """

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str,
        info: Mapping[str, str],
        max_bytes: int = 1_000_000_000,
        level: int = 2,
        crawl_id: str | None = None,
        sealed: Sealed | None = None,
    ) -> None:
        self._files = Appender(
            folder, prefix=prefix, max_bytes=max_bytes, first=self._warcinfo, sealed=sealed
        )
        self._info = dict(info)
        self._level = level
        self._crawl_id = crawl_id
        self._printer = RecordPrinter()

    def write_exchange(
        self, exchange: Exchange, answer: Message, *, same_as: tuple[str, str] | None = None
    ) -> Capture:
        """One exchange as request and response (or revisit) record; returns where the answer lies.

        ``answer`` is ``http.parse(exchange.received)``. ``same_as`` is (URL, WARC-Date) of a stored response
        with the same body: the answer becomes a revisit with its own exact head.
        """
        request_id, answer_id = new_record_id(), new_record_id()
        common = [("WARC-Target-URI", exchange.url), ("WARC-Date", exchange.started_at)]
        address = [("WARC-IP-Address", exchange.ip)] if exchange.ip else []
        if exchange.tls:  # an extension field too: whose word the bytes are was not checked
            address.append(("X-Quynhon-TLS", exchange.tls))
        self._files.rotate()
        members = [
            self._record(
                [("WARC-Type", "request"), ("WARC-Record-ID", request_id), *common, *address]
                + [("WARC-Concurrent-To", answer_id)]
                # an extension field (WARC 1.1, 5.1): whoever compares with the server's log must know
                + [("X-Quynhon-Removed", name) for name in exchange.removed],
                _REQUEST,
                exchange.sent,
            )
        ]
        if exchange.interim:
            members.append(
                self._record(
                    [("WARC-Type", "metadata"), ("WARC-Record-ID", new_record_id()), *common]
                    + [("WARC-Concurrent-To", answer_id)],
                    _RESPONSE,
                    exchange.interim,
                )
            )
        kind, extra, block = self._answer(exchange, answer, same_as)
        raw = self._record(
            [("WARC-Type", kind), ("WARC-Record-ID", answer_id), *common, *address]
            + [("WARC-Concurrent-To", request_id), *extra],
            _RESPONSE,
            block,
        )
        end = self._files.append(b"".join((*members, raw)))
        content_type = (answer.header("Content-Type") or "").split(";")[0].strip().lower()
        return Capture(
            url=exchange.url,
            url_key=url_key(exchange.url),
            captured_at=exchange.started_at,
            method=exchange.method,
            status=answer.status,
            media_type=content_type or None,
            record_type=kind,
            body_sha256=hashlib.sha256(answer.content).hexdigest() if answer.content else None,
            bytes=len(answer.content),
            truncated=exchange.truncated,
            warc_file=self._files.name,
            warc_offset=end - len(raw),
            warc_length=len(raw),
            warc_record_id=answer_id,
            crawl_id=self._crawl_id,
        )

    def write_metadata(self, url: str, content_type: str, body: bytes, *, date: str | None = None) -> None:
        """A metadata record about ``url``: a fetch that gave no byte, the end of a crawl."""
        self._files.rotate()
        self._files.append(
            self._record(
                [("WARC-Type", "metadata"), ("WARC-Record-ID", new_record_id()), ("WARC-Target-URI", url)]
                + [("WARC-Date", date or utc_now())],
                content_type,
                body,
            )
        )

    @property
    def written(self) -> int:
        """Bytes, of all files."""
        return self._files.written

    def sync(self) -> None:
        """On disk what was written, when this returns."""
        self._files.sync()

    def seal(self) -> None:
        """Full files get their final names: to be called when everything in them is committed elsewhere."""
        self._files.seal()

    def close(self) -> None:
        """All files get their final names and become read-only; a later write begins a new one."""
        self._files.close()

    def _warcinfo(self, name: str) -> bytes:
        """The record that begins the file of a name."""
        body = "".join(f"{key}: {value}\r\n" for key, value in self._info.items()).encode()
        headers = [("WARC-Type", "warcinfo"), ("WARC-Record-ID", new_record_id()), ("WARC-Date", utc_now())]
        return self._record([*headers, ("WARC-Filename", name)], "application/warc-fields", body)

    def _answer(
        self, exchange: Exchange, answer: Message, same_as: tuple[str, str] | None
    ) -> tuple[str, list[tuple[str, str]], bytes]:
        """Record type, its own headers, and its block."""
        head = head_length(exchange.received)
        extra: list[tuple[str, str]] = []
        if exchange.truncated:
            extra.append(("WARC-Truncated", exchange.truncated))
        if same_as:
            profile = REVISIT_NOT_MODIFIED if answer.status == 304 else REVISIT_SAME_BODY
            extra += [("WARC-Profile", profile), ("WARC-Refers-To-Target-URI", same_as[0])]
            extra += [("WARC-Refers-To-Date", same_as[1])]
            if answer.status != 304:
                extra.append(("WARC-Payload-Digest", sha1(answer.entity)))
            return "revisit", extra, exchange.received[:head]
        # Validators disagree on what to digest of a chunked body (the stored bytes or the de-chunked ones),
        # and the header is optional: left out there, it passes all of them.
        if answer.status is not None and not answer.chunked:
            extra.append(("WARC-Payload-Digest", sha1(exchange.received[head:])))
        return "response", extra, exchange.received

    def _record(self, headers: list[tuple[str, str]], content_type: str, block: bytes) -> bytes:
        plain = self._printer.print_record(
            [*headers, ("WARC-Block-Digest", sha1(block))], content_type, block
        )
        packer = isal_zlib.compressobj(self._level, isal_zlib.DEFLATED, 31)
        return bytes(packer.compress(plain) + packer.flush())
