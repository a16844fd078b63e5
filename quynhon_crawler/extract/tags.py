"""HTML element names by what they do to text."""

from __future__ import annotations

#: They begin and end a paragraph.
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
#: Their text is never a reader's.
DROPPED = frozenset(
    [
        "button",
        "canvas",
        "head",
        "input",
        "link",
        "map",
        "meta",
        "noscript",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
    ]
)
#: Without content, so they cannot nest; and those that what follows closes.
VOID = frozenset(
    [
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
    ]
)
CLOSED_BY_NEXT = frozenset(
    ["p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "html", "head", "body"]
)
#: Left open, they are opened again in every later paragraph (HTML standard, "formatting elements").
FORMATTING = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
#: Those of them that can be open more than once; ``a`` and ``nobr`` close each other.
COPIED = FORMATTING - {"a", "nobr"}
#: An end tag inside them does not close a formatting element outside.
SCOPES = frozenset(
    [
        "applet",
        "button",
        "caption",
        "marquee",
        "math",
        "object",
        "select",
        "svg",
        "table",
        "td",
        "template",
        "th",
    ]
)
STRONG = frozenset(["b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"])
SLANTED = frozenset(["em", "i", "cite"])
PLAYERS = frozenset(["iframe", "video", "audio", "embed", "object", "source"])
