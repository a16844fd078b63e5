"""One thing that is wrong, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "fixity", "file", "record", "digest", "row", "revisit", "article", "listing", "database", "takedown"
]


@dataclass(frozen=True, slots=True)
class Problem:
    """``file`` and ``offset`` where there is one, else ``url``; ``what`` is the rest of the line."""

    kind: Kind
    what: str
    file: str | None = None
    offset: int | None = None
    url: str | None = None

    def __str__(self) -> str:
        place = self.file or self.url or ""
        if self.offset is not None:
            place += f"@{self.offset}"
        return f"{place}: {self.what}" if place else self.what
