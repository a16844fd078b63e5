"""Addresses without end: calendars, session ids, pagers past the last page, paths that repeat themselves.

Bounded three ways. By depth: links from the portal's address. By shape: an address that repeats itself. By
budget and novelty: addresses of one pattern that bring nothing new are left out after ``trap_budget`` of them
(patterns with a query) or 25 times that (others, since slugs of articles make one pattern too).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from quynhon_crawler.config import Crawl
from quynhon_crawler.model import Reading
from quynhon_crawler.plural import plural

_DIGITS = re.compile(r"[0-9]+")
# A part of a path that no two visitors share.
_TOKEN = re.compile(r"(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{16,}")
# /a/b/a/b/a/b: a run of parts that stands three times in a row.
_REPEATED = re.compile(r"(/[^/?#]{1,80}(?:/[^/?#]{1,80}){0,3}?)\1{2,}(?=[/?#]|$)")
_LONGEST = 1_500
_MOST_PARAMETERS = 16
_WATCHED_FROM = 20
_PATH_FACTOR = 25
_NOVEL_SHARE = 20  # one in so many must bring something new
_MOST_PATTERNS = 5_000
_TOLD = 20


@lru_cache(maxsize=4_096)
def pattern(url: str) -> str:
    """What an address has in common with its kind: ``/lich-cong-tac?tu-ngay``, ``/tin-tuc/*.html``."""
    parts = urlsplit(url)
    steps = [_TOKEN.sub("*", step) if _TOKEN.fullmatch(step) else _DIGITS.sub("#", step)
             for step in parts.path.split("/")]  # fmt: skip
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    if names:
        return f"{'/'.join(steps)}?{'&'.join(names)}"
    stem, dot, ending = steps[-1].rpartition(".")
    steps[-1] = f"*.{ending}" if dot and stem and len(ending) < 6 else "*" if steps[-1] else ""
    return "/".join(steps)


@dataclass(slots=True)
class _Count:
    asked: int = 0
    judged: int = 0
    novel: int = 0
    left_out: int = 0
    texts: set[int] = field(default_factory=set)


class Traps:
    """Watches one crawl. Counts begin anew with each run: what is bounded stays bounded, a run at a time."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._patterns: dict[str, _Count] = {}
        self._shapes: Counter[str] = Counter()

    def refuses(self, url: str, depth: int) -> bool:
        """Whether a link goes too deep, or has a shape that only traps have."""
        if depth > self._crawl.max_depth:
            self._shapes[f"more than {self._crawl.max_depth} links deep (max_depth)"] += 1
            return True
        if len(url) > _LONGEST or url.count("&") > _MOST_PARAMETERS:
            self._shapes["an address longer than any page's"] += 1
            return True
        if url.count("/") > 7 and _REPEATED.search(urlsplit(url).path):
            self._shapes["a path that repeats itself"] += 1
            return True
        return False

    def closed(self, url: str) -> bool:
        """Whether the pattern of an address has had its chance. Counts the address as asked if not."""
        name = pattern(url)
        count = self._patterns.get(name)
        if count is None:
            if len(self._patterns) < _MOST_PATTERNS:
                self._patterns[name] = _Count(1)
            return False
        budget = self._crawl.trap_budget * (1 if "?" in name else _PATH_FACTOR)
        if count.asked >= budget and count.novel * _NOVEL_SHARE < count.judged:
            count.left_out += 1
            return True
        count.asked += 1
        return False

    def watches(self, url: str) -> bool:
        """Whether it matters by now what pages of this pattern link to."""
        count = self._patterns.get(pattern(url))
        return count is not None and count.asked >= _WATCHED_FROM

    def learn(self, url: str, reading: Reading, *, same_body: bool, new_links: int) -> None:
        """What a page brought: a text not seen under its pattern, documents, or links of other patterns."""
        count = self._patterns.get(pattern(url))
        article = reading.article
        if count is None or (article is None and count.asked < _WATCHED_FROM):
            return
        count.judged += 1
        if same_body:
            return
        if article is not None:
            text = hash((article.title, article.body))
            fresh = text not in count.texts
            if len(count.texts) < _WATCHED_FROM * 10:
                count.texts.add(text)
        else:
            fresh = bool(reading.documents) or new_links > 0
        count.novel += fresh

    def told(self) -> list[str]:
        """One line a trap: what was left out."""
        found = [(count.left_out, name, count) for name, count in self._patterns.items() if count.left_out]
        lines = [
            f"{name}: {count.asked:,} pages brought next to nothing new, {left:,} left out (trap_budget)"
            for left, name, count in sorted(found, reverse=True, key=lambda one: one[:2])[:_TOLD]
        ]
        return lines + [
            f"{plural(number, 'link')} left out: {why}" for why, number in self._shapes.most_common()
        ]
