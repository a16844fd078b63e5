"""Markup that would cost a parser too much, cut down before it is parsed.

Measured with lexbor (selectolax 1.0.2): 50,000 nested ``<div>`` take 4.9 s, 100,000 attributes of one tag
40 s, both quadratic. Formatting tags left open are opened again in every later paragraph, as the standard
asks: 249 of them and 39,000 paragraphs, 159 KB, took 17 s and 4 GB. Pages of the portals have about 2,000
tags, a depth below 60, and tags of a few hundred characters.
"""

from __future__ import annotations

import re
from itertools import islice

from quynhon_crawler.extract.scan import LONG_TAG, MOST_COPIED, MOST_ROOTS, TAG, Scan, weight
from quynhon_crawler.extract.tags import COPIED

#: Up to here the worst page is harmless, and tags are not looked at one by one.
_FEW = 4_000
_SMALL = 300_000
#: Start tags times bytes: they can all be nested, with the text inside.
_NESTED = 100_000_000
#: Of one article: BeautifulSoup and the walk take about 30 µs a tag.
_FRAGMENT_TAGS = 15_000
#: Of these characters nh3 0.3.8 takes quadratic time: 130,000 in one text took 1 s.
_FRAGMENT_SLOW = 30_000
_SLOW = re.compile("[&\u0080-\u00bf]")
_FRAGMENT_LENGTH = 1_000_000

_TAG_BYTES = re.compile(TAG.pattern.encode())
_NAMES = "|".join(sorted(COPIED)).encode()
# In a page in lower case: formatting tags, roots, and tags that are not written plainly (spaces, double
# quotes, at most 40 attributes). All within a look-ahead, so that no "<" is passed over.
_FIRST_LOOK = re.compile(
    rb"<(?=(?=[bcefistuh])(?:(%b)(?=[\t\n\f\r />])|(body|html)(?=[\t\n\f\r />]))|"
    rb"[a-z][a-z0-9]*+(?: [a-z-]++=\"[^\"]*+\"){0,40}+(?![/>])|/[a-z][a-z0-9]*+(?!>))" % _NAMES
)
# And the places behind which an end tag may be none: cells, comments, scripts, drawings.
_SECOND_LOOK = re.compile(
    rb"<(?=(/?)(%b)(?=[\t\n\f\r />])|"
    rb"(!|t(?:[dh][\t\n\f\r />]|ext|emp|itle)|cap|s(?:cript|tyle|el|vg)|ob|ap|ma[^i]|if|no|xm|fr|pl|but)|"
    rb"/?[a-z][a-z0-9]*+(?: [^ <>\"'=/]++=\"[^\"<>]*+\")*+(?!>))" % _NAMES
)


def harmless(page: bytes) -> bool:
    """Whether a page in UTF-8 can be parsed as it is. Looked at as bytes, which is twice as fast as text.

    0.16 ms for a page of 95 KB.
    """
    if len(page) > _SMALL or (tags := page.count(b"<")) > _FEW:
        return False
    if tags * len(page) > _NESTED and (tags - page.count(b"</")) * len(page) > _NESTED:
        return False
    lower = page.lower()
    most = roots = 0
    for mark in _FIRST_LOOK.finditer(lower):
        formatting, root = mark.groups()
        tag = _TAG_BYTES.match(lower, mark.start())
        length = tag.end() - tag.start() if tag else 0
        if length > LONG_TAG:
            return False
        if formatting:
            most += weight(length)
        elif root:
            roots += 1
    if roots > MOST_ROOTS:
        return False
    return most * tags <= MOST_COPIED or _most_open(lower) * tags <= MOST_COPIED


def _most_open(lower: bytes) -> int:
    """The greatest weight of formatting tags that are open at once, at worst.

    Far too much for a page with brackets in a tag's quotes: an end tag there would be none.
    """
    most = now = stuck = 0
    names: dict[bytes, list[int]] = {}
    for mark in _SECOND_LOOK.finditer(lower):
        slash, name, place = mark.groups()
        start = mark.start()
        tag = _TAG_BYTES.match(lower, start)
        end = tag.end() if tag else start + 1
        if lower.find(b"<", start + 1, end) >= 0 or lower.find(b">", start, end - 1) >= 0:
            return MOST_COPIED
        if place:
            # What is open here cannot be closed for sure by what follows.
            if now > stuck:
                stuck = now
                names = {}
        elif name and not slash:
            cost = weight(end - start)
            now += cost
            names.setdefault(name, []).append(cost)
            most = max(most, now)
        elif name and (opened := names.get(name)):
            now -= opened.pop()
    return most


def tame(html: str) -> tuple[str, str | None]:
    """The markup, cut or simplified when it is hostile, and a line that says so, else None."""
    if harmless(html.encode("utf-8", "replace")):
        return html, None
    return Scan(html).run()


def shorten(markup: str) -> tuple[str, str | None]:
    """A fragment cut to what can be read in a fraction of a second, and a line that says so."""
    end = min(len(markup), _FRAGMENT_LENGTH)
    if markup.count("<", 0, end) > _FRAGMENT_TAGS:
        end = next(islice(re.finditer("<", markup), _FRAGMENT_TAGS, None)).start()
    if end > _FRAGMENT_SLOW:
        slow = next(islice(_SLOW.finditer(markup, 0, end), _FRAGMENT_SLOW, None), None)
        end = slow.start() if slow else end
    if end == len(markup):
        return markup, None
    return markup[:end], f"the text is too long: only the first {end:,} characters were read"
