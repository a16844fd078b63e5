"""A second crawl of a portal that did not change: small records that say where the bodies are."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.warc.reader import Stored
from tests.crawl.archives import archive, ask, assert_level, missing, stored, warcs
from tests.crawl.run_crawl import quynhon

PROFILE = "http://netpreserve.org/warc/1.1/revisit/"


def of_profile(items: list[Stored], name: str) -> list[Stored]:
    return [item for item in items if item.record.headers.get("warc-profile") == PROFILE + name]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[Path]]:
    """An archive after two crawls, and the files of the first."""
    folder = archive(tmp_path_factory.mktemp("twice") / "archive")
    with SamplePortal(articles=60) as portal:
        assert quynhon("crawl", portal.url, "--archive", folder).returncode == 0
        first = set(warcs(folder))
        done = quynhon("crawl", portal.url, "--archive", folder)
        assert done.returncode == 0, done.stderr
        assert "0 new articles, 0 changed, 0 gone" in done.stdout
        assert missing(folder, portal) == set()
    return folder, first


def test_it_adds_little(twice: tuple[Path, set[Path]]) -> None:
    folder, first = twice
    before = sum(path.stat().st_size for path in first)
    after = sum(path.stat().st_size for path in set(warcs(folder)) - first)
    assert after < 0.1 * before


@pytest.mark.parametrize("profile", ["server-not-modified", "identical-payload-digest"])
def test_revisits_name_the_record_that_holds_the_body(twice: tuple[Path, set[Path]], profile: str) -> None:
    folder, first = twice
    items = stored(folder)
    bodies = {
        (item.record.url, item.record.date): item.record.headers.get("warc-payload-digest")
        for item in items
        if item.record.type == "response"
    }
    revisits = of_profile(
        [item for item in items if item.record.file not in {path.name for path in first}], profile
    )
    assert revisits
    for item in revisits:
        said = item.record.headers
        held = (said["warc-refers-to-target-uri"], said["warc-refers-to-date"])
        assert held in bodies
        if profile == "server-not-modified":
            assert held[0] == item.record.url
            assert b" 304 " in item.record.block.split(b"\r\n", 1)[0]
        elif bodies[held]:  # chunked responses carry none
            assert said["warc-payload-digest"] == bodies[held]
        assert item.record.block.endswith(b"\r\n\r\n")


def test_files_and_database_stay_level(twice: tuple[Path, set[Path]]) -> None:
    folder, _ = twice
    assert_level(folder)
    assert ask(folder, "outcome", "crawls") == [("finished",), ("finished",)]


def test_without_its_frontier_the_archive_still_knows_what_it_has(tmp_path: Path) -> None:
    archive(tmp_path)
    with SamplePortal(articles=20) as portal:
        assert quynhon("crawl", portal.url, "--archive", tmp_path).returncode == 0
        first = {path.name for path in warcs(tmp_path)}
        for path in (tmp_path / "state").glob("frontier.db*"):
            path.unlink()
        done = quynhon("crawl", portal.url, "--archive", tmp_path)
        assert done.returncode == 0, done.stderr
    later = [item for item in stored(tmp_path) if item.record.file not in first]
    assert of_profile(later, "server-not-modified")
    assert not [
        item for item in later if item.record.type == "response" and b" 200 " in item.record.block[:14]
    ]
    assert_level(tmp_path)


def test_a_304_of_a_file_stored_under_another_address_names_the_record_with_the_body(tmp_path: Path) -> None:
    archive(tmp_path)
    with SamplePortal(articles=60) as portal:
        assert quynhon("crawl", portal.url, "--archive", tmp_path).returncode == 0
        done = quynhon("crawl", portal.url, "--archive", tmp_path, "--full")
        assert done.returncode == 0, done.stderr
    items = stored(tmp_path)
    bodies = {(item.record.url, item.record.date) for item in items if item.record.type == "response"}
    revisits = of_profile(items, "server-not-modified")
    named = [(item, item.record.headers["warc-refers-to-target-uri"]) for item in revisits]
    assert {(url, item.record.headers["warc-refers-to-date"]) for item, url in named} <= bodies
    assert [url for item, url in named if url != item.record.url]


def test_what_is_unchanged_and_lost_here_is_asked_for_whole(tmp_path: Path) -> None:
    archive(tmp_path)
    with SamplePortal(articles=12) as portal:
        assert quynhon("crawl", portal.url, "--archive", tmp_path).returncode == 0
        url = portal.truth.articles[0].url
        with sqlite3.connect(tmp_path / "quynhon.db") as db:
            db.execute("PRAGMA foreign_keys=OFF")
            db.execute("DELETE FROM captures WHERE url = ?", (url,))
        db.close()
        done = quynhon("crawl", portal.url, "--archive", tmp_path, "--full")
    assert done.returncode == 0, done.stderr
    assert (200,) in ask(tmp_path, "status", f"captures WHERE url = '{url}'")
