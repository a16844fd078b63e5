"""The files that a command names, and what each is: by its first bytes, not by its name."""

from __future__ import annotations

import glob
import zlib
from pathlib import Path
from typing import Literal

from quynhon_crawler.errors import UsageError
from quynhon_crawler.manifest import ALL_ENDINGS

Kind = Literal["warc", "arc", "wacz"]
#: How the names of such files end.
NAMES = (*ALL_ENDINGS, ".arc", ".arc.gz", ".wacz")


def find(named: tuple[str, ...]) -> list[Path]:
    """Files, folders (searched through, by the names of such files) and patterns. Raises UsageError."""
    found: dict[Path, None] = {}
    for name in named:
        path = Path(name).expanduser()
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.name.endswith(NAMES) and each.is_file())
            if not inside:
                _refuse_mirror(path)
                raise UsageError(f"{name}: no .warc, .warc.gz, .arc, .arc.gz or .wacz files in this folder")
        elif path.exists():
            inside = [path]
        else:
            inside = sorted(Path(each) for each in glob.glob(str(path), recursive=True))  # noqa: PTH207
            inside = [each for each in inside if each.is_file()]
            if not inside:
                raise UsageError(f"{name}: no such file, folder or pattern")
        found |= dict.fromkeys(each.absolute() for each in inside)
    return list(found)


def _refuse_mirror(folder: Path) -> None:
    if (folder / "hts-cache").is_dir():
        raise UsageError(
            f"{folder}: a mirror made by HTTrack: its pages were changed; its cache holds what came: "
            f"proxytrack --convert mirror.arc {folder}/hts-cache/new.zip, and import mirror.arc"
        )


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
