"""ARC files, the format before WARC (archive.org, ARC_v1 and v2 of 1996), record by record.

A record is one line, ``URL IP date media-type length`` (version 2 has ten fields), and that many bytes; the
first one, ``filedesc://``, describes the file. Compressed ones have a gzip member a record, as a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quynhon_crawler.warc.inflated import Ahead, Inflated
from quynhon_crawler.warc.reader import LARGEST
from quynhon_crawler.warc.walk import Fault

_LINE = 1 << 14
_DATE = re.compile(r"\d{14}")
#: What a line of a record looks like: an address, and a number at the end.
_RECORD = re.compile(rb"[a-z][a-z0-9+.-]*:[^\n]* \d+\r?\n")


@dataclass(frozen=True, slots=True)
class ArcRecord:
    """``date`` has 14 digits (UTC), ``line`` is the record's first line as it came; ``offset`` is in the
    unpacked file."""

    offset: int
    line: str
    url: str
    ip: str
    date: str
    media_type: str
    block: bytes


def arc_records(path: Path, name: str) -> Iterator[ArcRecord | Fault]:
    """Every record but the ``filedesc://`` one, and what is none. Raises OSError.

    A file that does not begin with its description is no ARC file: one Fault.
    """
    faults: list[Fault] = []
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        plain = Ahead(Inflated(stream, name, faults.append) if packed else stream)
        lost = False
        while line := plain.line(_LINE):
            if not line.strip():
                continue
            at = plain.at - len(line)
            try:
                record = _record(at, line, plain)
            except ValueError as error:
                if not lost:
                    yield Fault(name, at, str(error))
                if at == 0:
                    return
                lost = True
                continue
            yield from faults
            faults.clear()
            lost = False
            if record is not None:
                yield record
        yield from faults


def _record(at: int, line: bytes, plain: Ahead) -> ArcRecord | None:
    """None for the description of the file. ValueError: what is wrong."""
    if not _RECORD.fullmatch(line):
        raise ValueError("no ARC record begins here (URL, IP address, date, type, length)")
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    fields = text.rsplit(" ", 4)
    if len(fields) < 5 or not _DATE.fullmatch(fields[2]):
        fields = _second_version(text)
    url, ip, date, media_type, said = fields
    length = int(said) if len(said) < 19 else LARGEST + 1
    if length > LARGEST:
        raise ValueError(f"the record declares {length:,} bytes; more than {LARGEST:,} are not read")
    block = plain.block(length)
    if len(block) < length:
        raise ValueError(f"the record is cut after {len(block):,} of {length:,} bytes")
    if url.startswith("filedesc:"):
        return None
    return ArcRecord(at, text, url, ip, date, media_type, block)


def _second_version(text: str) -> list[str]:
    """``URL IP date type result checksum location offset filename length``."""
    fields = text.rsplit(" ", 9)
    if len(fields) < 10 or not _DATE.fullmatch(fields[2]):
        raise ValueError("the ARC record's date is not 14 digits")
    return [*fields[:4], fields[9]]
