"""How many of something, in English: what the command line, reports and alarms count."""

from __future__ import annotations


def plural(count: int, thing: str) -> str:
    """``1 problem``, ``2 problems``; "addresses" of "address"."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}{'es' if thing.endswith('s') else 's'}"


def are(count: int) -> str:
    """``is`` of one, ``are`` of several."""
    return "is" if count == 1 else "are"
