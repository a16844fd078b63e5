"""How many of something, in English: what the command line, reports and alarms count."""

from __future__ import annotations


def plural(count: int, thing: str) -> str:
    """``1 problem``, ``2 problems``; "addresses" of "address"."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}{'es' if thing.endswith('s') else 's'}"


def are(count: int) -> str:
    """``is`` of one, ``are`` of several."""
    return "is" if count == 1 else "are"


def tell_files(wrong: list[tuple[str, str]], count: int) -> list[str]:
    """Files of the archive, or places in them, that are not as they should be: how many, and ten of them."""
    if not count:
        return []
    lines = [f"{plural(count, 'fault')} in the archive's own files:"]
    lines += [f"  {place}: {why}" for place, why in wrong[:10]]
    return lines if count <= 10 else [*lines, "  the others: quynhon verify"]
