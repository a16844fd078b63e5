"""A disk that is soon full, on which an archive lies."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A file system of its own at ``folder``; where none can be made, the test is skipped with the reason."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = _mount(f"size={kilobytes}k", folder)
    if mounted.returncode:
        pytest.skip(f"a small file system cannot be mounted here (root is needed): {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def make_room(folder: Path) -> None:
    """The small disk is large now."""
    assert _mount("remount,size=200m", folder).returncode == 0


def _mount(options: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Nothing in ``folder`` can be written, as on a CD-ROM: a read-only mount for root, else permissions."""
    if os.geteuid():
        folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
        for each in folders:
            each.chmod(0o555)
        try:
            yield
        finally:
            for each in folders:
                each.chmod(0o755)
        return
    command = ["mount", "--bind", "-o", "ro", str(folder), str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a read-only file system cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        # Lazily: a connection that was not closed yet must not leave the mount behind.
        subprocess.run(["umount", "--lazy", folder], check=True)


def as_anyone(command: list[str]) -> list[str]:
    """The command under permissions: root may read and write what it likes, and lets go of that here."""
    rights = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={rights}", "--", *command] if os.geteuid() == 0 else command
