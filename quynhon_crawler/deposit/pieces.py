"""A file put together from parts of other files and from bytes of our own, and read like one.

A WACZ of a large archive need not be written to be served: most of its bytes are the WARC files themselves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from quynhon_crawler.errors import ArchiveError

_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Piece:
    """``length`` bytes of ``source`` from ``start``: of a file, or of bytes."""

    source: Path | bytes
    start: int
    length: int

    @classmethod
    def of(cls, content: bytes) -> Piece:
        return cls(content, 0, len(content))


class Assembled:
    """Pieces one after the other, as one file of ``size`` bytes."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = [piece for piece in pieces if piece.length]
        self._ends = list(accumulate(piece.length for piece in self._pieces))
        self.size = self._ends[-1] if self._ends else 0

    def chunks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` to before ``stop``. Raises ArchiveError when a part is gone."""
        stop = self.size if stop is None else min(stop, self.size)
        number = bisect_right(self._ends, start)
        while start < stop:
            piece = self._pieces[number]
            inside = start - (self._ends[number] - piece.length)
            length = min(piece.length - inside, stop - start)
            yield from _read(piece, inside, length)
            start += length
            number += 1


def _read(piece: Piece, inside: int, length: int) -> Iterator[bytes]:
    begin = piece.start + inside
    if isinstance(piece.source, bytes):
        yield piece.source[begin : begin + length]
        return
    try:
        with piece.source.open("rb") as file:
            file.seek(begin)
            while length:
                chunk = file.read(min(length, _CHUNK))
                if not chunk:
                    raise ArchiveError(f"{piece.source}: ends {length:,} bytes before it should")
                length -= len(chunk)
                yield chunk
    except OSError as error:
        raise ArchiveError(f"{piece.source}: cannot be read: {error.strerror}") from error
