"""Files that lie on other storage: whatever fsspec knows (``s3://``, ``https://``, ``sftp://``).

They are brought here one by one, and imported like files of this disk. fsspec is an extra of the package.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from quynhon_crawler.errors import RecordError, UsageError
from quynhon_crawler.imports.sources import NAMES

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
#: fsspec's storages raise errors of their own: boto's, aiohttp's, paramiko's.
_ANY = Exception


def is_address(named: str) -> bool:
    """Whether a word on the command line names a place that is no path of this disk."""
    return _ADDRESS.match(named) is not None


def expand(named: str) -> list[str]:
    """The addresses of files: a file's own, those of a folder by their names, those of a pattern.

    Raises UsageError when there are none, and when the storage cannot be asked.
    """
    with _told(named):
        storage, path = _storage(named)
        if any(letter in path for letter in "*[") and not named.startswith("http"):
            found = sorted(storage.glob(path))
        elif not path.endswith(NAMES) and storage.isdir(path):
            found = sorted(each for each in storage.find(path) if each.endswith(NAMES))
        else:
            found = [path] if _is_there(storage, path) else []
    if not found:
        raise UsageError(f"{named}: no such file, folder or pattern there")
    return [str(storage.unstrip_protocol(each)) for each in found]


def fetch(address: str, folder: Path) -> Path:
    """A copy in ``folder``, under the file's own name. Raises RecordError when it is missing or cut short."""
    copy = folder / (re.split(r"[?#]", address)[0].rstrip("/").rpartition("/")[2] or "file")
    try:
        storage, path = _storage(address)
        wanted = storage.info(path).get("size")
        storage.get_file(path, str(copy))  # from its begin to its end: a simple server gives no ranges
    except OSError as error:
        if error.filename == str(copy) or error.errno == errno.ENOSPC:
            raise  # this machine's own affair
        raise _not_fetched(error, address, copy) from error
    except _ANY as error:
        raise _not_fetched(error, address, copy) from error
    size = copy.stat().st_size
    with suppress(_ANY):  # not every storage knows
        changed = storage.modified(path).timestamp()
        os.utime(copy, (changed, changed))
    if wanted is not None and size != wanted:
        why = f"came to {size:,} of {wanted:,} bytes; import it again"
        raise RecordError(why, file=address, offset=size)
    return copy


def _not_fetched(error: Exception, address: str, copy: Path) -> RecordError:
    came = copy.stat().st_size if copy.exists() else 0
    return RecordError(f"cannot be fetched: {_line(error)}", file=address, offset=came)


def _is_there(storage: Any, path: str) -> bool:
    """Not by ``exists``, which takes a server that does not answer for a file that is missing."""
    try:
        storage.info(path)
    except FileNotFoundError as error:
        cause = error.__cause__
        if cause is None or isinstance(cause, FileNotFoundError) or getattr(cause, "status", 0) in (404, 410):
            return False
        raise cause from None
    return True


def _storage(address: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise UsageError(
            f"{address}: to read from there, install: pip install 'quynhon-crawler[storage]'"
        ) from error
    storage, path = url_to_fs(address)
    return storage, str(path)


@contextmanager
def _told(named: str) -> Iterator[None]:
    try:
        yield
    except (UsageError, KeyboardInterrupt):
        raise
    except ImportError as error:  # s3fs, gcsfs...: fsspec names the package
        raise UsageError(f"{named}: {_line(error)}") from error
    except _ANY as error:
        raise UsageError(f"{named}: cannot be asked for its files: {_line(error)}") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
