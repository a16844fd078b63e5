"""One sample portal for the tests that only look; those that break or edit things start their own."""

from collections.abc import Iterator

import pytest

from quynhon_crawler.sample import SamplePortal


@pytest.fixture(scope="package")
def portal() -> Iterator[SamplePortal]:
    with SamplePortal() as running:
        yield running
