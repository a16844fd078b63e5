"""Datasette's table page, the meaning of its columns behind a word: it was a screen and a half."""

from __future__ import annotations

import re

from markupsafe import Markup

_COLUMNS = re.compile(r'<dl class="column-descriptions"[^>]*>.*?</dl>', re.DOTALL)
_FOLDED = '<details class="columns"><summary>What the columns mean</summary>{}</details>'


def columns(page: Markup) -> Markup:
    """The content of a table page, its descriptions of columns folded; as it is where it has none."""
    # Of a page's HTML, in which all data is escaped: this tag is Datasette's own.
    return Markup(_COLUMNS.sub(lambda found: _FOLDED.format(found[0]), str(page), count=1))  # noqa: S704
