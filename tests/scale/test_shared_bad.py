"""A Redis that cannot be used: one line that names it and says what to do, and never the password."""

from __future__ import annotations

from pathlib import Path

import pytest

from quynhon_crawler.config import parse
from quynhon_crawler.errors import ConfigError
from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import assert_level
from tests.crawl.run_crawl import quynhon
from tests.scale.redis_server import PASSWORD, RedisServer, needs_redis
from tests.scale.workers import worker

pytestmark = needs_redis


def refused(folder: Path, *, status: int = 2) -> str:
    """The one line that the crawl ends with."""
    done = quynhon("crawl", "--archive", folder)
    assert done.returncode == status, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert PASSWORD not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_redis_that_is_not_there(tmp_path: Path, redis_server: RedisServer) -> None:
    with SamplePortal(articles=1) as portal:
        folder = worker(tmp_path / "a", portal, redis_server)
        redis_server.stop()
        line = refused(folder)
        assert redis_server.address in line
        assert "start Redis" in line
        assert not portal.exchanges


def test_a_wrong_password(tmp_path: Path, redis_server: RedisServer) -> None:
    with SamplePortal(articles=1) as portal:
        folder = worker(tmp_path / "a", portal, redis_server)
        redis_server.secret.write_text("falsch")
        line = refused(folder)
        assert "frontier_password" in line
        assert "falsch" not in line


def test_data_of_another_version(tmp_path: Path, redis_server: RedisServer) -> None:
    with SamplePortal(articles=1) as portal:
        folder = worker(tmp_path / "a", portal, redis_server)
        with redis_server.client() as client:
            client.hset("quynhon:{p}:about", mapping={"version": "99", "state": "open"})
        assert "made by another version (99, here 1)" in refused(folder)


def test_a_redis_that_throws_away_when_it_is_full(tmp_path: Path, redis_server: RedisServer) -> None:
    with SamplePortal(articles=1) as portal:
        folder = worker(tmp_path / "a", portal, redis_server)
        with redis_server.client() as client:
            client.config_set("maxmemory", "100mb")
            client.config_set("maxmemory-policy", "allkeys-lru")
        assert "noeviction" in refused(folder)


def test_a_full_redis_ends_the_crawl_and_it_goes_on(tmp_path: Path, redis_server: RedisServer) -> None:
    with SamplePortal(articles=1) as portal:
        folder = worker(tmp_path / "a", portal, redis_server)
        assert quynhon("crawl", "--archive", folder, "--limit", "5").returncode == 0
        with redis_server.client() as client:
            client.config_set("maxmemory", "1mb")
            client.config_set("maxmemory-policy", "noeviction")
            assert "full (maxmemory)" in refused(folder, status=1)
            client.config_set("maxmemory", "0")
        assert quynhon("crawl", "--archive", folder).returncode == 0
        got = {exchange.url for exchange in portal.exchanges if exchange.status == 200}
        assert {article.url for article in portal.truth.articles} <= got
    assert_level(folder)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('frontier = "redis://user:geheim@h/0"\n', "archive.toml:1: frontier: no password in the address"),
        ('frontier = "http://h/"\n', "archive.toml:1: frontier: not the address of a Redis"),
        ('frontier = "redis://h:x/0"\n', "archive.toml:1: frontier: not the address of a Redis"),
        ('frontier_password = "env:X"\n', "frontier_password: frontier ="),
        ('frontier = "redis://h"\nfrontier_password = "geheim"\n', "archive.toml:2: frontier_password: name"),
        ('frontier = "redis://h"\nfrontier_ca = "/x.pem"\n', "archive.toml:2: frontier_ca: only a rediss"),
    ],
)
def test_mistakes_in_the_keys(keys: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(keys)
    assert said in str(error.value)
    assert "geheim" not in str(error.value)
