"""The archive in pywb, which has an environment of its own: Memento, the CDX API, replay without a worker.

What pywb reads is written to ``state/pywb``: config.yaml, the index (without what was taken down) and the
list of where the files lie. The WARC files themselves are read where they are.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from quynhon_crawler.deposit.catalogue import catalogue
from quynhon_crawler.deposit.index import whole, with_stand_ins
from quynhon_crawler.deposit.withdrawn import Withdrawn, lines_of
from quynhon_crawler.errors import ArchiveError, UsageError
from quynhon_crawler.home import Home

COLLECTION = "quynhon"
# pywb's environment, or its `wayback` command.
ENVIRONMENT = "QUYNHON_PYWB"
_MISSING = (
    "pywb is not here; install it in an environment of its own (python3 -m venv ~/pywb; "
    f"~/pywb/bin/pip install pywb) and name that with --pywb or {ENVIRONMENT}"
)


def find(named: Path | None) -> Path:
    """The `wayback` command: as named, else of the variable, else on the PATH. Raises UsageError."""
    named = named or (Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None)
    if named is None:
        found = shutil.which("wayback")
        if found is None:
            raise UsageError(_MISSING)
        return Path(found)
    for path in (named.expanduser(), named.expanduser() / "bin" / "wayback"):
        if path.is_file() and os.access(path, os.X_OK):
            return path.absolute()
    raise UsageError(f"{named}: no pywb there; {_MISSING}")


def prepare(home: Home, on_file: Callable[[int, int], None] | None = None) -> Path:
    """Write what pywb reads; returns the folder to start it in. Raises ArchiveError."""
    entries, hidden = catalogue(home, on_file=on_file), Withdrawn.of(home.database)
    folder = home.state / "pywb"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".index-", dir=folder) as work:
            made = Path(work) / "index.cdxj"
            with made.open("wb") as file:
                lines = whole((lines_of(entry, hidden) for entry in entries), Path(work))
                file.writelines(with_stand_ins(lines))
            made.replace(folder / "index.cdxj")
        paths = "".join(f"{entry.name}\t{entry.path}\n" for entry in entries)
        (folder / "paths.txt").write_text(paths, "utf-8")
        (folder / "config.yaml").write_text(_config(folder), "utf-8")
    except OSError as error:
        raise ArchiveError(f"{error.filename or folder}: cannot be written: {error.strerror}") from error
    return folder


def command(wayback: Path, folder: Path, host: str, port: int) -> list[str]:
    """How pywb is started."""
    return [str(wayback), "--directory", str(folder), "--bind", host, "--port", str(port)]


def start(wayback: Path, folder: Path, host: str, port: int) -> NoReturn:
    """Become pywb."""
    sys.stdout.flush()
    line = command(wayback, folder, host, port)
    os.execv(line[0], line)  # noqa: S606 - the command that the user named


def _config(folder: Path) -> str:
    """pywb's config.yaml; nothing is fetched from the live web."""
    return (
        "# Written by `quynhon replay`; changes are lost.\n"
        "collections:\n"
        f"  {COLLECTION}:\n"
        f"    index_paths: {json.dumps(str(folder / 'index.cdxj'))}\n"
        f"    archive_paths: {json.dumps(str(folder / 'paths.txt'))}\n"
        "enable_memento: true\n"
        "enable_auto_fetch: false\n"
    )
