"""Markup that would cost an HTML5 parser too much, cut down before it is parsed.

Measured with lexbor (selectolax 1.0.2): 50,000 nested ``<div>`` take 4.9 s, quadratic in the depth, and
unclosed formatting tags are opened again in every later paragraph, as the standard asks. Pages of the portals
have about 2,000 tags and stay below a depth of 60.
"""

from __future__ import annotations

import re
from itertools import islice

#: Below this many ``<`` the worst case is harmless (measured: 4,000 nested ``div``, 30 ms): not counted.
FEW = 4_000
#: A page of 5 MB made of Word tables has about 60,000.
MOST = 150_000
DEEPEST = 400
_UNCLOSED_FORMATTING = 100

_FORMATTING = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
)
# Never closed, or closed by what follows: they do not nest by themselves.
_FLAT = frozenset(
    (
        *(
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "param",
            "source",
            "track",
            "wbr",
        ),
        *(
            "p",
            "li",
            "dt",
            "dd",
            "tr",
            "td",
            "th",
            "tbody",
            "thead",
            "tfoot",
            "option",
            "html",
            "head",
            "body",
        ),
    )
)
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]{0,40})")
_FORMATTING_TAG = re.compile(
    r"</?(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])[^<>]*>", re.IGNORECASE
)


def tame(html: str) -> tuple[str, str | None]:
    """The markup, cut or simplified when it is hostile, and a line that says so, else None."""
    count = html.count("<")
    if count <= FEW:
        return html, None
    note = None
    if count > MOST:
        html = html[: next(islice(re.finditer("<", html), MOST, None)).start()]
        note = f"{count:,} tags: only the first {MOST:,} were read"
    depth = unclosed = 0
    formatting_overflow = False
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name in _FLAT:
            continue
        if name in _FORMATTING:
            unclosed = unclosed + 1 if not match[1] else max(0, unclosed - 1)
            formatting_overflow = formatting_overflow or unclosed > _UNCLOSED_FORMATTING
        elif match[1]:
            depth = max(0, depth - 1)
        else:
            depth += 1
            if depth > DEEPEST:
                return html[: match.start()], f"nested deeper than {DEEPEST}: read only up to there"
    if formatting_overflow:
        html = _FORMATTING_TAG.sub("", html)
        note = note or "formatting tags left open: they were taken out"
    return html, note
