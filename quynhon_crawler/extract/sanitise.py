"""Markup that is safe to show: no scripts, styles, forms or handlers; absolute addresses only."""

from __future__ import annotations

import nh3

_TAGS = {
    *(
        "a",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
    ),
    *(
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
    ),
    *("sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "textarea",
        "select",
        "svg",
    },
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="nofollow noopener",
    strip_comments=True,
)


def sanitise(markup: str) -> str:
    """``markup`` reduced to text, structure, links and pictures. Relative addresses are dropped: the caller
    makes them absolute first."""
    return _CLEANER.clean(markup)
