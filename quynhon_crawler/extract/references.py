"""What one reference of a page means: a page of the same site, a picture, a file, or what shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from quynhon_crawler.extract import attachments, images
from quynhon_crawler.model import Fetch, Purpose
from quynhon_crawler.urls import absolute, host_of

#: Higher goes first. What a page shows comes before the next page, so that an interrupted crawl leaves
#: whole articles; listings come first of all, because they tell what there is.
PRIORITY: dict[Purpose, int] = {"listing": 30, "requisite": 20, "image": 20, "attachment": 20, "page": 10}
_REMEMBERED = 4_096
# Rooted references that need no joining and no escaping, most of all links.
_PLAIN = re.compile(
    r"/(?:[A-Za-z0-9_.~/-]|%[0-9A-Fa-f]{2}){0,500}(?:\?(?:[A-Za-z0-9_.~=&:/-]|%[0-9A-Fa-f]{2}){0,500})?"
)
_PLAIN_ABSOLUTE = re.compile(
    r"https?://[A-Za-z0-9.-]{1,255}(?::[0-9]{1,5})?/(?:[A-Za-z0-9_.~/-]|%[0-9A-Fa-f]{2}){0,500}"
    r"(?:\?(?:[A-Za-z0-9_.~=&:/-]|%[0-9A-Fa-f]{2}){0,500})?"
)
# Of these the pages, told by an ending or by none: nine of ten links of a page.
_PLAIN_PAGE = re.compile(r"/(?:[A-Za-z0-9_~-]{1,300}/){0,20}(?:[A-Za-z0-9_~-]{1,300}(?:\.html?)?)?")
# The same article once more, without its section and side bar; and actions that are not pages.
_NOT_FOLLOWED = re.compile(
    r"page=Article\.Print|/print/|[?&](?:print|inprint|replytocom|share)=|/(?:wp-login|wp-admin|xmlrpc)|"
    r"[?&]page=Member\.|/users/(?:login|register|lostpass)",
    re.IGNORECASE,
)


@lru_cache(maxsize=_REMEMBERED)
def join(base: str, reference: str) -> str | None:
    """``urls.absolute``, remembered, with a short way for references that need no escaping."""
    if "/." not in reference:
        if _PLAIN.fullmatch(reference) and base.endswith("/"):
            return base[:-1] + reference
        if _PLAIN_ABSOLUTE.fullmatch(reference):
            return reference
    return absolute(base, reference)


def fetch_of(url: str, purpose: Purpose) -> Fetch:
    return Fetch(url, purpose, priority=PRIORITY[purpose])


def of_anchor(base: str, reference: str) -> tuple[Fetch, ...]:
    """A link to follow: a page of the same site, or a file anywhere, also one behind a viewer."""
    if _PLAIN_PAGE.fullmatch(reference) and base.endswith("/") and not _NOT_FOLLOWED.search(reference):
        return (Fetch(base[:-1] + reference, "page", priority=PRIORITY["page"]),)
    url = join(base, reference)
    if url is None or _NOT_FOLLOWED.search(url):
        return ()
    hidden = attachments.behind_viewer(url)
    found = (fetch_of(hidden, "attachment"),) if hidden else ()
    purpose = attachments.purpose_of(url)
    if purpose == "page" and host_of(url) != host_of(base):
        return found
    return (fetch_of(url, purpose), *found)


def of_image(base: str, reference: str) -> tuple[Fetch, ...]:
    """A picture as the page shows it, and the full file behind a thumbnail."""
    url = join(base, reference)
    if url is None:
        return ()
    full = images.full_size(url)
    shown = fetch_of(url, "requisite")
    return (shown,) if full == url else (shown, fetch_of(full, "image"))


def of_frame(base: str, reference: str) -> tuple[Fetch, ...]:
    """A frame of the same site is part of the page; a viewer hides a file; a foreign player is left out."""
    url = join(base, reference)
    if url is None:
        return ()
    hidden = attachments.behind_viewer(url)
    found = (fetch_of(hidden, "attachment"),) if hidden else ()
    purpose = attachments.purpose_of(url)
    if purpose != "page":
        return (fetch_of(url, purpose), *found)
    return (fetch_of(url, "requisite"), *found) if host_of(url) == host_of(base) else found


def of_requisite(base: str, reference: str) -> tuple[Fetch, ...]:
    url = join(base, reference)
    return () if url is None else (fetch_of(url, "requisite"),)


Meaning = Callable[[str, str], tuple[Fetch, ...]]
