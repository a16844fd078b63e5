"""How far a crawl is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a crawl is: addresses asked, waiting, failed for good; bytes received."""

    requests: int
    waiting: int
    failures: int
    bytes: int
