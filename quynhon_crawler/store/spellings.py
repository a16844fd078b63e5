"""``quy`` and ``qui``, ``kỷ`` and ``kỉ``: two ways to write one sound, between which writers differ.

The index keeps them apart (``thi`` and ``thy`` are two words); a search that finds little asks for the other.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from itertools import product

from quynhon_crawler.store.words import folded_query, terms, unwanted, unwanted_query

_WORD = re.compile(r"[^\W_]+")
# At the end of a syllable without another vowel, and anywhere after qu: decomposed, đ is one letter.
_SOUND = re.compile(r"(?<=qu)[iy]|(?<=[bcdđghklmnprstvx])[iy](?=[\u0300-\u0323]*$)", re.IGNORECASE)
_OTHER = {"i": "y", "y": "i", "I": "Y", "Y": "I"}
# Each doubles the number of questions.
_MOST = 3


def meant(connection: sqlite3.Connection, typed: str, found: int) -> str | None:
    """What was typed with i for y or y for i, when so it finds more than ``found``; None when it does not."""
    for other in others(typed):
        if counted(connection, other, found + 1) > found:
            return other
    return None


def counted(connection: sqlite3.Connection, typed: str, most: int) -> int:
    """How many articles a search finds, counted up to ``most``; what was taken down is not."""
    wanted, without = folded_query(terms(typed)), unwanted_query(unwanted(typed))
    if not wanted:
        return 0
    sql = """SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ?
              AND +rowid NOT IN (SELECT article_id FROM hidden_articles) LIMIT ?)"""
    match = f"({wanted}) NOT ({without})" if without else wanted
    return int(connection.execute(sql, (match, most)).fetchone()[0])


def others(typed: str) -> list[str]:
    """The other ways to write it, first those that differ in few words: ``qui nhơn`` gives ``quy nhơn``."""
    text = unicodedata.normalize("NFC", typed)
    pieces: list[list[str]] = []
    end = several = 0
    for word in _WORD.finditer(text):
        turned = _turned(word[0])
        if turned == word[0] or several == _MOST:
            continue
        several += 1
        pieces += [[text[end : word.start()]], [word[0], turned]]
        end = word.end()
    ways = [(sum(way[n] != pieces[n][0] for n in range(len(pieces))), way) for way in product(*pieces)]
    return ["".join(way) + text[end:] for changes, way in sorted(ways, key=lambda one: one[0]) if changes]


def _turned(word: str) -> str:
    found = _SOUND.sub(lambda letter: _OTHER[letter[0]], unicodedata.normalize("NFD", word), count=1)
    return unicodedata.normalize("NFC", found)
