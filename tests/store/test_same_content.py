"""Crawls with edits between, then the database again from the WARC files in any order: the same rows."""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.spread import over_processes
from quynhon_crawler.store import Store
from quynhon_crawler.store.content import content_digest, public_tables, rows_of
from quynhon_crawler.store.export import export_csv, export_jsonl, export_parquet
from tests.crawl.archives import archive
from tests.crawl.run_crawl import quynhon
from tests.store.test_disk import whole

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """An archive of many small files: new, edited, moved, gone and returned articles."""
    folder = archive(tmp_path_factory.mktemp("twice") / "archive", "min_free = 0\nwarc_size = 200000\n")
    with SamplePortal(articles=6) as portal:
        command = ("crawl", portal.url, "--archive", folder, "--full")

        def crawl() -> None:
            done = quynhon(*command)
            assert "finished" in done.stdout, done.stderr

        crawl()
        titled, longer, removed, sent_home, back = portal.truth.articles[:5]
        portal.edit(titled, title="Tên bài đã sửa")
        portal.edit(longer, append="Một đoạn thêm vào sau khi đăng.")
        portal.remove(removed)
        portal.add_article()
        portal.fault(urlsplit(sent_home.url).path, "redirect-home")
        portal.fault(urlsplit(back.url).path, "soft-404")
        crawl()
        portal.heal()
        portal.fault(urlsplit(sent_home.url).path, "redirect-home")
        crawl()
    home = Home(folder)
    assert len(list(home.warc.iterdir())) > 5
    return home


@pytest.fixture
def again(crawled: Home, tmp_path: Path) -> Home:
    """The same WARC files without their database."""
    home = Home(tmp_path)
    shutil.copy(crawled.config, home.config)
    home.warc.symlink_to(crawled.warc)
    return home


def content(database: Path) -> tuple[str, Rows]:
    connection = sqlite3.connect(database)
    rows = {table: list(rows_of(connection, table)) for table in public_tables(connection)}
    digest = content_digest(connection)
    connection.close()
    return digest, rows


ORDERS: dict[str, tuple[int, Callable[[list[Path]], None]]] = {
    "rebuild": (1, list.sort),
    "rebuild, 2 workers": (2, list.sort),
    "rebuild, files shuffled": (1, random.Random(1).shuffle),
}


def test_the_edits_between_the_crawls_are_there(crawled: Home) -> None:
    connection = sqlite3.connect(crawled.database)
    kinds = dict(connection.execute("SELECT kind, count(*) FROM changes GROUP BY kind"))
    connection.close()
    assert kinds.pop("new") > 6
    assert kinds == {"changed": 2, "gone": 3, "back": 1}


@pytest.mark.parametrize("name", ORDERS)
def test_the_content_is_the_same_row_by_row(crawled: Home, again: Home, name: str) -> None:
    workers, order = ORDERS[name]
    result = rebuild(again, spread=over_processes(workers), order=order)
    digest, rows = content(crawled.database)
    digest_again, rows_again = content(again.database)
    assert {t: set(rows[t]) ^ set(rows_again[t]) for t in rows if rows[t] != rows_again[t]} == {}
    # For `pytest -rP`: a table of digests.
    sys.stdout.write(f"{'crawls':40} {digest}\n{name:40} {digest_again}\n")
    assert result.content_digest == digest_again == digest
    assert not result.broken
    assert whole(again.database) == len(rows["articles"])  # the indexes of the search among it


def test_tables_exported_from_either_are_the_same_bytes(crawled: Home, again: Home, tmp_path: Path) -> None:
    rebuild(again)
    for number, export in enumerate((export_jsonl, export_csv, export_parquet)):
        made = [export(home.database, tmp_path / f"{number}-{home.root.name}") for home in (crawled, again)]
        contents = [{name: (one.folder / name).read_bytes() for name in one.files} for one in made]
        assert contents[0] == contents[1]


def test_status_prints_the_digest(crawled: Home) -> None:
    assert (
        f"content digest {content(crawled.database)[0]}"
        in quynhon("status", "--archive", crawled.root).stdout
    )


def test_a_rebuild_keeps_takedowns_and_their_lifting(crawled: Home, again: Home) -> None:
    digest, _ = content(crawled.database)
    url = "http://quynhon.example/bai-1.html"
    with Store.open(again.database, create=True) as store:
        store.add_takedown(url, reason="theo yêu cầu")
    again.database.unlink()
    assert rebuild(again).content_digest != digest
    with Store.open(again.database) as store:
        assert store.connection.execute("SELECT url FROM takedowns").fetchall() == [(url,)]
        store.lift_takedown(url, reason="nhầm")
    assert content(again.database)[0] == digest
