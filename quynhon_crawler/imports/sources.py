"""The files that a command names, and what each is: by its first bytes, not by its name."""

from __future__ import annotations

import glob
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from quynhon_crawler.errors import UsageError
from quynhon_crawler.imports.folder import Found, look_through, no_file
from quynhon_crawler.manifest import ALL_ENDINGS

Kind = Literal["warc", "arc", "wacz"]
#: How the names of such files end. Of Zstandard it is told how to unpack it.
NAMES = (*ALL_ENDINGS, ".arc", ".arc.gz", ".wacz", ".warc.zst")


def find(named: tuple[str, ...]) -> Found:
    """Files, folders (searched through) and patterns. Raises UsageError."""
    found = Found()
    for name in named:
        if not name:
            raise UsageError(
                "an empty name (a variable of the shell that is not set?); name a file or folder"
            )
        path = Path(name).expanduser()
        if path.is_dir():
            inside = look_through(path, NAMES, is_record_file)
            if not inside.paths and not inside.left_out:
                _refuse_mirror(path)
                raise UsageError(f"{name}: no .warc, .warc.gz, .arc, .arc.gz or .wacz files in this folder")
        elif why := no_file(path):
            inside = _matching(path)
            if not inside.paths and not inside.left_out:
                raise UsageError(f"{name}: {'no such file, folder or pattern' if why == 'missing' else why}")
        else:
            inside = Found([path])
        found.add(inside)
    return found


def _matching(pattern: Path) -> Found:
    """What a pattern that the shell left alone stands for."""
    found = Found(left_out=list(_closed(pattern)))
    for path in _glob(pattern):
        if path == pattern:
            continue  # its own name, of a file that is none: told by who asked
        if path.is_dir():
            found.add(look_through(path, NAMES, is_record_file))
        elif why := no_file(path):
            found.left_out.append(f"{path}: {why}")
        else:
            found.paths.append(path)
    return found


def _glob(pattern: Path) -> list[Path]:
    return [Path(each) for each in sorted(glob.glob(str(pattern), recursive=True))]  # noqa: PTH207


def _closed(pattern: Path) -> Iterator[str]:
    """Folders that a pattern leads through and that may not be read: to ``glob`` they are empty."""
    for part in (pattern, *pattern.parents):
        for folder in _glob(part.parent) if glob.has_magic(part.name) else []:
            if folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK):
                yield f"{folder}: cannot be read: Permission denied; what is in it is left out"


def _refuse_mirror(folder: Path) -> None:
    if (folder / "hts-cache").is_dir():
        raise UsageError(
            f"{folder}: a mirror made by HTTrack: its pages were changed; its cache holds what came: "
            f"proxytrack --convert mirror.arc {folder}/hts-cache/new.zip, and import mirror.arc"
        )


def is_record_file(path: Path) -> bool:
    """Whether a file of any name begins as WARC or ARC do. Raises OSError.

    A ZIP file may hold anything: in a folder, WACZ is known by its name.
    """
    return kind_of(path) in ("warc", "arc")


def kind_of(path: Path) -> Kind | str:
    """What it is, or one line why it is nothing that can be imported. Raises OSError."""
    with path.open("rb") as stream:
        begin = stream.read(4096)
    if not begin:
        return "the file is empty"
    packed = begin.startswith(b"\x1f\x8b")
    if packed:
        try:
            begin = zlib.decompressobj(31).decompress(begin, 64)
        except zlib.error as error:
            return f"begins as gzip, but does not unpack: {error}"
        if not begin:
            return "holds no record: its first gzip member is empty"
    if begin.startswith(b"WARC/"):
        return "warc"
    if begin.startswith(b"filedesc:"):
        return "arc"
    if begin.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "wacz"
    if begin.startswith((b"\x28\xb5\x2f\xfd", b"\x2a\x4d\x18")) or begin[1:4] == b"\x2a\x4d\x18":
        return "compressed with Zstandard; unpack it with zstd -d and import the result"
    return f"neither WARC, ARC nor WACZ: it begins with {begin[:16]!r}"
