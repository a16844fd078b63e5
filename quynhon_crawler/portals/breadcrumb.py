"""The way from the home page down to a page, as it prints it."""

from __future__ import annotations

from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from quynhon_crawler.model import Section
from quynhon_crawler.portals.sheet import Sheet, text_of

_PLACES = (
    "ol.breadcrumb,ul.breadcrumb",
    ".breadcrumb,.breadcrumbs,#breadcrumbs,.breadcumb,.rank-math-breadcrumb,.yoast-breadcrumb",
    '[itemtype$="BreadcrumbList"],[typeof="BreadcrumbList"],nav[aria-label="breadcrumb"]',
    '[id*="readcrumb"],[class*="readcrumb"],[id*="SiteMapPath"]',
)
_HOME = frozenset(("trang chủ", "trang nhất", "home", "trangchu", "homepage", "trang chính"))
_SEPARATORS = "»›/>|→:- \u00a0"


def breadcrumb(sheet: Sheet, title: str | None = None) -> tuple[Section, ...]:
    """Sections from the top down. Home, marked ``first-item`` or linked to the root, is left out, and so is a
    last step that repeats the page's own title."""
    crumbs = sheet.first(*_PLACES)
    if crumbs is None:
        return ()
    title = title or sheet.text("h1")
    steps: list[Section] = []
    for item in (crumbs.css("li") or crumbs.css("a"))[:20]:
        name = (text_of(item) or "").strip(_SEPARATORS)
        if not name or name == title or name.lower() in _HOME or _is_first(item):
            continue
        anchor = item if item.tag == "a" else item.css_first("a[href]")
        url = sheet.follow.join(anchor.attributes.get("href") or "") if anchor is not None else None
        if url is not None and urlsplit(url).path in ("", "/") and not urlsplit(url).query:
            continue
        if not any(step.title == name for step in steps):
            steps.append(Section(name, url))
    return tuple(steps)


def _is_first(item: LexborNode) -> bool:
    return "first-item" in (item.attributes.get("class") or "").split()
