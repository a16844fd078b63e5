"""What a reader typed, as full-text queries, and Vietnamese letters without their marks. Pure."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'(?:(?<!\S)(-))?(?:"([^"]*)(?:"(\*)?|$)|([^\s"]+))')
# Phones type these for the keys of a keyboard; one sign for one, so that places stay.
_TYPED = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"') | dict.fromkeys("‐‑‒–—―−－", "-"))
# Of a unit of area or volume: m2, km³.
POWER = re.compile(r"(?<=m)(?<![^\W_]{3})[23²³](?![^\W_])")
RAISED = str.maketrans("23²³", "²³23")
# Between two sides of a question. Small letters are a word like any other: or, gold.
_OR = "OR"
# More words than this narrow nothing down any more.
_MOST = 16
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# hòa and hoà, khỏe and khoẻ, thủy and thuỷ: the two schools of placing the tone differ here only.
_TWO_WAYS = re.compile(rf"([ou])([{_TONES}])?([aey])([{_TONES}])?$")


def _bare_letters() -> dict[int, str]:
    table = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        base = {"đ": "d", "Đ": "D"}.get(base, base)
        table[code] = base.lower() if len(base.lower()) == 1 else base
    return table | {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}


_BARE = _bare_letters()


def bare(text: str) -> str:
    """NFC text in lower case without marks, đ as d; the length stays, so that positions still fit."""
    return text.translate(_BARE)


# Vietnamese letters as single bytes, each folded to its bare letter: ten times as fast as a mapping of code
# points, which is most of what showing twenty results costs.
_MARKED = "".join(
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in ("", *_TONES)
)
_MARKED = "đ" + "".join(letter for letter in _MARKED if not letter.isascii())
_BYTES = codecs.charmap_build("".join(map(chr, range(128))) + _MARKED.ljust(128, "\ufffe"))
_FOLDED = bytes(range(128)) + bare(_MARKED).encode("ascii").ljust(128, b"?")


def bare_ascii(text: str) -> str:
    """``bare`` for Vietnamese text; letters of other alphabets become question marks. The length stays."""
    lower = text.lower()
    if len(lower) != len(text):
        return bare(text)
    return codecs.charmap_encode(lower, "replace", _BYTES)[0].translate(_FOLDED).decode("ascii")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find: a word, words in a row, or (``prefix``) words whose last is a beginning.

    Those of one ``side`` are wanted together; one side of them is enough.
    """

    words: tuple[str, ...]
    prefix: bool = False
    side: int = 0


def terms(typed: str) -> tuple[Term, ...]:
    """``thành phố "đảng viên" quy* "ban chấp"*``: words, phrases, beginnings. All else typed is left out.

    So is what a minus stands before (``unwanted``), unless there is nothing else. ``lễ hội OR hội nghị`` has
    two sides: a word here is a syllable, and names have several, so OR divides all that is typed.
    """
    found = _read(typed)
    return _first(term for term, minus in found if not minus) or _first(term for term, _ in found)


def unwanted(typed: str) -> tuple[Term, ...]:
    """``đảng -viên``: what must not be there. A minus inside a word, or alone, says nothing."""
    found = _read(typed)
    return () if all(minus for _, minus in found) else _first(term for term, minus in found if minus)


def only_unwanted(typed: str) -> bool:
    """Whether a minus stands before all that was typed, so that it is looked for after all."""
    found = _read(typed)
    return bool(found) and all(minus for _, minus in found)


def sides(wanted: tuple[Term, ...]) -> list[tuple[Term, ...]]:
    """The sides of a question, of which one must be found; mostly there is one."""
    return [tuple(side) for _, side in groupby(wanted, key=lambda term: term.side)]


def _first(found: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(found))[:_MOST]


def _read(typed: str) -> list[tuple[Term, bool]]:
    text = unicodedata.normalize("NFC", typed.encode("utf-8", "ignore").decode()).translate(_TYPED)
    found: list[tuple[Term, bool]] = []
    side = 0
    for match in _TERM.finditer(text):
        minus, phrase, starred, word = match.groups()
        if word == _OR and not minus:
            side += 1
            continue
        parts = tuple(part.lower() for part in WORD.findall(phrase if word is None else word))
        if parts:
            prefix = bool(starred) if word is None else word.endswith("*")
            found.append((Term(parts, prefix=prefix, side=side), bool(minus)))
    # Nothing else was typed: then it is a word.
    return found or [(Term((_OR.lower(),)), False)] * bool(side)


def folded_query(wanted: tuple[Term, ...]) -> str:
    """For ``articles_fts``: without marks, d for đ, which the index holds of every text; m² for m2 too."""
    return _either_side(wanted, _folded)


def _folded(term: Term) -> str:
    forms = [f'"{bare(form)}"{"*" if term.prefix else ""}' for form in _either_power(" ".join(term.words))]
    return forms[0] if len(forms) == 1 else f"({' OR '.join(forms)})"


def _either_side(wanted: tuple[Term, ...], written: Callable[[Term], str]) -> str:
    together = [" AND ".join(map(written, side)) for side in sides(wanted)]
    return together[0] if len(together) == 1 else " OR ".join(f"({side})" for side in together)


def _either_power(text: str) -> tuple[str, ...]:
    """``628 m2`` and ``628 m²``, which the index keeps apart; other texts alone."""
    other = POWER.sub(lambda power: power[0].translate(RAISED), text)
    return (text,) if other == text else (text, other)


def unwanted_query(excluded: tuple[Term, ...]) -> str | None:
    """For ``articles_fts``: articles that hold any of these, marks aside; None for no terms."""
    return " OR ".join(folded_query((term,)) for term in excluded) or None


def plain_query(wanted: tuple[Term, ...], excluded: tuple[Term, ...] = ()) -> str:
    """For ``articles_fts`` alone, or one of its columns, where nothing ranks: as typed, marks aside.

    What is typed with đ finds đ, with d both. A phrase needs its words in one column, so one that mixes both
    letters is looked for in either spelling.
    """

    def written(term: Term) -> str:
        typed, star = " ".join(term.words), "*" if term.prefix else ""
        forms = (typed, bare(typed)) if "đ" in typed and "d" in typed else _either_power(typed)
        return "(" + " OR ".join(f'"{form}"{star}' for form in forms) + ")"

    query, without = _either_side(wanted, written) or '""', unwanted_query(excluded)
    return f"({query}) NOT ({without})" if without else query


def exact_query(wanted: tuple[Term, ...]) -> str | None:
    """For ``articles_exact``: one side's words as spelt, in either tone placement; None when none has a mark.

    Typed without marks, any spelling is as good as another.
    """
    parts = []
    for term in wanted:
        for number, word in enumerate(term.words):
            if bare(word) == word:
                continue
            star = "*" if term.prefix and number == len(term.words) - 1 else ""
            forms = [f'"{form}"{star}' for form in dict.fromkeys((word, other_placement(word)))]
            parts.append(f"({' OR '.join(forms)})")
    return " AND ".join(dict.fromkeys(parts)) or None


def other_placement(word: str) -> str:
    """``hòa`` for ``hoà`` and the other way round; other words as they are."""
    match = _TWO_WAYS.search(unicodedata.normalize("NFD", word))
    if match is None or bool(match[2]) == bool(match[4]):
        return word
    first, early, second, late = match.groups(default="")
    if first + second not in ("oa", "oe", "uy") or (match.start() and match.string[match.start() - 1] == "q"):
        return word
    turned = f"{match.string[: match.start()]}{first}{late}{second}{early}"
    return unicodedata.normalize("NFC", turned)
