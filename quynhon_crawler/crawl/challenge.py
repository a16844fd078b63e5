"""The firewall's cookie page: a script of 160 bytes that sets a cookie and loads the page again.

Many Vietnamese portals stand behind one (``D1N``, seen 2019-2026). A browser runs the script. Whoever has the
right to archive the portal may do the same with ``accept_cookie_challenge = true``; else the crawl stops.
"""

from __future__ import annotations

import re

from quynhon_crawler.errors import FetchError
from quynhon_crawler.urls import host_name

_LONGEST = 3_000
_RELOAD = re.compile(rb"location\s{0,9}\.\s{0,9}(?:reload|href|replace|assign)|location\s{0,9}=")
_SET = re.compile(rb"document\.cookie\s{0,9}=((?:\s{0,9}\+?\s{0,9}(?:\"[^\"]{0,500}\"|'[^']{0,500}')){1,20})")
_PIECE = re.compile(rb"\"([^\"]{0,500})\"|'([^']{0,500})'")
_PAIR = re.compile(r"\s{0,9}([A-Za-z0-9!#$%&'*+.^_`|~-]{1,100})=([^;\s,\"\\]{0,400})")


def cookie_of(content: bytes) -> tuple[str, str] | None:
    """(name, value) of the cookie that such a page sets; None for every other page."""
    text = content.strip(b"\xef\xbb\xbf \t\r\n")
    if not text or len(text) > _LONGEST or not _RELOAD.search(text):
        return None
    found = _SET.search(text)
    if found is None:
        return None
    written = b"".join(one or two for one, two in _PIECE.findall(found[1])).decode("latin-1")
    pair = _PAIR.match(written)
    return (pair[1], pair[2]) if pair else None


class Firewall:
    """The cookies that a crawl was told to set, by host. They last as long as the crawl does."""

    def __init__(self, *, accept: bool) -> None:
        self._accept = accept
        self._cookies: dict[str, dict[str, str]] = {}

    def header(self, url: str, sent: str) -> str:
        """The Cookie header of a request that would carry ``sent``."""
        own = self._cookies.get(host_name(url))
        if not own:
            return sent
        kept = [pair.strip() for pair in sent.split(";") if pair.strip()]
        kept = [pair for pair in kept if pair.partition("=")[0] not in own]
        return "; ".join([*kept, *(f"{name}={value}" for name, value in own.items())])

    def meet(self, url: str, cookie: tuple[str, str]) -> None:
        """The page came: from now on its cookie is sent. FetchError when it must not be, or did not help."""
        name, value = cookie
        known = self._cookies.setdefault(host_name(url), {})
        if not self._accept:
            raise FetchError(
                f"a firewall wants the cookie {name} before it answers; if you have the right to archive "
                "this portal, set accept_cookie_challenge = true for it in archive.toml, else ask its owner",
                url=url,
            )
        if known.get(name) == value:
            raise FetchError(f"the firewall goes on asking although its cookie {name} was sent", url=url)
        known[name] = value
