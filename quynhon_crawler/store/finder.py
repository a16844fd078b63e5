"""Where a text holds what a reader typed, whatever the marks; and whether it is spelt so. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quynhon_crawler.store.words import (
    POWER,
    RAISED,
    WORD,
    Term,
    bare,
    bare_ascii,
    other_placement,
    sides,
)


class Finder:
    """Finds terms in a text, whatever the marks."""

    def __init__(self, wanted: tuple[Term, ...]) -> None:
        self._sides = [[_pattern(term) for term in side] for side in sides(wanted)]
        self._patterns = [pattern for side in self._sides for pattern in side]
        plain = all(pattern.pattern.isascii() for pattern in self._patterns)
        self._bare = bare_ascii if plain else bare

    def all_in(self, text: str) -> bool:
        """Whether a text holds every one of a side; so it does when there are none."""
        looked_in = self._bare(text)
        return not self._sides or any(
            all(pattern.search(looked_in) for pattern in side) for side in self._sides
        )

    def any_in(self, text: str) -> bool:
        """Whether a text holds one of them."""
        looked_in = self._bare(text)
        return any(pattern.search(looked_in) for pattern in self._patterns)

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Matches in the bare text, one after the other; their places are the same in ``text``.

        Of two that overlap, the one that begins first; of two that begin together, the longer.
        """
        looked_in, end = self._bare(text), 0
        found = [match for pattern in self._patterns for match in pattern.finditer(looked_in)]
        found.sort(key=lambda match: (match.start(), -match.end()))
        for match in found:
            if match.start() >= end:
                end = match.end()
                yield match


class Spelling:
    """Tells of texts that hold the words whether they have the marks that were typed."""

    def __init__(self, wanted: tuple[Term, ...]) -> None:
        self._sides = [
            (
                {word for term in side for word in term.words if bare(word) != word},
                {term.words[-1] for term in side if term.prefix},
                Finder(side),
            )
            for side in sides(wanted)
        ]
        self._matters = any(marked for marked, _, _ in self._sides)

    def as_typed(self, text: str) -> bool:
        """Whether it holds the words with their marks; False when none was typed with any.

        A side without marks is spelt so wherever it is found.
        """
        if not self._matters:
            return False
        present = set(WORD.findall(text.lower()))
        return any(
            _holds(present, marked, beginnings) and (len(self._sides) == 1 or finder.all_in(text))
            for marked, beginnings, finder in self._sides
        )


def _holds(present: set[str], marked: set[str], beginnings: set[str]) -> bool:
    return all(
        not present.isdisjoint((word, other_placement(word)))
        or (word in beginnings and any(found.startswith(word) for found in present))
        for word in marked
    )


def _either_digit(power: re.Match[str]) -> str:
    return f"[{power[0]}{power[0].translate(RAISED)}]"


def _pattern(term: Term) -> re.Pattern[str]:
    # What begins with letters is found six times as fast as alternatives behind a condition.
    first, *others = (POWER.sub(_either_digit, re.escape(bare(word))) for word in term.words)
    row = r"[\W_]+".join([rf"{first}(?<![^\W_]{first})", *others])
    return re.compile(row + (r"[^\W_]*" if term.prefix else "") + r"(?![^\W_])")
