"""Datasette's own templates as they are loaded: they obey the site's policy, and can be read aloud.

Each inline script and style gets the nonce of its answer, so that what stands in the template runs and what
stands in the data does not. Style attributes are taken out: a policy without unsafe-inline ignores them, with
an error on the console.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import jinja2

from quynhon_crawler.publish.safety import NONCE

_INLINE = re.compile(r"<(script|style)(?![^>]*\ssrc=)((?:\s[^>{}]*)?)>")
_STYLE_ATTRIBUTE = re.compile(r'\sstyle="(?:[^"{]|\{\{[^}]*\}\})*"')
_NONCE_ATTRIBUTE = f' nonce="{{{{ request.scope["{NONCE}"] if request else "" }}}}"'

_MENDED = (
    # It makes the box for SQL taller by a style attribute; browsers can do that alone.
    (re.compile(r'<script src="[^"]*cm-resize[^"]*"></script>\n?'), ""),
    (re.compile(r"\bcmResize\(editor[^\n]*"), 'editor.getInputField().setAttribute("aria-label", "SQL");'),
    # What is ours on these English pages: titles, descriptions, and what stands in the tables.
    (re.compile("<html>"), '<html lang="en">'),
    (
        re.compile(r"<h1([^>]*)>(?=\{\{ metadata\.(?:title|get))"),
        r'<h1\1{% if metadata.title %} lang="vi"{% endif %}>',
    ),
    (re.compile(r'<(div class="metadata-description"|dl class="column-descriptions")>'), r'<\1 lang="vi">'),
    # Names that screen readers say.
    (re.compile('<section class="content">'), '<section class="content" role="main">'),
    (re.compile('<textarea id="sql-editor"'), '<textarea id="sql-editor" aria-label="SQL"'),
    (re.compile('<select name="_filter_column'), '<select aria-label="Column" name="_filter_column'),
    (re.compile('<select name="_filter_op'), '<select aria-label="Comparison" name="_filter_op'),
    (re.compile('<select name="_sort"'), '<select aria-label="Sort by" name="_sort"'),
    (
        re.compile('<input type="text" name="_filter_value'),
        '<input type="text" aria-label="Value" name="_filter_value',
    ),
)
_ROWS = frozenset(("_table.html", "_query_results.html", "query.html"))


class Loader(jinja2.BaseLoader):
    """Gives templates of another loader, mended."""

    def __init__(self, inner: jinja2.BaseLoader) -> None:
        self._inner = inner

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, name, fresh = self._inner.get_source(environment, template)
        source = _INLINE.sub(lambda found: f"<{found[1]}{found[2]}{_NONCE_ATTRIBUTE}>", source)
        for found, instead in _MENDED:
            source = found.sub(instead, source)
        if template.removeprefix("default:") in _ROWS:
            source = source.replace("<tbody>", '<tbody lang="vi">')
        return _STYLE_ATTRIBUTE.sub("", source), name, fresh

    def list_templates(self) -> list[str]:
        return self._inner.list_templates()
