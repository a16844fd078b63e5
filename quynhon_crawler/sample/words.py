"""Sentences from patterns: plausible Vietnamese of our own, the same for the same seed."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

_SLOT = re.compile(r"\{([^{}]+)\}")


@cache
def phrases() -> dict[str, Any]:
    """phrases.toml: ``words``, ``common`` and ``topics``."""
    return tomllib.loads((files(__package__) / "data" / "phrases.toml").read_text(encoding="utf-8"))


def person(rng: Random) -> str:
    """A made-up full name of three parts."""
    names = phrases()["names"]
    return " ".join(rng.choice(names[part]) for part in ("family", "middle", "given"))


def given_name(rng: Random) -> str:
    return str(rng.choice(phrases()["names"]["given"]))


def pen_name(rng: Random) -> str:
    """Two parts, as reporters sign."""
    names = phrases()["names"]
    return " ".join(rng.choice(names[part]) for part in ("middle", "given"))


def slugged(title: str) -> str:
    """The CMS's address of a title. A title in NFD loses its marks to dashes: ``thu-truo-ng``."""
    text = re.sub(r"[\u0300-\u036f]+", "-" if unicodedata.is_normalized("NFD", title) else "", title)
    text = unicodedata.normalize("NFD", text)
    text = re.sub(r"[\u0300-\u036f]", "", text).replace("đ", "d").replace("Đ", "D")
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


class Speech:
    """Fills the patterns of one topic for one article, so that its ``{=words}`` stay the same throughout."""

    def __init__(self, rng: Random, topic: str, year: int) -> None:
        self._rng = rng
        self._topic: dict[str, Any] = phrases()["topics"][topic]
        self._fixed = {"chair": person(rng), "year": str(year)}

    def draft(self) -> tuple[str, str]:
        """A title, filled, and the pattern of the lead that goes with it."""
        chosen = self._rng.choice(self._topic["drafts"])
        return self.fill(chosen["title"]), chosen["lead"]

    @property
    def motif(self) -> str:
        """What pictures of the topic show; "" for anything."""
        return str(self._topic["motif"])

    def forget(self) -> None:
        """Draw the ``{=words}`` anew; the chair stays."""
        self._fixed = {key: self._fixed[key] for key in ("chair", "year")}

    def list_of(self, what: str) -> list[str]:
        """The patterns of ``captions``, ``tags``, ``files`` or ``code``."""
        return list(self._topic[what])

    def fill(self, pattern: str, **given: str) -> str:
        """``pattern`` with every slot replaced; ``given`` comes first."""

        def slot(match: re.Match[str]) -> str:
            name = match[1]
            if name in given:
                return given[name]
            if name.startswith("="):
                if name[1:] not in self._fixed:
                    self._fixed[name[1:]] = self._word(name[1:])
                return self._fixed[name[1:]]
            return self._fixed[name] if name in self._fixed else self._word(name)

        return _SLOT.sub(slot, pattern)

    def _word(self, name: str) -> str:
        rng = self._rng
        if name.startswith("n:"):
            _, low, high = name.split(":")
            return str(rng.randint(int(low), int(high)))
        if name == "pct":
            return f"{rng.randint(3, 98)},{rng.randint(1, 9)}%"
        if name == "money":
            return f"{rng.randint(2, 95)},{rng.randint(1, 9)} tỷ đồng"
        if name == "person":
            return person(rng)
        return self.fill(rng.choice(phrases()["words"][name]))

    def paragraphs(self, count: int) -> list[str]:
        """``count`` paragraphs of two to four sentences; no sentence pattern twice while they last."""
        pool = [*self._topic["sentences"]]
        self._rng.shuffle(pool)
        if len(pool) > 1:
            # two sentences of the topic first, then the topic's others among those that fit anywhere
            rest = [*pool[2:], *phrases()["common"]["sentences"]]
            self._rng.shuffle(rest)
            pool = [*pool[:2], *rest]
        made: list[str] = []
        while pool and len(made) < count:
            size = self._rng.randint(2, 4)
            made.append(" ".join(self.fill(pattern) for pattern in pool[:size]))
            pool = pool[size:]
        return made
