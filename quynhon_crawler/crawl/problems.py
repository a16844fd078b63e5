"""The addresses that failed in this run: some to tell, all counted. Every one is in table ``failures``."""

from __future__ import annotations

from dataclasses import dataclass, field

# A portal that is down fails with every address it has; the screen shows ten.
_TOLD = 1000


@dataclass(slots=True)
class Problems:
    """``told`` holds the first thousand as (URL, why); ``count`` counts all."""

    told: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0

    def add(self, url: str, why: str) -> None:
        """One more."""
        self.count += 1
        if len(self.told) < _TOLD:
            self.told.append((url, why))
