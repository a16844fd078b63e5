"""The end of a WARC file after a crash: how far it is whole."""

from __future__ import annotations

import zlib
from pathlib import Path

from quynhon_crawler.warc.opening import open_warc

_CHUNK = 1 << 20


def good_end(path: Path, *, start: int = 0) -> int:
    """The byte behind the last whole gzip member; the file's size when nothing is torn.

    ``start`` is where a member begins.

    Found by inflating: `warcio check` says OK to a file cut at 97 % of a record, and reading goes on past a
    cut member only to stop there for ever. Memory stays at one chunk.
    """
    end = start
    with open_warc(path) as stream:
        stream.seek(start)
        unpack, used, waiting = zlib.decompressobj(31), 0, b""
        while True:
            data = waiting or stream.read(_CHUNK)
            waiting = b""
            if not data:
                return end
            try:
                unpack.decompress(data, _CHUNK)
                while unpack.unconsumed_tail and not unpack.eof:
                    unpack.decompress(unpack.unconsumed_tail, _CHUNK)
            except zlib.error:
                return end
            if unpack.eof:
                used += len(data) - len(unpack.unused_data)
                end += used
                waiting, used, unpack = unpack.unused_data, 0, zlib.decompressobj(31)
            else:
                used += len(data)
