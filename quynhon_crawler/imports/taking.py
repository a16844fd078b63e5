"""One file of others into ``warc/``: copied aside, checked, given its name, recorded.

Nothing appears in ``warc/`` before it is whole and on disk; what is interrupted leaves only what the next run
clears away.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from quynhon_crawler.errors import RecordError
from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.imports import repack, wacz
from quynhon_crawler.imports.checking import Contents, check
from quynhon_crawler.imports.naming import in_originals, in_warc
from quynhon_crawler.imports.shelf import Note, Shelf
from quynhon_crawler.imports.sources import kind_of
from quynhon_crawler.manifest import Entry, Manifest, file_chunks, now, sum_of
from quynhon_crawler.warc.walk import Fault, walk


@dataclass(slots=True)
class Taken:
    """What became of one source. ``status``: taken, known (it was here), refused, looked (a dry run).

    ``paths`` are files to be read: in ``warc/``, or aside in a dry run. ``names`` are those in ``warc/``,
    ``shown`` what their sender called them.
    """

    source: str
    status: str = "taken"
    kind: str = ""
    why: str | None = None
    names: list[str] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    contents: Contents = field(default_factory=Contents)


class Taker:
    """Takes one source after the other. Copies lie in ``aside`` meanwhile; ``dry`` leaves them there."""

    def __init__(self, home: Home, manifest: Manifest, aside: Path, *, hosts: tuple[str, ...], dry: bool):
        self._home, self._aside, self._dry = home, aside, dry
        self._shelf = Shelf(home, manifest, hosts)
        self._number = 0
        self._note: Note = {}

    @contextmanager
    def room(self) -> Iterator[Path]:
        """A folder for one file on its way here."""
        with TemporaryDirectory(dir=self._aside) as folder:
            yield Path(folder)

    def take(self, path: Path, *, source: str | None = None) -> Taken:
        """Raises OSError for what this machine cannot do; what the file is to blame for is in the answer."""
        found = Taken(source or str(path))
        try:
            with _named(path):
                found.kind = kind_of(path)
            if found.kind not in ("warc", "arc", "wacz"):
                raise RecordError(found.kind, file=path.name, offset=0)
            before = path.stat()
            if self._shelf.may_know(before.st_size):
                with _named(path):
                    size, sha256 = sum_of(path)
                if known := self._shelf.known_source(size, sha256):
                    found.status = "known"
                    found.names = [each.file[5:] for each in known if each.file.startswith("warc/")]
                    return found
            if found.kind == "wacz":
                with _named(path):
                    size, sha256 = sum_of(path)
                self._describe(found.source, before, sha256)
                self._take_wacz(path, found, sha256)
            else:
                copy, size, sha256 = self._copy(_chunks(path), path.name)
                self._describe(found.source, before, sha256)
                self._take_one(copy, size, sha256, found)
            after = path.stat()
            if (after.st_size, after.st_mtime_ns) != (
                before.st_size,
                before.st_mtime_ns,
            ) or size != after.st_size:
                why = "the file changed while it was read; import it again when it is whole"
                raise RecordError(why, file=path.name, offset=min(size, after.st_size))
            self._place(found)
        except RecordError as error:
            found.status, found.why = "refused", str(error)
        finally:
            self._shelf.clear()
        return found

    def _describe(self, source: str, before: os.stat_result, sha256: str) -> None:
        changed = datetime.fromtimestamp(before.st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        source = os.fsencode(source).decode("utf-8", "backslashreplace")  # a name may be of any bytes
        self._note = {"source": source, "source_sha256": sha256, "source_bytes": before.st_size}
        self._note["source_changed"] = changed

    def _take_wacz(self, path: Path, found: Taken, sha256: str) -> None:
        with wacz.opened(path) as opened:
            for info in opened.warcs():
                name = info.filename.rpartition("/")[2]
                try:
                    copy, size, inner = self._copy(opened.chunks(info), name)
                    kind = kind_of(copy)
                    if kind not in ("warc", "arc"):
                        raise RecordError(kind, file=name, offset=0)
                    self._take_one(copy, size, inner, found, kind=kind)
                except RecordError as error:
                    found.contents.tell(f"{path.name}@{info.header_offset}: not taken: {error}")
            small = opened.small_files() if found.paths else []
            for problem in opened.problems:
                found.contents.tell(problem)
        for name, content in small:
            copy, size, inner = self._copy([content], Path(name).name)
            self._stage(f"{in_originals(path.name, sha256)}/{name}", copy, size, inner)
        if not found.names:
            why = f"none of its WARC files can be read: {found.contents.reason}"
            raise RecordError(why, file=path.name, offset=found.contents.place)

    def _take_one(self, copy: Path, size: int, sha256: str, found: Taken, *, kind: str | None = None) -> None:
        """One WARC or ARC file that lies aside. Raises RecordError when there is nothing to be had of it."""
        if names := self._shelf.holds(sha256):
            found.names += names
            return
        came = shown = copy.name
        is_arc = (kind or found.kind) == "arc"
        first = Contents() if is_arc else check(walk(copy))
        contents = first
        original: tuple[str, Path, int, str] | None = None
        # Damage in a member that all records share comes to light before the first of them.
        if is_arc or first.together or (first.records == 0 and _is_packed(copy)):
            original = (in_originals(copy.name, sha256), copy, size, sha256)
            faults: list[Fault] = []
            items = repack.converted(copy, shown, sha256) if is_arc else repack.repacked(copy, shown)
            copy, size, sha256 = self._copy(_whole(items, faults), shown)
            contents = check(walk(copy))
            # Offsets in the file that was made are no offsets in the file that came.
            made = in_warc(shown, sha256, packed=True)
            contents.problems = [
                line.replace(f"{shown.removesuffix(OPEN)}@", f"{made}@", 1) for line in contents.problems
            ]
            shown = made
            if first.together is not None:
                contents.tell(f"{first.together}; kept in originals/, in warc/ each has a member of its own")
            for fault in faults:
                contents.tell(str(fault))
        if contents.records == 0:
            why = first if first.problems else contents
            raise RecordError(why.reason, file=came, offset=why.place)
        name = in_warc(copy.name, sha256, packed=_is_packed(copy))
        made_from = self._stage(*original) if original is not None else None
        name = self._stage(f"warc/{name}", copy, size, sha256, made_from).removeprefix("warc/")
        found.names.append(name)
        found.shown.append(shown)
        found.paths.append(copy if self._dry else self._home.warc / name)
        found.contents.add(contents)

    def _stage(self, file: str, copy: Path, size: int, sha256: str, made_from: str | None = None) -> str:
        entry = Entry(file, size, sha256, now(), "import", made_from=made_from)
        return self._shelf.stage(entry, copy, self._note)

    def _place(self, found: Taken) -> None:
        if self._dry:
            found.status = "looked"
        elif not self._shelf.place():
            found.status = "known"
        for line in self._shelf.damaged():
            found.contents.tell(line)

    def _copy(self, chunks: Iterable[bytes], name: str) -> tuple[Path, int, str]:
        """Aside and on disk: where, its length and SHA-256."""
        self._number += 1
        folder = self._aside / f"{self._number}"
        folder.mkdir()
        path, digest, size = folder / name, hashlib.sha256(), 0
        with path.open("xb") as stream:
            for chunk in chunks:
                stream.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        return path, size, digest.hexdigest()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """A failing read does not say of which file."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _chunks(path: Path) -> Iterator[bytes]:
    chunks = file_chunks(path)
    while True:
        with _named(path):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


def _whole(items: Iterator[bytes | Fault], faults: list[Fault]) -> Iterator[bytes]:
    for item in items:
        if isinstance(item, Fault):
            faults.append(item)
        else:
            yield item


def _is_packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"
