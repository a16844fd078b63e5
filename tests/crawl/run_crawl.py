"""The command line as a user runs it: its own process, its own status and output."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-W", "ignore", "-m", "quynhon_crawler.cli"]


def environment() -> dict[str, str]:
    """This process's, without an archive of the person who runs the tests."""
    return {name: value for name, value in os.environ.items() if name != "QUYNHON_ARCHIVE"}


def quynhon(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=cwd,
        env=environment(),
        check=False,
    )


def start(*arguments: str | Path) -> subprocess.Popen[bytes]:
    """Begin a command and leave it running."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
