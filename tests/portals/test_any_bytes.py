"""Whatever the bytes: a Reading, never an exception."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quynhon_crawler.model import Page
from quynhon_crawler.portals import read
from tests.pages.cases import cases
from tests.portals.pieces import PIECES

PAGES = [case.page for case in cases()]
SOUP = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=60).map(b"".join)
TYPES = st.sampled_from(
    (
        *("text/html", "text/html; charset=utf-16", "text/html; charset=tis-620", "text/css", "x/y", ""),
        *("text/html; charset=idna", "text/html; charset=base64", "text/plain", "application/xhtml+xml"),
    )
)
ADDRESSES = st.sampled_from(
    ("https://a.gov.vn/x.html", "http://a/", "https://a.gov.vn/?cmd=redraw", "https://a.gov.vn/%ff?page=2")
)
#: The same inputs on every machine; bench/fuzz.py looks for new ones.
SETTINGS = settings(
    max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@SETTINGS
@given(content=SOUP, media=TYPES, url=ADDRESSES)
def test_made_up_pages_are_read(content: bytes, media: str, url: str) -> None:
    method = "POST" if "redraw" in url else "GET"
    reading = read(Page(url, 200, (("Content-Type", media),), content, method, content[:200]))
    assert "could not be read" not in (reading.problem or "")


@SETTINGS
@given(page=st.sampled_from(PAGES), cut=st.integers(0, 4000), at=st.integers(0, 20000), put=SOUP)
def test_damaged_pages_are_read(page: Page, cut: int, at: int, put: bytes) -> None:
    content = page.content[:at] + put + page.content[at + cut :]
    damaged = Page(page.url, 200, page.headers, content, page.method, page.request_body)
    assert "could not be read" not in (read(damaged).problem or "")
