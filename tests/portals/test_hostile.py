"""Whatever a page is made of, reading it takes about a second at most."""

from __future__ import annotations

import time
from functools import cache

import pytest

from quynhon_crawler.model import Page
from quynhon_crawler.portals import read
from tests.pages.cases import FOLDER, load
from tests.portals import hostile

ATTACKS = dict(hostile.pages(2_000_000))
#: In ordinary pages. The worst takes about 200 of them; what blows up takes many thousands.
MOST = 1_500


@cache
def ordinary() -> float:
    """CPU seconds for one ordinary page on this machine."""
    page = load(FOLDER / "vhv" / "seed.json").page
    start = time.process_time()
    for _ in range(100):
        read(page)
    return (time.process_time() - start) / 100


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_pages_are_read_in_time(attack: str) -> None:
    page: Page = ATTACKS[attack]
    limit = MOST * ordinary()
    start = time.process_time()
    reading = read(page)
    assert time.process_time() - start < limit
    assert "could not be read" not in (reading.problem or "")
