"""A file or folder that takes its name when it is whole and on disk; after an error nothing is left of it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from quynhon_crawler.errors import ArchiveError, DiskFull, UsageError
from quynhon_crawler.store.standing import Standing


@contextmanager
def fresh(output: Path, *, database: Path | None = None, option: str = "--output") -> Iterator[Path]:
    """Where to make what shall stand at ``output``: a path beside it that does not exist yet.

    With a ``database`` it must still fit its takedowns at the end (Overtaken): enter this before anything of
    it is read. Raises UsageError when something is there already, DiskFull, and ArchiveError when it cannot
    be written.
    """
    output = output.absolute()
    if output.is_file() or output.is_symlink() or (output.is_dir() and any(output.iterdir())):
        raise UsageError(f"{output}: exists already, and nothing was changed; name another {option}")
    working = output.with_name(f".{output.name}.part")
    standing = Standing(database) if database else None
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        _remove(working)
        yield working
        _to_disk(working)
        with standing.still(output) if standing else nullcontext():
            if output.is_dir():
                output.rmdir()
            working.replace(output)
        _sync(output.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(
                f"{output}: {error.strerror}; nothing was left there, make room and run again"
            ) from error
        if (source := _other_file(error, output, working)) is not None:
            raise ArchiveError(f"{source}: cannot be read: {error.strerror}") from error
        raise ArchiveError(f"{output}: cannot be written: {error.strerror or error}") from error
    finally:
        _remove(working)


def _other_file(error: OSError, output: Path, working: Path) -> Path | None:
    """The file that was to be read, when it is not what was being made that failed."""
    if not isinstance(error.filename, str):
        return None
    path = Path(error.filename).absolute()
    made = path in (output, *output.parents) or path.is_relative_to(working)
    return None if made else path


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    if path.is_dir():
        for inner in path.rglob("*"):
            _sync(inner)
    _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
