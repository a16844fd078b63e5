"""ReplayWeb.page: two scripts that replay a WACZ in a reader's browser.

They are under the AGPL and no part of this program (docs/replay.md): the npm package is fetched once, in one
pinned version whose SHA-512 is known, and its files are served to browsers as they are.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tarfile
import tempfile
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from quynhon_crawler.errors import QuynhonError, UsageError

VERSION = "2.5.3"
# "dist.integrity" of the package in the npm registry.
INTEGRITY = "nCj2PSON3BxeSJKE8AsYPyULv0XPZKJWfy4l9PyQre9SqwLZ+WKZVs/sfLqPOQ4GrH+0YkjbwOhr8cSTH08gsQ=="
REGISTRY = "https://registry.npmjs.org"
SOURCE = f"https://github.com/webrecorder/replayweb.page/tree/v{VERSION}"
# Elsewhere than where it is looked for: a folder with the files.
ENVIRONMENT = "QUYNHON_PLAYER"
_FILES = ("ui.js", "sw.js", "LICENSE")
_FOLDER = f"replaywebpage-{VERSION}"
_MOST_BYTES = 20_000_000
_SECONDS = 60
MISSING = f"ReplayWeb.page {VERSION} is not here, so no page can be replayed; run: quynhon replay install"


class PlayerMissing(UsageError):
    """The player's files are not on this machine."""


@dataclass(frozen=True, slots=True)
class Player:
    """The files, as they will be served."""

    ui: bytes
    worker: bytes
    license: bytes


def find() -> Player:
    """The installed player. Raises PlayerMissing."""
    for folder in _folders():
        try:
            return Player(*((folder / name).read_bytes() for name in _FILES))
        except OSError:
            continue
    raise PlayerMissing(MISSING)


def install(package: Path | None = None) -> Path:
    """Fetch the package (or take the .tgz that was fetched elsewhere), check it, unpack it; returns where.

    Raises QuynhonError when it cannot be fetched, UsageError when it is not that package.
    """
    raw = _read(package) if package else _fetch()
    digest = hashlib.sha512(raw).digest()
    if digest != b64decode(INTEGRITY):
        whose = package or "what the registry sent"
        raise UsageError(f"{whose}: not replaywebpage {VERSION}: its SHA-512 differs; nothing was installed")
    with tarfile.open(fileobj=io.BytesIO(raw), mode="r:gz") as archive:
        contents = {name: _member(archive, f"package/{name}") for name in _FILES}
    troubles = []
    for folder in _folders():
        try:
            _put(contents, folder)
        except OSError as error:
            troubles.append(f"{folder}: {error.strerror}")
            continue
        return folder
    raise UsageError(
        f"the player cannot be installed: {'; '.join(troubles)}; name a folder with {ENVIRONMENT}"
    )


def _folders() -> list[Path]:
    """Where it may lie: the named folder, else with this program's environment, else with the user's data."""
    if named := os.environ.get(ENVIRONMENT):
        return [Path(named)]
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return [Path(sys.prefix) / "share" / "quynhon" / _FOLDER, data / "quynhon" / _FOLDER]


def _read(package: Path) -> bytes:
    if package.is_fifo():
        raise UsageError(f"{package}: a named pipe, not a regular file")
    try:
        return package.read_bytes()
    except OSError as error:
        raise UsageError(f"{package}: cannot be read: {error.strerror}") from error


def _fetch() -> bytes:
    registry = os.environ.get("NPM_CONFIG_REGISTRY") or REGISTRY
    address = f"{registry.rstrip('/')}/replaywebpage/-/{_FOLDER}.tgz"
    if not address.startswith(("https://", "http://")):
        raise UsageError(f"NPM_CONFIG_REGISTRY: {registry!r} is no web address")
    try:
        with urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310 - http or https, checked by SHA-512
            raw: bytes = answer.read(_MOST_BYTES)
    except (URLError, OSError, ValueError) as error:
        why = getattr(error, "reason", error)
        raise QuynhonError(
            f"{address}: cannot be fetched: {why}; fetch it elsewhere and run: quynhon replay install FILE"
        ) from error
    return raw


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(name)
    assert found is not None, "the package of that SHA-512 has this file"
    return found.read()


def _put(contents: dict[str, bytes], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.is_dir():
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        return
    with tempfile.TemporaryDirectory(prefix=".player-", dir=folder.parent) as work:
        made = Path(work) / "made"
        made.mkdir()
        for name, content in contents.items():
            (made / name).write_bytes(content)
        made.replace(folder)
