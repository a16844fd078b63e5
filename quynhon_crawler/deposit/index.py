"""The index of a whole archive: one sorted CDXJ, or the compressed blocks with their own index of a WACZ."""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from quynhon_crawler.deposit.catalogue import catalogue, workplace
from quynhon_crawler.deposit.description import describe
from quynhon_crawler.deposit.gaps import gaps
from quynhon_crawler.deposit.order import merged
from quynhon_crawler.deposit.output import fresh
from quynhon_crawler.deposit.withdrawn import Withdrawn, lines_of
from quynhon_crawler.home import Home

# Lines a block; py-wacz has as many. A reader loads one block for one address: about 40 KB.
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Indexed:
    """What was exported. ``problems`` tell of WARC files that are lost, or not indexed to their end."""

    output: Path
    captures: int
    problems: list[str]


def whole(indexes: Iterable[Iterable[bytes]], folder: Path) -> Iterator[bytes]:
    """The lines of sorted indexes as one; ``folder`` holds them meanwhile."""
    files = []
    for number, lines in enumerate(indexes):
        path = folder / f"part-{number}"
        with path.open("wb") as file:
            file.writelines(lines)
        files.append(path)
    try:
        yield from merged(files, folder)
    finally:
        for path in files:
            path.unlink()


# Both pywb 2.10 and wabac.js 2.27 show an empty page for the revisit record of an unchanged answer (304).
_UNCHANGED = b'"status": "304"'


def without_unchanged(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The same index without the lines of unchanged answers (304): readers get the nearest whole one.

    For wabac.js, which refuses a line whose time is not its record's.
    """
    return (line for line in lines if _UNCHANGED not in line.partition(b" {")[2])


def with_stand_ins(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The same index, with unchanged answers (304) as the last whole one of their key, at their own time.

    For pywb. Without such a one there is nothing to replay.
    """
    key, held = b"", b""
    for line in lines:
        head, _, fields = line.partition(b" {")
        here, _, moment = head.partition(b" ")
        if here != key:
            key, held = here, b""
        if _UNCHANGED in fields:
            if held:
                yield here + b" " + moment + b" {" + held
            continue
        if b'"status": "2' in fields:
            held = fields
        yield line


def export_cdxj(home: Home, output: Path, on_file: Callable[[int, int], None] | None = None) -> Indexed:
    """``output`` is the .cdxj file to make, or a folder to make with index.cdxj in it. Raises ArchiveError.

    Offsets are those of the files in warc/; what was taken down is not in it, and while something is a
    description stands beside the index.
    """
    with fresh(output, database=home.database) as working, workplace(home, output) as place:
        hidden, entries = Withdrawn.of(home.database), catalogue(home, folder=place, on_file=on_file)
        path = working
        if output.suffix != ".cdxj":
            working.mkdir()
            path = working / "index.cdxj"
        captures = 0
        with (
            tempfile.TemporaryDirectory(prefix=".cdxj-", dir=place) as made,
            path.open("wb") as file,
        ):
            for line in whole((lines_of(entry, hidden) for entry in entries), Path(made)):
                captures += file.write(line) > 0
    describe(output if path == working else output / path.name, hidden.state)
    problems = [entry.problem for entry in entries if entry.problem] + gaps(home, entries)
    return Indexed(output, captures, problems)


def write_blocks(lines: Iterable[bytes], blocks: Path, index: Path) -> int:
    """``index.cdx.gz`` and ``index.idx`` (WACZ 1.1.1, 5.3); returns how many lines."""
    rest = iter(lines)
    count = at = 0
    with blocks.open("wb") as packed, index.open("wb") as file:
        file.write(b"!meta 0 " + _json({"format": "cdxj-gzip-1.0", "filename": blocks.name}))
        while block := list(islice(rest, _BLOCK)):
            packer = zlib.compressobj(wbits=31)
            raw = packer.compress(b"".join(block)) + packer.flush()
            file.write(block[0].split(b" {", 1)[0] + b" " + _json({"offset": at, "length": len(raw)}))
            packed.write(raw)
            at += len(raw)
            count += len(block)
    return count


def _json(value: dict[str, object]) -> bytes:
    return json.dumps(value).encode() + b"\n"
