"""What a file unpacks to, as one stream read forward, whatever its members hold, however damaged.

For files whose members do not begin where records do, which nothing can point into: they are read once, and
packed again record by record (imports/).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol

from quynhon_crawler.warc.walk import GZIP, Fault

_PIECE = 1 << 13
_CHUNK = 1 << 16


class Source(Protocol):
    """What can be read forward."""

    def read(self, size: int, /) -> bytes: ...


class Inflated:
    """Damage is told to ``fault``; reading goes on behind it, at the next member that unpacks."""

    def __init__(self, stream: BinaryIO, name: str, fault: Callable[[Fault], None]) -> None:
        self._stream, self._name, self._fault = stream, name, fault
        self._unpack, self._waiting = zlib.decompressobj(31), b""
        self._begin = 0

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; none at the end."""
        while True:
            if self._unpack.eof:
                self._begin = self._stream.tell() - len(self._waiting)
                self._unpack = zlib.decompressobj(31)
            fed = self._waiting or self._stream.read(_PIECE)
            if not fed:
                if self._stream.tell() > self._begin:
                    self._fault(Fault(self._name, self._begin, "the gzip member that begins here is cut"))
                    self._begin = self._stream.tell()
                return b""
            before = self._unpack.copy()
            try:
                plain = self._unpack.decompress(fed, size)
            except zlib.error as error:
                plain = self._until_damage(before, fed, size)
                where = self._begin
                self._find_member(where + 1)
                self._fault(Fault(self._name, where, f"the gzip member that begins here is damaged: {error}"))
            else:
                self._waiting = self._unpack.unconsumed_tail or self._unpack.unused_data
            if plain:
                return plain

    @staticmethod
    def _until_damage(unpack: zlib._Decompress, fed: bytes, size: int) -> bytes:
        plain = b""
        try:
            for place in range(len(fed)):
                plain += unpack.decompress(fed[place : place + 1], size - len(plain))
                if len(plain) >= size:
                    break
        except zlib.error:
            pass
        return plain

    def _find_member(self, at: int) -> None:
        """Put the stream where the next member begins, or at its end."""
        self._waiting, self._unpack = b"", zlib.decompressobj(31)
        while True:
            self._stream.seek(at)
            data = self._stream.read(_CHUNK + 4096)
            place = data.find(GZIP)
            while place >= 0:
                try:
                    zlib.decompressobj(31).decompress(data[place : place + 4096])
                except zlib.error:
                    place = data.find(GZIP, place + 1)
                else:
                    self._begin = self._stream.seek(at + place)
                    return
            if len(data) <= _CHUNK:
                self._begin = self._stream.seek(0, 2)
                return
            at += _CHUNK


class Ahead:
    """A source read line by line and block by block; ``at`` is the place in it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._held = b""
        self.at = 0

    def line(self, longest: int) -> bytes:
        """With its line feed; without one at the end, and when it is longer than that."""
        while b"\n" not in self._held and len(self._held) < longest and (more := self._source.read(_CHUNK)):
            self._held += more
        end = self._held.find(b"\n", 0, longest) + 1 or min(len(self._held), longest)
        taken, self._held = self._held[:end], self._held[end:]
        self.at += end
        return taken

    def block(self, length: int) -> bytes:
        """Shorter only at the end."""
        parts = [self._held[:length]]
        self._held = self._held[length:]
        left = length - len(parts[0])
        while left > 0 and (data := self._source.read(min(left, 1 << 20))):
            parts.append(data)
            left -= len(data)
        self.at += length - left
        return b"".join(parts)
