"""One pass over the tags of a page that is large or odd: counts what a parser would have to build."""

from __future__ import annotations

import re
from itertools import islice

from quynhon_crawler.extract.tags import CLOSED_BY_NEXT, COPIED, FORMATTING, SCOPES, VOID

#: Twenty times what the largest pages of the portals have.
MOST_TAGS = 40_000
DEEPEST = 400
#: Characters of text times the depth they stand at. Profiles look at the text of nested elements: 12 ns each.
_MOST_NESTED = 40_000_000
#: Longer tags have their attributes counted.
LONG_TAG = 2_000
#: Each attribute is compared with all before it: 300 take no time, 100,000 take 40 s.
_MOST_ATTRIBUTES = 300
#: Every further ``<body>`` gives its attributes to the first: 60,000 in all took 11 s.
MOST_ROOTS = 8
#: Elements made again because a formatting tag is open: 1.8 µs and 400 bytes each.
MOST_COPIED = 250_000

_FLAT = VOID | CLOSED_BY_NEXT
_RAW = frozenset(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"])
_SPACE = r"[\t\n\f\r ]"
# A tag as the HTML standard tokenises it; end tags can have attributes too. Possessive, and it matches to
# the end of the text when the tag is not closed, so it never goes back: linear.
TAG = re.compile(
    r"</?([A-Za-z][^\t\n\f\r />]*+)"
    rf"(?:(?:{_SPACE}|/)++|[^\t\n\f\r />][^\t\n\f\r />=]*+"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|"
    r"[^\t\n\f\r >\"'][^\t\n\f\r >]*+|(?=>)|\Z))?+)*+(?:>|\Z)"
)
_ATTRIBUTE = re.compile(
    rf"[^\t\n\f\r />][^\t\n\f\r />=]*+(?:{_SPACE}*+={_SPACE}*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\t\n\f\r >]*+))?+"
)
_END_OF_RAW = {name: re.compile(f"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in _RAW}
_FORMATTING_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(FORMATTING))})(?=[\s/>])(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+>", re.IGNORECASE
)


def weight(length: int) -> int:
    """What one more copy of a formatting tag costs, in elements; an attribute is a fourteenth of one."""
    return 1 + length // 60


class Scan:
    """Counts tags, depth, attributes and copies; ``run`` gives the markup back, edited."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.note: str | None = None
        self.depth = self.tags = self.roots = self.nested = 0
        self.open: dict[str, list[int]] = {}
        self.open_weight = self.copied = 0
        self.end = len(html)
        self.edits: list[tuple[int, int, str]] = []

    def run(self) -> tuple[str, str | None]:
        """The markup, cut or simplified, and one line that says so; None when nothing was wrong with it."""
        position = behind = 0
        while True:
            position = self.html.find("<", position)
            self.nested += self.depth * ((position if position >= 0 else len(self.html)) - behind)
            if self.nested > _MOST_NESTED:
                self._stop(behind, "too much text nested too deep: read only up to there")
                break
            if position < 0:
                break
            self.tags += 1
            if self.tags > MOST_TAGS:
                self._stop(position, f"more than {MOST_TAGS:,} tags: only those were read")
                break
            following = self._step(position)
            if following < 0:
                break
            position = behind = following
        html = self._edited()
        if self.copied > MOST_COPIED:
            html = _FORMATTING_TAG.sub("", html)
            self.note = self.note or "formatting tags left open: they were taken out"
        return html, self.note

    def _stop(self, position: int, note: str) -> None:
        self.end = position
        self.note = note

    def _step(self, position: int) -> int:
        """Past the tag or comment at ``position``; -1 at the end of what can be read."""
        html = self.html
        mark = html[position + 1 : position + 2]
        if mark == "!":
            if html.startswith("<!--", position):
                end = html.find("-->", position + 4)
                return end + 3 if end >= 0 else -1
            return html.find(">", position)
        match = TAG.match(html, position)
        if match is None:
            return position + 1 if mark != "/" else html.find(">", position)
        name, length = match[1].lower()[:40], match.end() - position
        if mark != "/" and name in ("body", "html") and self._is_one_too_many():
            self.edits.append((position, match.end(), ""))
            return match.end()
        if length > LONG_TAG:
            many = sum(1 for _ in islice(_ATTRIBUTE.finditer(match[0]), _MOST_ATTRIBUTES + 1))
            if many > _MOST_ATTRIBUTES:
                self.edits.append((position, match.end(), f"<{'/' * (mark == '/')}{match[1][:40]}>"))
                self.note = self.note or f"a tag with more than {_MOST_ATTRIBUTES} attributes: left out"
        if mark == "/":
            self._closed(name)
            return match.end()
        if not self._opened(name, length, position):
            return -1
        if name in _RAW:
            closing = _END_OF_RAW[name].search(html, match.end())
            return closing.start() if closing else -1
        return match.end()

    def _is_one_too_many(self) -> bool:
        self.roots += 1
        if self.roots <= MOST_ROOTS:
            return False
        self.note = self.note or f"more than {MOST_ROOTS} bodies: the later ones' tags were left out"
        return True

    def _opened(self, name: str, length: int, position: int) -> bool:
        if name in COPIED:
            cost = weight(length)
            self.open.setdefault(name, []).append(cost)
            self.open_weight += cost
            return True
        self.copied += self.open_weight
        if name in SCOPES:
            # An end tag in a cell does not close what was opened before it: that stays open.
            self.open = {}
        if name not in _FLAT:
            self.depth += 1
            if self.depth > DEEPEST:
                self._stop(position, f"nested deeper than {DEEPEST}: read only up to there")
                return False
        return True

    def _closed(self, name: str) -> None:
        if name in COPIED:
            if opened := self.open.get(name):
                self.open_weight -= opened.pop()
        elif name not in _FLAT:
            self.depth = max(0, self.depth - 1)

    def _edited(self) -> str:
        pieces: list[str] = []
        position = 0
        for start, stop, text in self.edits:
            pieces += (self.html[position:start], text)
            position = stop
        pieces.append(self.html[position : self.end])
        return "".join(pieces)
