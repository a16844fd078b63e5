"""What went wrong in this run, some to tell, all counted: addresses that failed, the archive's own files.

Every address is in table ``failures``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# A portal that is down fails with every address it has; the screen shows ten.
_TOLD = 1000


@dataclass(slots=True)
class Problems:
    """``told`` holds the first thousand as (URL, why), ``files`` as (file or file@offset, why)."""

    told: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0
    files: list[tuple[str, str]] = field(default_factory=list)
    file_count: int = 0

    def add(self, url: str, why: str) -> None:
        """One more address."""
        self.count += 1
        if len(self.told) < _TOLD:
            self.told.append((url, why))

    def add_file(self, place: str, why: str) -> None:
        """A file of the archive, or a record of it, that is lost or damaged."""
        self.file_count += 1
        if len(self.files) < _TOLD:
            self.files.append((place, why))

    def names(self, file: str) -> bool:
        """Whether a file was told of as a whole."""
        return any(place == file for place, _ in self.files)

    def __bool__(self) -> bool:
        return bool(self.count or self.file_count)
