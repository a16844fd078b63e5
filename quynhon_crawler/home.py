"""Where things lie in an archive folder. Paths only: nothing here reads or writes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = "QUYNHON_ARCHIVE"
TAKEDOWNS = "takedowns.jsonl"
#: Behind the name of a WARC file that is still being written.
OPEN = ".open"


@dataclass(frozen=True, slots=True)
class Home:
    """One archive folder (contract.md). ``root`` is absolute."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "archive.toml"

    @property
    def warc(self) -> Path:
        return self.root / "warc"

    @property
    def database(self) -> Path:
        return self.root / "quynhon.db"

    @property
    def manifest(self) -> Path:
        """Which files are here, with their sums, and where imported ones came from."""
        return self.root / "manifest.jsonl"

    @property
    def originals(self) -> Path:
        """Imported files that are no WARC files of one member a record, as they came."""
        return self.root / "originals"

    @property
    def takedowns(self) -> Path:
        return self.root / TAKEDOWNS

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def frontier(self) -> Path:
        return self.state / "frontier.db"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def cdx(self) -> Path:
        """Indexes of the WARC files, one a file, made when they are needed."""
        return self.root / "cdx"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    def warc_path(self, name: str) -> Path:
        """The file of a capture's ``warc_file``: closed, or still being written (``.open``)."""
        closed = self.warc / name
        if closed.exists():
            return closed
        still_open = self.warc / (name + OPEN)
        return still_open if still_open.exists() else closed


def find_home(option: str | os.PathLike[str] | None = None) -> Home:
    """The archive that a command means: ``--archive``, else ``QUYNHON_ARCHIVE``, else ``./archive``."""
    chosen = option or os.environ.get(ENVIRONMENT) or "archive"
    return Home(Path(chosen).expanduser().absolute())
