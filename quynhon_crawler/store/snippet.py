"""The place of a text that shows best why it was found, with the words found marked. Pure."""

from __future__ import annotations

from typing import NamedTuple

from quynhon_crawler.store.finder import Finder

_LENGTH = 240


class Segment(NamedTuple):
    """A piece of text; ``found`` when it is what the reader looked for."""

    text: str
    found: bool


def marked(text: str, finder: Finder) -> tuple[Segment, ...]:
    """The whole text as segments; joined they are the text. ``text`` is NFC."""
    segments: list[Segment] = []
    end = 0
    for match in finder.matches(text):
        if match.start() > end:
            segments.append(Segment(text[end : match.start()], False))
        segments.append(Segment(text[match.start() : match.end()], True))
        end = match.end()
    if end < len(text):
        segments.append(Segment(text[end:], False))
    return tuple(segments)


def snippet(text: str, finder: Finder, *, length: int = _LENGTH) -> tuple[Segment, ...]:
    """About ``length`` characters where most different words were found; the beginning when none was.

    An ellipsis stands where something was cut; line breaks become spaces.
    """
    found = [(match.start(), match.group()) for match in finder.matches(text)]
    begin = 0
    if found:
        start = _densest(found, length)
        begin = 0 if start < length // 4 else _word_start(text, start - length // 4)
    end = len(text) if begin + length >= len(text) else _word_end(text, begin + length)
    cut = " ".join(text[begin:end].split())
    shown = ("… " if begin else "") + cut + (" …" if end < len(text) else "")
    return marked(shown, finder)


def _densest(found: list[tuple[int, str]], length: int) -> int:
    best, best_score, last = found[0][0], 0, 0
    counts: dict[str, int] = {}
    for first, (start, word) in enumerate(found):
        while last < len(found) and found[last][0] < start + length * 3 // 4:
            counts[found[last][1]] = counts.get(found[last][1], 0) + 1
            last += 1
        score = len(counts) * 100 + last - first
        if score > best_score:
            best, best_score = start, score
        counts[word] -= 1
        if not counts[word]:
            del counts[word]
    return best


def _word_start(text: str, position: int) -> int:
    space = text.find(" ", position)
    return space + 1 if 0 <= space < position + 40 else position


def _word_end(text: str, position: int) -> int:
    space = text.rfind(" ", position - 40, position)
    return space if space >= 0 else position
