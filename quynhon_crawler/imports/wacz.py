"""A WACZ file that somebody made: its WARC files, after its names and sizes were looked at.

Its index and page list are not believed and not needed: both are made again from the records.
"""

from __future__ import annotations

import errno
import hashlib
import json
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from quynhon_crawler.errors import RecordError

# A WARC file inside is compressed already; page lists and indexes reach some tens.
_RATIO = 1_000
_SMALL = 1 << 20
# zipfile goes where a broken directory says, before the file's begin too.
_OF_THE_FILE = (None, errno.EINVAL)
_WARCS = (".warc", ".warc.gz", ".arc", ".arc.gz")


class Wacz:
    """An opened file. Raises RecordError, before anything is written, when it is a danger or no ZIP file."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path, self._archive = path, archive
        self.problems: list[str] = []
        self._sums = self._declared()

    def warcs(self) -> list[zipfile.ZipInfo]:
        """Its WARC and ARC files, in the order of the file."""
        return [info for info in self._archive.infolist() if info.filename.lower().endswith(_WARCS)]

    def chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """The content of one. Raises RecordError when it cannot be had; ``problems`` tell of wrong sums."""
        digest = hashlib.sha256()
        try:
            with self._archive.open(info) as stream:
                if info.compress_type == zipfile.ZIP_STORED:
                    yield from self._stored(info, digest)
                else:
                    yield from _read(stream, digest)
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as error:
            if isinstance(error, OSError) and error.errno not in _OF_THE_FILE:
                raise
            raise self._error(info, f"cannot be unpacked: {error}") from error
        said = self._sums.get(info.filename)
        if said and said != digest.hexdigest():
            self.problems.append(
                f"{self._path.name}@{info.header_offset}: {info.filename}: not the bytes that "
                "datapackage.json gives the sum of"
            )

    def _stored(self, info: zipfile.ZipInfo, digest: hashlib._Hash) -> Iterator[bytes]:
        """zipfile gives no end of what has a wrong CRC: a WARC file may be whole but for one record."""
        crc, left = 0, info.file_size
        with self._path.open("rb") as stream:
            stream.seek(info.header_offset)
            name, extra = struct.unpack("<HH", stream.read(30)[26:])
            stream.seek(info.header_offset + 30 + name + extra)
            while left and (chunk := stream.read(min(left, _SMALL))):
                digest.update(chunk)
                crc = zlib.crc32(chunk, crc)
                left -= len(chunk)
                yield chunk
        if crc != info.CRC:
            self.problems.append(
                f"{self._path.name}@{info.header_offset}: {info.filename}: not the bytes of its CRC-32"
            )

    def small_files(self) -> list[tuple[str, bytes]]:
        """What tells of the crawl: datapackage.json and the lists of pages."""
        found = []
        for info in self._archive.infolist():
            wanted = info.filename == "datapackage.json" or info.filename.startswith("pages/")
            if wanted and not info.is_dir() and info.file_size <= 64 * _SMALL:
                try:
                    found.append((info.filename, b"".join(self.chunks(info))))
                except RecordError as error:
                    self.problems.append(str(error))
        return found

    def check(self) -> None:
        """Names and sizes of the directory. Raises RecordError."""
        seen: set[str] = set()
        total = 0
        for info in self._archive.infolist():
            # the name as it was written: zipfile has made slashes of backslashes and cut it at a NUL
            name = getattr(info, "orig_filename", info.filename)
            plain = PurePosixPath(name)
            if "\\" in name or "\0" in name or ":" in name.split("/")[0] or plain.is_absolute():
                raise self._error(info, f"{name!r} is not a plain name inside the file")
            if ".." in plain.parts:
                raise self._error(info, f"{name!r} leads out of the file")
            if stat.S_ISLNK(info.external_attr >> 16):
                raise self._error(info, f"{name!r} is a link")
            if str(plain) in seen:
                raise self._error(info, f"{name!r} stands there twice")
            if info.flag_bits & 1:
                raise self._error(info, f"{name!r} is encrypted")
            if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
                raise self._error(info, f"{name!r}: the directory lies of its size")
            if info.file_size > _SMALL and info.file_size > _RATIO * max(info.compress_size, 1):
                raise self._error(
                    info, f"{name!r} unpacks from {info.compress_size:,} to {info.file_size:,} bytes: a bomb"
                )
            seen.add(str(plain))
            total += info.compress_size
        if total > self._path.stat().st_size:
            raise RecordError("its entries overlap: a bomb", file=self._path.name, offset=0)
        if not self.warcs():
            raise RecordError("a ZIP file without WARC files", file=self._path.name, offset=0)

    def _declared(self) -> dict[str, str]:
        """SHA-256 by name, as far as datapackage.json can be read."""
        try:
            info = self._archive.getinfo("datapackage.json")
            if info.file_size > 64 * _SMALL:
                return {}
            said = json.loads(self._archive.read(info))
            pairs = ((each["path"], str(each["hash"])) for each in said["resources"])
            return {name: value[7:] for name, value in pairs if value.startswith("sha256:")}
        except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile, OSError, RuntimeError):
            return {}

    def _error(self, info: zipfile.ZipInfo, why: str) -> RecordError:
        return RecordError(why, file=self._path.name, offset=info.header_offset)


@contextmanager
def opened(path: Path) -> Iterator[Wacz]:
    """Checked. Raises RecordError."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in _OF_THE_FILE:
            raise
        raise RecordError(f"not a whole ZIP file: {error}", file=path.name, offset=0) from error
    with archive:
        found = Wacz(path, archive)
        found.check()
        yield found


def _read(stream: IO[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    while chunk := stream.read(_SMALL):
        digest.update(chunk)
        yield chunk
