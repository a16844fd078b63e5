"""What a command is told of an import: each file, and all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from quynhon_crawler.imports.taking import Taken


@dataclass(slots=True)
class FileReport:
    """One ``file``, as it was named or found. ``source`` is where it came from, for the record.

    ``files`` are its names in ``warc/``; ``problems`` are lines with file@offset.
    """

    source: str
    file: str
    status: str
    kind: str
    why: str | None
    files: list[str]
    records: int
    types: dict[str, int]
    hosts: dict[str, int]
    out_of_scope: dict[str, int]
    media_types: dict[str, int]
    first: str | None
    last: str | None
    articles: int
    problems: list[str]


@dataclass(slots=True)
class ImportReport:
    """All of a command. ``captures`` are new here; ``unresolved`` revisits stand for what is not (yet)."""

    files: list[FileReport] = field(default_factory=list)
    captures: int = 0
    unresolved: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems and all(f.status != "refused" and not f.problems for f in self.files)

    def led_by(self, lines: list[str]) -> Self:
        """With problems that came to light before the first file was opened."""
        self.problems[:0] = lines
        return self


def told(taken: Taken, path: Path | str) -> FileReport:
    """What became of one file."""
    found = taken.contents
    counts: dict[str, Any] = {
        name: dict(getattr(found, name).most_common())
        for name in ("types", "hosts", "out_of_scope", "media_types")
    }
    problems = list(found.problems)
    return FileReport(
        taken.source, str(path), taken.status, taken.kind, taken.why, taken.names, found.records,
        first=found.first, last=found.last, articles=found.articles, problems=problems, **counts,
    )  # fmt: skip
