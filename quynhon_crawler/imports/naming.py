"""What a file of others is called in the archive: by its sum, so that no two meet, and by its own name."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ENDING = re.compile(r"(?:\.warc)?(?:\.gz)?(?:\.open|\.bad)?$", re.IGNORECASE)
_NAME = 80


def in_warc(name: str, sha256: str, *, packed: bool) -> str:
    """``IMPORT-<12 digits>-<its name>.warc.gz``, whatever it ended in before."""
    bare = _UNSAFE.sub("_", _ENDING.sub("", name))[:_NAME].strip(".-") or "file"
    return f"IMPORT-{sha256[:12]}-{bare}{'.warc.gz' if packed else '.warc'}"


def in_originals(name: str, sha256: str) -> str:
    """With its ending, which tells what it is."""
    return f"originals/{sha256[:12]}-{_UNSAFE.sub('_', name)[-_NAME:].lstrip('.-')}"
