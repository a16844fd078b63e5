"""Markup that would cost a parser too much, cut down before it is parsed.

Measured with lexbor (selectolax 1.0.2): 50,000 nested ``<div>`` take 4.9 s, 100,000 attributes of one tag
40 s, both quadratic. Formatting tags left open are opened again in every later paragraph, as the standard
asks: 1,300 of them made 850,000 elements. Pages of the portals have about 2,000 tags, a depth below 60, and
tags of a few hundred characters.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from quynhon_crawler.extract.tags import CLOSED_BY_NEXT, FORMATTING, VOID

#: Up to here, with no tag longer than ``_LONG_TAG``, the worst page is harmless, and nothing is counted.
_FEW = 4_000
_FEWER = 1_500
_SMALL = 300_000
_LONG_TAG = 2_000
#: Twenty times what the largest pages of the portals have.
MOST = 40_000
DEEPEST = 400
_MOST_ATTRIBUTES = 300
_MOST_UNCLOSED = 250
#: Of one article: BeautifulSoup and the walk take about 30 µs a tag.
_FRAGMENT_TAGS = 15_000
_FRAGMENT_ENTITIES = 30_000
_FRAGMENT_LENGTH = 1_000_000

_FLAT = VOID | CLOSED_BY_NEXT
_RAW = frozenset(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"])
_SPACE = r"[\t\n\f\r ]"
# A start tag as the HTML standard tokenises it. Possessive, and it matches to the end of the text when the
# tag is not closed, so it never goes back: linear.
_START = re.compile(
    r"<([A-Za-z][^\t\n\f\r />]*+)"
    rf"(?:(?:{_SPACE}|/)++|[^\t\n\f\r />][^\t\n\f\r />=]*+"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|"
    r"[^\t\n\f\r >\"'][^\t\n\f\r >]*+|(?=>)|\Z))?+)*+(?:>|\Z)"
)
_ATTRIBUTE = re.compile(
    rf"[^\t\n\f\r />][^\t\n\f\r />=]*+(?:{_SPACE}*+={_SPACE}*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\t\n\f\r >]*+))?+"
)
_END_OF_RAW = {name: re.compile(f"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in _RAW}
# Without IGNORECASE, which doubles the time of a search that runs on every page.
_FORMATTING_MARK = re.compile(
    rb"<(/?(?:[biusBIUS]|em|EM|tt|font|FONT|strong|STRONG|small|big|code|strike|nobr))[ >]"
)
_FORMATTING_TAG = re.compile(rf"</?(?:{'|'.join(sorted(FORMATTING))})(?=[\s/>])[^<>]*>", re.IGNORECASE)


def harmless(page: bytes) -> bool:
    """Whether a page in UTF-8 can be parsed as it is. Looked at as bytes, which is twice as fast as text."""
    if len(page) > _SMALL:
        return False
    pieces = page.split(b"<")
    if len(pieces) > _FEW:
        return False
    long = [piece for piece in pieces if len(piece) > _LONG_TAG]
    if not all(0 <= piece.find(b">") <= _LONG_TAG for piece in long):
        return False
    # Every open formatting tag can stand in every later paragraph: so few tags make 150,000 elements at most.
    return len(pieces) <= _FEWER or _unclosed(page) <= _MOST_UNCLOSED


def _unclosed(page: bytes) -> int:
    """How many formatting tags are left open, whatever their order."""
    counts: Counter[bytes] = Counter(_FORMATTING_MARK.findall(page))
    return sum(max(0, count - counts[b"/" + name]) for name, count in counts.items() if name[:1] != b"/")


def tame(html: str) -> tuple[str, str | None]:
    """The markup, cut or simplified when it is hostile, and a line that says so, else None."""
    if harmless(html.encode("utf-8", "replace")):
        return html, None
    return _Scan(html).run()


class _Scan:
    """One pass over the tags of a page that is large or odd."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.note: str | None = None
        self.depth = self.unclosed = self.tags = 0
        self.end = len(html)
        self.edits: list[tuple[int, int, str]] = []
        self.formatting = False

    def run(self) -> tuple[str, str | None]:
        position = 0
        while True:
            position = self.html.find("<", position)
            if position < 0:
                break
            self.tags += 1
            if self.tags > MOST:
                self._stop(position, f"more than {MOST:,} tags: only those were read")
                break
            following = self._step(position)
            if following < 0:
                break
            position = following
        html = self._edited()
        if self.formatting:
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
        if mark == "/":
            end = html.find(">", position)
            self._closed(html[position + 2 : min(end, position + 60)].strip().lower())
            return end
        if mark == "!":
            if html.startswith("<!--", position):
                end = html.find("-->", position + 4)
                return end + 3 if end >= 0 else -1
            return html.find(">", position)
        match = _START.match(html, position)
        if match is None:
            return position + 1
        name = match[1].lower()[:40]
        if match.end() - position > _LONG_TAG:
            many = sum(1 for _ in islice(_ATTRIBUTE.finditer(match[0]), _MOST_ATTRIBUTES + 1))
            if many > _MOST_ATTRIBUTES:
                self.edits.append((position, match.end(), f"<{match[1][:40]}>"))
                self.note = (
                    self.note or f"a tag with more than {_MOST_ATTRIBUTES} attributes: they were left out"
                )
        if not self._opened(name, position):
            return -1
        if name in _RAW:
            closing = _END_OF_RAW[name].search(html, match.end())
            return closing.start() if closing else -1
        return match.end()

    def _opened(self, name: str, position: int) -> bool:
        if name in FORMATTING:
            self.unclosed += 1
            self.formatting = self.formatting or self.unclosed > _MOST_UNCLOSED
        elif name not in _FLAT:
            self.depth += 1
            if self.depth > DEEPEST:
                self._stop(position, f"nested deeper than {DEEPEST}: read only up to there")
                return False
        return True

    def _closed(self, name: str) -> None:
        if name in FORMATTING:
            self.unclosed = max(0, self.unclosed - 1)
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


def shorten(markup: str) -> tuple[str, str | None]:
    """A fragment cut to what can be read in a fraction of a second, and a line that says so."""
    end = min(len(markup), _FRAGMENT_LENGTH)
    for mark, most in (("<", _FRAGMENT_TAGS), ("&", _FRAGMENT_ENTITIES)):
        if markup.count(mark, 0, end) > most:
            end = next(islice(re.finditer(mark, markup), most, None)).start()
    if end == len(markup):
        return markup, None
    return markup[:end], f"the text is too long: only the first {end:,} characters were read"
