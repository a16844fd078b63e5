"""What was meant where a word was mistyped: ``hoi ngih`` is ``hoi nghi``, ``quynhon`` is ``quy nhon``.

The index itself is asked for each spelling that is one slip of a finger away. (FTS5's own list of words would
name those of withdrawn articles too.) Of 50,000 articles (1.4 GB) that takes 5 to 25 ms a word, for three
words 120 ms at worst.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from itertools import groupby, product
from operator import ne
from string import ascii_lowercase

from quynhon_crawler.store.spellings import counted
from quynhon_crawler.store.words import WORD, bare, terms

# Articles that a search finds, and that hold a word, for it to be in doubt: texts have slips of their own.
_FEW = 2
# What finds a little more than a doubtful word is no better.
_BETTER = 10
# Past as many, what is more often found is not more likely meant.
_MOST = 1_000
# How many spellings of each word are tried, by how many words are in doubt: 64 searches at most.
_TRIED = {1: 64, 2: 6, 3: 3}
# Shorter words have too many neighbours, longer ones are none of this language.
_DOUBTFUL = re.compile(r"[a-z]{3,16}")


def corrected(connection: sqlite3.Connection, typed: str, found: int) -> str | None:
    """What was typed, its doubtful words spelt so that all of it finds most; None: nothing finds more."""
    if found > _FEW:
        return None
    text = unicodedata.normalize("NFC", typed)
    held = {word: counted(connection, word, _FEW + 1) for word in _words(text)}
    doubtful = sorted((word for word, articles in held.items() if articles <= _FEW), key=held.__getitem__)
    doubtful, others = doubtful[: max(_TRIED)], doubtful[max(_TRIED) :]
    if not doubtful or any(held[word] == 0 for word in others):
        return None
    tried = [_spellings(connection, word, held[word] > 0, len(doubtful)) for word in doubtful]

    def changes(chosen: tuple[str, ...]) -> int:
        return sum(map(ne, chosen, doubtful))

    best, most = None, found * _BETTER
    # A rare word that is right beside one that is not stays, where that finds anything.
    for _, ways in groupby(sorted(product(*tried), key=changes), key=changes):
        for chosen in ways:
            other = _written(text, dict(zip(doubtful, chosen, strict=True)))
            if (articles := counted(connection, other, _MOST)) > most:
                best, most = other, articles
        if best is not None:
            return best
    return None


def _words(text: str) -> list[str]:
    """The words that are wanted, without marks; beginnings (``ngi*``) are spelt as they are meant."""
    wanted = (word for term in terms(text) for word in term.words[: -1 if term.prefix else None])
    return [word for word in dict.fromkeys(map(bare, wanted)) if _DOUBTFUL.fullmatch(word)]


def _spellings(connection: sqlite3.Connection, word: str, keep: bool, doubtful: int) -> list[str]:
    """Those that the index holds; of several words in doubt the more frequent. ``keep``: itself too."""
    sql = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1"
    known = [other for other in slips(word) if connection.execute(sql, (f'"{other}"',)).fetchone()]
    if doubtful > 1:
        known.sort(key=lambda other: -counted(connection, f'"{other}"', _MOST))
    return ([word] if keep else []) + known[: _TRIED[doubtful]]


def slips(word: str) -> list[str]:
    """What a word may be with one slip undone, the likeliest first.

    Two letters in the wrong order, a letter (or the space) left out, one too many, one for another.
    """
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    swapped = [head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1]
    parted = [f"{head} {tail}" for head, tail in cuts if head and tail]
    longer = [head + letter + tail for head, tail in cuts for letter in ascii_lowercase]
    shorter = [head + tail[1:] for head, tail in cuts if tail]
    other = [head + letter + tail[1:] for head, tail in cuts if tail for letter in ascii_lowercase]
    found = dict.fromkeys([*swapped, *parted, *longer, *shorter, *other])
    return [spelling for spelling in found if spelling != word]


def _written(text: str, chosen: dict[str, str]) -> str:
    return WORD.sub(lambda word: chosen.get(bare(word[0]), word[0]), text)
