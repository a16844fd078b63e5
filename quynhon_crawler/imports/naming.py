"""What a file of others is called in the archive: by its sum, so that no two meet, and by its own name."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ENDING = re.compile(r"(?:\.warc)?(?:\.gz)?(?:\.open|\.bad)?$", re.IGNORECASE)
# What another archive of ours put before it: there it told of the same sum, or of what the file was before.
_OURS = re.compile(r"^(?:IMPORT-[0-9a-f]{12}-)+(?=.)")
_SUM = re.compile(r"^((?:warc/IMPORT|originals/)-?[0-9a-f]{12})-")
_NAME = 80


def in_warc(name: str, sha256: str, *, packed: bool) -> str:
    """``IMPORT-<12 digits>-<its name>.warc.gz``, whatever it ended in before."""
    bare = _plain(_OURS.sub("", _ENDING.sub("", name)))[:_NAME].strip(".-") or "file"
    return f"IMPORT-{sha256[:12]}-{bare}{'.warc.gz' if packed else '.warc'}"


def in_originals(name: str, sha256: str) -> str:
    """With its ending, which tells what it is."""
    return f"originals/{sha256[:12]}-{_plain(name)[-_NAME:].lstrip('.-')}"


def numbered(file: str, number: int) -> str:
    """Of a path that is taken by other bytes, the next one that may be free."""
    return _SUM.sub(rf"\1-{number}-", file, count=1)


def _plain(name: str) -> str:
    """``Bài viết số 1`` as ``Bai-viet-so-1``."""
    letters = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    return _UNSAFE.sub("-", "".join(each for each in letters if not unicodedata.combining(each)))
