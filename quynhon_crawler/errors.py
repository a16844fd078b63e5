"""The errors that a user's input or the world can cause. ``str(error)`` is the one line a user reads.

::

    QuynhonError
    ├── UsageError            wrong use: exit status 2
    │   ├── ConfigError       archive.toml: names the key and the line
    │   ├── ArchiveError      the folder is not an archive, or another crawl holds it
    │   └── SchemaError       the database is of a newer version, or is not ours
    ├── DiskFull              no room: what was whole is kept, run again when there is room
    ├── Overtaken             an export, by a takedown: run again
    ├── RecordError           a WARC record that cannot be read: file@offset
    │   └── TornRecord        it ends before it should
    └── FetchError            an address that gave nothing: URL and why

Anything else is a bug and may show a traceback.
"""

from __future__ import annotations

#: In every line about a disk without room: what to do, and for programs what it was.
ROOM = "make room"


class QuynhonError(Exception):
    """The root. Never raised itself."""


class UsageError(QuynhonError):
    """What was asked cannot be done as asked; the message says what to do instead."""


class ConfigError(UsageError):
    """archive.toml holds something that is not understood."""


class ArchiveError(UsageError):
    """The folder is not an archive, is not writable, or is in use."""


class SchemaError(UsageError):
    """The database cannot be opened by this version."""


class DiskFull(QuynhonError):
    """No room on the disk. Not wrong use: exit status 1."""


class Overtaken(QuynhonError):
    """An export does not fit any more what may be shown. Not wrong use: exit status 1."""


class RecordError(QuynhonError):
    """A WARC record that cannot be read. ``file`` is a name, ``offset`` is in bytes of the file on disk."""

    def __init__(self, message: str, *, file: str, offset: int) -> None:
        super().__init__(f"{file}@{offset}: {message}")
        self.file = file
        self.offset = offset


class TornRecord(RecordError):
    """A record that ends before its own length says: a crash, a full disk, a cut copy."""


class FetchError(QuynhonError):
    """An address that gave no answer."""

    def __init__(self, message: str, *, url: str) -> None:
        super().__init__(f"{url}: {message}")
        self.url = url
