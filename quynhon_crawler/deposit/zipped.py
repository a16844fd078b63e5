"""The layout of a ZIP file whose members lie elsewhere (APPNOTE 6.3.9): headers of ours, contents in place.

The standard library's zipfile writes the bytes; here only where they would stand is computed, so that a
reader who asks for a range gets it from the file that holds it. Past 4 GiB the ZIP64 fields are used.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from quynhon_crawler.deposit.pieces import Assembled, Piece

STORED, DEFLATED = 0, 8
_MOST32, _MOST16 = 0xFFFFFFFF, 0xFFFF
# 1 January 1980, midnight: the same archive gives the same bytes.
_TIME, _DATE = 0, 0x21
_UTF8 = 0x800
_REGULAR_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the ZIP. ``size`` and ``crc32`` are of the content, ``pieces`` as it is stored."""

    name: str
    size: int
    crc32: int
    pieces: tuple[Piece, ...]
    method: int = STORED

    @property
    def stored(self) -> int:
        return sum(piece.length for piece in self.pieces)


def zipped(members: Iterable[Member]) -> Assembled:
    """The whole ZIP file."""
    pieces: list[Piece] = []
    directory: list[bytes] = []
    at = 0
    for member in members:
        head = _local(member)
        directory.append(_central(member, at))
        pieces += [Piece.of(head), *member.pieces]
        at += len(head) + member.stored
    listing = b"".join(directory)
    pieces.append(Piece.of(listing + _end(len(directory), len(listing), at)))
    return Assembled(pieces)


def _local(member: Member) -> bytes:
    name, stored = member.name.encode(), member.stored
    big = max(member.size, stored) >= _MOST32
    extra = struct.pack("<HHQQ", 1, 16, member.size, stored) if big else b""
    sizes = (_MOST32, _MOST32) if big else (stored, member.size)
    return (
        struct.pack(
            "<4sHHHHHLLLHH", b"PK\3\4", 45 if big else 20, _UTF8, member.method, _TIME, _DATE, member.crc32,
            *sizes, len(name), len(extra),
        )
        + name
        + extra
    )  # fmt: skip


def _central(member: Member, at: int) -> bytes:
    name = member.name.encode()
    # Only those that do not fit, in this order (APPNOTE 4.5.3).
    values = (member.size, member.stored, at)
    large = [value for value in values if value >= _MOST32]
    extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
    size, stored, offset = (min(value, _MOST32) for value in values)
    version = 45 if large else 20
    return (
        struct.pack(
            "<4sHHHHHHLLLHHHHHLL", b"PK\1\2", 3 << 8 | version, version, _UTF8, member.method, _TIME, _DATE,
            member.crc32, stored, size, len(name), len(extra), 0, 0, 0, _REGULAR_FILE, offset,
        )
        + name
        + extra
    )  # fmt: skip


def _end(count: int, length: int, at: int) -> bytes:
    large = b""
    if count >= _MOST16 or length >= _MOST32 or at >= _MOST32:
        large = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, at)
        large += struct.pack("<4sLQL", b"PK\6\7", 0, at + length, 1)
    count, length, at = min(count, _MOST16), min(length, _MOST32), min(at, _MOST32)
    return large + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, length, at, 0)
