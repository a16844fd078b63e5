"""A portal that answers every address with the same page: it has moved, is parked, or is closed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from quynhon_crawler.model import Page, Reading

# So many different paths in a row. Parameters do not count: a viewer is one page for all its files.
_RUN = 12
_VARYING = re.compile(rb"[0-9a-fA-F]{6,}|[0-9]+")


def _title(content: bytes) -> bytes:
    start = content.find(b"<title")
    return content[start : start + 160].partition(b"</")[0] if start >= 0 else b""


class Sameness:
    """Looks at each page once. Pages that differ in numbers only (clocks, counters, tokens) count as one.

    Not so articles: a table of prices and next week's differ in numbers.
    """

    def __init__(self) -> None:
        self._digest: str | None = None
        self._content = b""
        self._plain: int | None = None
        self._paths: list[str] = []

    def look(self, page: Page, reading: Reading) -> str | None:
        """One line when the last dozen addresses all gave the same page."""
        if page.status != 200 or page.method != "GET" or page.capture is None or not page.content:
            return None
        if reading.listing is not None and reading.listing.page_no > 1:
            return None
        path = urlsplit(page.url).path
        if path in self._paths:
            return None
        if self._is_same(page, near=reading.article is None):
            self._paths.append(path)
        else:
            self._digest, self._content, self._plain = page.capture.body_sha256, page.content, None
            self._paths = [path]
        if len(self._paths) < _RUN:
            return None
        return (
            f"{_RUN} addresses in a row answer with the same page ({self._paths[0]}, {self._paths[1]}, ...): "
            "the portal has moved or is closed; look at it, and set its new url in archive.toml"
        )

    def _is_same(self, page: Page, *, near: bool) -> bool:
        assert page.capture is not None
        if page.capture.body_sha256 == self._digest:
            return True
        size, before = len(page.content), len(self._content)
        if not near:
            return False
        if abs(size - before) * 200 > before or _title(page.content) != _title(self._content):
            return False  # half a per cent; looking at the whole of each page took 3 % of the crawl's CPU
        if self._plain is None:
            self._plain = hash(_VARYING.sub(b"", self._content))
        return hash(_VARYING.sub(b"", page.content)) == self._plain
