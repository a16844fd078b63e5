"""WARC 1.1 files, exchange by exchange: exact blocks, one gzip member a record, never changed once closed.

The file is the only place where bytes of the portal are kept, so the order is: request record, what came
before the answer (1xx), the answer. A torn end then leaves a question without an answer at the worst, and
the crawl asks it again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
from base64 import b32encode
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from isal import isal_zlib

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.model import Capture
from quynhon_crawler.urls import url_key
from quynhon_crawler.warc.exchange import Exchange
from quynhon_crawler.warc.http import Message, head_length
from quynhon_crawler.warc.records import RecordPrinter, new_record_id

OPEN = ".open"
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
    """Appends records to ``PREFIX-<UTC>-<serial>-<host>.warc.gz.open`` and closes it at ``max_bytes``.

    ``info`` are the fields of the warcinfo record that begins each file. ``level`` is isal's, 0 to 3: level 2
    wrote 3,100 records of 59 KB a second at 29 % of their size, zlib's 9 wrote 180 at 25 %.
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
    ) -> None:
        self._folder = folder
        self._prefix = prefix
        self._info = dict(info)
        self._max_bytes = max_bytes
        self._level = level
        self._crawl_id = crawl_id
        self._printer = RecordPrinter()
        self._serial = 0
        self._file: int | None = None
        self._size = 0
        self._synced = 0
        self.name = ""
        self.written = 0

    @property
    def position(self) -> int:
        """Bytes written to the present file."""
        return self._size

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
        self._rotate()
        self._append(
            self._record(
                [("WARC-Type", "request"), ("WARC-Record-ID", request_id), *common, *address]
                + [("WARC-Concurrent-To", answer_id)]
                # an extension field (WARC 1.1, 5.1): whoever compares with the server's log must know
                + [("X-Quynhon-Removed", name) for name in exchange.removed],
                _REQUEST,
                exchange.sent,
            )
        )
        if exchange.interim:
            self._append(
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
        offset = self._append(raw)
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
            warc_file=self.name,
            warc_offset=offset,
            warc_length=len(raw),
            warc_record_id=answer_id,
            crawl_id=self._crawl_id,
        )

    def write_metadata(self, url: str, content_type: str, body: bytes, *, date: str | None = None) -> None:
        """A metadata record about ``url``: a fetch that gave no byte, the end of a crawl."""
        self._rotate()
        self._append(
            self._record(
                [("WARC-Type", "metadata"), ("WARC-Record-ID", new_record_id()), ("WARC-Target-URI", url)]
                + [("WARC-Date", date or utc_now())],
                content_type,
                body,
            )
        )

    def sync(self) -> None:
        """On disk what was written, when this returns."""
        if self._file is not None and self._synced != self._size:
            try:
                os.fsync(self._file)
            except OSError as error:
                raise ArchiveError(
                    f"{self._path()}: {error.strerror}; what was written may be lost"
                ) from error
            self._synced = self._size

    def close(self) -> None:
        """The present file gets its final name and becomes read-only; a later write begins a new one."""
        if self._file is None:
            return
        self.sync()
        os.fchmod(self._file, 0o444)
        os.close(self._file)
        self._file = None
        self._path().rename(self._folder / self.name)
        sync_folder(self._folder)

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

    def _append(self, member: bytes) -> int:
        """One gzip member at the end; its offset. A write that fails is taken back."""
        assert self._file is not None
        offset, left = self._size, memoryview(member)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, offset)
            raise ArchiveError(
                f"{self._path()}: {error.strerror} at byte {offset:,}; the record was taken back, "
                "make room and run the crawl again"
            ) from error
        self._size += len(member)
        self.written += len(member)
        return offset

    def _rotate(self) -> None:
        if self._file is not None and self._size >= self._max_bytes:
            self.close()
        if self._file is None:
            self._begin()

    def _begin(self) -> None:
        self._serial += 1
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        host = socket.gethostname().split(".")[0] or "localhost"
        self.name = f"{self._prefix}-{stamp}-{self._serial:05d}-{host}-{os.getpid()}.warc.gz"
        try:
            self._file = os.open(self._path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        except OSError as error:
            raise ArchiveError(f"{self._path()}: cannot be created: {error.strerror}") from error
        self._size = self._synced = 0
        body = "".join(f"{name}: {value}\r\n" for name, value in self._info.items()).encode()
        self._append(
            self._record(
                [("WARC-Type", "warcinfo"), ("WARC-Record-ID", new_record_id()), ("WARC-Date", utc_now())]
                + [("WARC-Filename", self.name)],
                "application/warc-fields",
                body,
            )
        )

    def _path(self) -> Path:
        return self._folder / (self.name + OPEN)


def sync_folder(folder: Path) -> None:
    """A rename is on disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
