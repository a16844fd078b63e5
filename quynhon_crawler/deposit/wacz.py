"""WACZ 1.1.1 (specs.webrecorder.net/wacz/1.1.1): WARC files, their index, a list of pages, and their sums.

``put_together`` makes what is not in the archive already (index, pages, datapackage) and lays out the ZIP;
``export_wacz`` writes it, a replay server reads ranges of it without it being written.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from quynhon_crawler import __version__
from quynhon_crawler.config import load
from quynhon_crawler.deposit import pages
from quynhon_crawler.deposit.catalogue import Entry, Sums, catalogue, sums_of, workplace
from quynhon_crawler.deposit.gaps import gaps
from quynhon_crawler.deposit.index import whole, without_unchanged, write_blocks
from quynhon_crawler.deposit.output import fresh
from quynhon_crawler.deposit.pieces import Assembled, Piece
from quynhon_crawler.deposit.withdrawn import Part, Withdrawn, part_of
from quynhon_crawler.deposit.zipped import DEFLATED, STORED, Member, zipped
from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import Home
from quynhon_crawler.manifest import file_chunks
from quynhon_crawler.store.database import connect
from quynhon_crawler.store.obeyed import property_of

VERSION = "1.1.1"


@dataclass(frozen=True, slots=True)
class Wacz:
    """A WACZ that can be read. ``digest`` (SHA-256 of its datapackage.json) names its content.

    ``problems`` tell of WARC files that could not be indexed to their end.
    """

    file: Assembled
    digest: str
    captures: int
    pages: int
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """What was exported: ``files`` are names with their size in bytes."""

    output: Path
    files: dict[str, int]
    captures: int
    pages: int
    problems: list[str]


def parts_of(entries: list[Entry], hidden: Withdrawn) -> list[Part]:
    """What of each file may be handed out; a file of which nothing may is left out."""
    return [part for part in (part_of(entry, hidden) for entry in entries) if part.spans]


def put_together(
    home: Home, entries: list[Entry], hidden: Withdrawn, folder: Path, *, articles: bool = True
) -> Wacz:
    """The WACZ of an archive; ``folder`` keeps what had to be made, as long as the WACZ is read.

    Without ``articles`` the list of pages holds the portals' first pages only: a replay that is always asked
    for one address at one time need not load them. Raises ArchiveError.
    """
    parts = parts_of(entries, hidden)
    blocks, index = folder / "index.cdx.gz", folder / "index.idx"
    lines = whole((part.index(hidden) for part in parts), folder)
    captures = write_blocks(without_unchanged(lines), blocks, index)
    contents = [_Content(f"archive/{part.entry.name}", part.pieces, part.sums) for part in parts]
    contents += [_file(f"indexes/{path.name}", path) for path in (blocks, index)]
    name = load(home.config).archive.name
    connection = connect(home.database, readonly=True).conn
    try:
        connection.execute("BEGIN")
        files = [part.entry.name for part in parts]
        first = [page for page in pages.homes(connection, files) if not hidden.hides(page["url"])]
        listed = _Counted(chain(first, pages.articles(connection, files) if articles else ()))
        contents.append(_packed("pages/pages.jsonl", pages.listing(listed, title=name), folder))
        about = _about(connection, name, first) | property_of(hidden.state)
        package = _json(about | {"resources": [_resource(item) for item in contents]})
    finally:
        connection.close()
    digest = hashlib.sha256(package).hexdigest()
    said = _json({"path": "datapackage.json", "hash": f"sha256:{digest}"})
    contents += [_bytes("datapackage.json", package), _bytes("datapackage-digest.json", said)]
    problems = [entry.problem for entry in entries if entry.problem]
    return Wacz(zipped(item.member for item in contents), digest, captures, listed.count, problems)


def export_wacz(home: Home, output: Path, on_file: Callable[[int, int], None] | None = None) -> Written:
    """``output`` is the .wacz file to make, or a folder to make with one in it. Raises ArchiveError."""
    with fresh(output, database=home.database) as working, workplace(home, output) as place:
        hidden, entries = Withdrawn.of(home.database), catalogue(home, folder=place, on_file=on_file)
        with tempfile.TemporaryDirectory(prefix=".wacz-", dir=place) as made:
            wacz = put_together(home, entries, hidden, Path(made))
            if output.suffix == ".wacz":
                write(wacz, working)
            else:
                working.mkdir()
                write(wacz, working / f"{load(home.config).archive.prefix.lower()}.wacz")
    files = [output] if output.is_file() else sorted(output.iterdir())
    sizes = {path.name: path.stat().st_size for path in files}
    problems = wacz.problems + gaps(home, entries)
    return Written(output, sizes, wacz.captures, wacz.pages, problems)


def write(wacz: Wacz, path: Path) -> None:
    """To disk, and read again: a WARC file that changed since it was indexed is no part of an archive."""
    with path.open("xb") as file:
        file.writelines(wacz.file.chunks())
    with zipfile.ZipFile(path) as written:
        if (bad := written.testzip()) is not None:
            raise ArchiveError(f"{bad}: is not what it was when it was indexed; run: quynhon verify")


@dataclass(frozen=True, slots=True)
class _Content:
    """A file of the WACZ: its bytes, their sums, and the bytes as stored where they are packed."""

    name: str
    pieces: tuple[Piece, ...]
    sums: Sums
    method: int = STORED

    @property
    def member(self) -> Member:
        return Member(self.name, self.sums.bytes, self.sums.crc32, self.pieces, self.method)


class _Counted:
    """What is iterated, and how many it was."""

    def __init__(self, items: Iterable[dict[str, str]]) -> None:
        self._items = items
        self.count = 0

    def __iter__(self) -> Iterator[dict[str, str]]:
        for item in self._items:
            self.count += 1
            yield item


def _file(name: str, path: Path) -> _Content:
    sums = sums_of(file_chunks(path))
    return _Content(name, (Piece(path, 0, sums.bytes),), sums)


def _bytes(name: str, content: bytes) -> _Content:
    return _Content(name, (Piece.of(content),), sums_of(iter([content])))


def _packed(name: str, lines: Iterable[bytes], folder: Path) -> _Content:
    """Lines as a compressed member: full text is a third of its size then."""
    path = folder / name.rpartition("/")[2]
    packer = zlib.compressobj(wbits=-15)

    def packing() -> Iterator[bytes]:
        for line in lines:
            file.write(packer.compress(line))
            yield line

    with path.open("wb") as file:
        sums = sums_of(packing())
        file.write(packer.flush())
    return _Content(name, (Piece(path, 0, path.stat().st_size),), sums, DEFLATED)


def _resource(content: _Content) -> dict[str, Any]:
    name = re.sub(r"[^a-z0-9._/-]", "-", content.name.rpartition("/")[2].lower())
    digest = f"sha256:{content.sums.sha256}"
    return {"name": name, "path": content.name, "hash": digest, "bytes": content.sums.bytes}


def _about(connection: sqlite3.Connection, name: str, first: list[dict[str, str]]) -> dict[str, Any]:
    newest = connection.execute("SELECT max(captured_at) FROM captures").fetchone()[0]
    portals = connection.execute("SELECT coalesce(name, home_url), home_url, rights FROM portals ORDER BY 2")
    told = "; ".join(" ".join(filter(None, row)) for row in portals)
    about = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": name,
        "description": told,
        "software": f"quynhon_crawler {__version__}",
        # The time of the newest capture, not of the export: the same archive gives the same bytes.
        "created": f"{newest[:19]}Z" if newest else "1970-01-01T00:00:00Z",
    }
    return about | ({"mainPageUrl": first[0]["url"], "mainPageDate": first[0]["ts"]} if first else {})


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
