"""Addresses that a worker leased ahead: handed out once, and never kept from the others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from quynhon_crawler.crawl.shared.frontier import SharedFrontier
from quynhon_crawler.crawl.shared.server import Server
from quynhon_crawler.model import Fetch
from tests.scale.redis_server import PASSWORD, RedisServer, needs_redis

pytestmark = needs_redis
_COUNT = 300


def joined(folder: Path, name: str, server: RedisServer, *, seconds: float) -> SharedFrontier:
    there = Server(server.address, portal="p", password=PASSWORD)
    frontier = SharedFrontier(folder / f"{name}.db", there, lease_seconds=seconds)
    frontier.forget_fetches()
    return frontier


@pytest.fixture
def two(tmp_path: Path, redis_server: RedisServer) -> Iterator[list[SharedFrontier]]:
    """Two workers of one crawl of many addresses, whose leases run out after half a second."""
    with ExitStack() as stack:
        found = [joined(tmp_path, name, redis_server, seconds=0.5) for name in "ab"]
        for frontier in found:
            stack.callback(frontier.close)
        found[0].add(Fetch(f"http://127.0.0.1/{number}", "page") for number in range(_COUNT))
        yield found


def test_two_workers_share_all_addresses_once(two: list[SharedFrontier]) -> None:
    urls = []
    waiting = two[0].pending
    assert waiting == _COUNT
    while leases := [lease for frontier in two if (lease := frontier.lease())]:
        urls += [lease.fetch.url for lease in leases]
        for frontier in two:
            frontier.commit()  # the leases go on
    assert len(urls) == len(set(urls)) == _COUNT


def test_a_worker_that_slept_hands_out_nothing_that_others_have(two: list[SharedFrontier]) -> None:
    sleeper, other = two
    assert sleeper.lease()
    time.sleep(0.6)
    theirs = []
    while lease := other.lease():
        theirs.append(lease.fetch.url)
        other.commit()
    assert len(theirs) == _COUNT
    assert sleeper.lease() is None


def test_what_was_leased_ahead_is_for_others_when_a_worker_ends(
    two: list[SharedFrontier], tmp_path: Path, redis_server: RedisServer
) -> None:
    ends = joined(tmp_path, "c", redis_server, seconds=600)
    first = ends.lease()
    assert first
    ends.done(first.seq)
    ends.commit()
    ends.close()
    theirs = []
    while lease := two[0].lease():
        theirs.append(lease.fetch.url)
        two[0].commit()
    assert len(theirs) == _COUNT - 1
