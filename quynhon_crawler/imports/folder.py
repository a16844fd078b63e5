"""What lies in a folder that shall be imported: its files of records, and what of it could not be reached."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

# To open one of these would wait for who writes into it, or never end.
_SPECIAL = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(slots=True)
class Found:
    """``left_out`` are lines: what was named, or lies in what was named, and cannot be taken, and why."""

    paths: list[Path] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, more: Found) -> None:
        self.paths += more.paths
        self.left_out += more.left_out


def no_file(path: Path) -> str | None:
    """Why there is nothing to open under a name: ``missing``, a link to nothing, or no regular file."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink():
            return (
                f"a link to {path.readlink()}, which is not there (of git-annex: `git annex get` brings it); "
                "left out"
            )
        return "missing"
    except OSError as error:
        return f"cannot be reached: {error.strerror}; left out"
    if kind := _SPECIAL.get(stat.S_IFMT(mode)):
        return f"{kind}, not a regular file; write its bytes into a file and import that"
    return None


def look_through(folder: Path, names: tuple[str, ...], is_ours: Callable[[Path], bool]) -> Found:
    """All below a folder: files by how their names end, others by their first bytes (``is_ours``)."""
    found = Found()

    def unreachable(error: OSError) -> None:
        found.left_out.append(
            f"{error.filename}: cannot be read: {error.strerror}; what is in it is left out"
        )

    for here, folders, files in os.walk(folder, onerror=unreachable):
        for name in folders:
            path = Path(here, name)
            if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
                found.left_out.append(
                    f"{path}: a link to the folder {path.resolve()}, which is not followed; name that one too"
                )
        for name in files:
            path = Path(here, name)
            if why := no_file(path):
                target = str(path.readlink()) if path.is_symlink() else ""
                if name.endswith(names) or target.endswith(names) or why.startswith("cannot"):
                    found.left_out.append(f"{path}: {why}")
            elif name.endswith(names):
                found.paths.append(path)
            else:
                try:
                    if is_ours(path):
                        found.paths.append(path)
                except OSError as error:
                    found.left_out.append(f"{path}: cannot be read: {error.strerror}; left out")
    return Found(sorted(found.paths), sorted(found.left_out))
