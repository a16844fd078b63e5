"""What a style sheet points at: images, fonts, other sheets."""

from __future__ import annotations

import re

# Bounded and without nested repeats: linear whatever the sheet holds.
_POINTER = re.compile(
    r"""url\(\s{0,20}(?:"([^"\n]{1,2000})"|'([^'\n]{1,2000})'|([^"'()\s]{1,2000}))\s{0,20}\)"""
    r"""|@import\s{1,20}(?:"([^"\n]{1,2000})"|'([^'\n]{1,2000})')""",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)


def pointers(css: str) -> list[str]:
    """The references of ``url(...)`` and ``@import``, in order, each once, ``data:`` left out."""
    found: dict[str, None] = {}
    for match in _POINTER.finditer(_COMMENT.sub(" ", css)):
        reference = next(group for group in match.groups() if group).strip()
        if reference and not reference.startswith(("data:", "#")):
            found[reference] = None
    return list(found)
