"""The main job from end to end: the sample portal crawled, and everything compared with its own truth."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.rebuild import rebuild
from quynhon_crawler.sample import Exchange, SamplePortal, Truth
from quynhon_crawler.spread import over_processes
from quynhon_crawler.store import fulltext
from quynhon_crawler.store.content import content_digest
from quynhon_crawler.urls import canonical, url_key
from quynhon_crawler.warc.reader import Stored, exchanges, payload
from tests.crawl.run_crawl import quynhon

FIELDS = ("kind", "title", "lead", "body", "byline", "source", "published_at", "published_meta", "event_date")


@dataclass
class Crawled:
    """The portal's truth and log after one crawl, the archive, and what the command printed."""

    truth: Truth
    log: tuple[Exchange, ...]
    home: Home
    status: int
    output: str
    second_log: tuple[Exchange, ...]
    first_bytes: int
    second_status: int

    def rows(self, sql: str) -> list[dict[str, Any]]:
        db = sqlite3.connect(self.home.database)
        db.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in db.execute(sql)]
        finally:
            db.close()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    home = Home(tmp_path_factory.mktemp("sample") / "archive")
    with SamplePortal() as portal:
        command = ("crawl", portal.url, "--archive", home.root, "--delay", "0", "--concurrency", "8")
        first = quynhon(*command)
        log = tuple(portal.exchanges)
        first_bytes = sum(path.stat().st_size for path in home.warc.iterdir())
        truth = portal.truth
        second = quynhon(*command)
        second_log = tuple(portal.exchanges)[len(log) :]
    return Crawled(
        truth,
        log,
        home,
        first.returncode,
        first.stdout + first.stderr,
        second_log,
        first_bytes,
        second.returncode,
    )


def stored(home: Home) -> list[Stored]:
    files = sorted(home.warc.iterdir())
    return [item for path in files for item in exchanges(path) if isinstance(item, Stored)]


def test_the_crawl_ends_well_and_says_what_it_did(crawled: Crawled) -> None:
    assert crawled.status == 0, crawled.output
    assert "finished" in crawled.output
    assert "missing" not in crawled.output


def test_every_exchange_of_both_crawls_is_stored_byte_for_byte(crawled: Crawled) -> None:
    logged = Counter((e.request, e.response) for e in (*crawled.log, *crawled.second_log))
    whole: Counter[tuple[bytes, bytes]] = Counter()
    heads: dict[bytes, list[bytes]] = defaultdict(list)
    for item in stored(crawled.home):
        assert item.request is not None
        if item.record.type == "response":
            whole[item.request.block, item.record.block] += 1
        else:
            heads[item.request.block].append(item.record.block)
    left = logged - whole
    assert not whole - logged
    assert left.total() == sum(map(len, heads.values()))
    for request, response in left.elements():  # the bodies that were there already: exact heads
        assert any(response.startswith(head) for head in heads[request])


def test_no_address_is_asked_twice_in_one_crawl(crawled: Crawled) -> None:
    asked = Counter((e.method, e.target, e.request.partition(b"\r\n\r\n")[2]) for e in crawled.log)
    assert [what for what, times in asked.items() if times > 1] == []


def test_what_robots_txt_forbids_is_not_asked(crawled: Crawled) -> None:
    forbidden = ("/data/", "/lib/", "/packages/", "/portals/", "/pages/", "/1/", "/content/download/")
    assert not [e.target for e in crawled.log if e.target.startswith(forbidden)]


def test_every_article_is_found(crawled: Crawled) -> None:
    found = {url_key(row["url"]) for row in crawled.rows("SELECT url FROM articles")}
    assert found == {url_key(article.url) for article in crawled.truth.articles}


@pytest.mark.parametrize("field", FIELDS)
def test_the_field_is_right_in_every_article(crawled: Crawled, field: str) -> None:
    rows = {url_key(row["url"]): row for row in crawled.rows("SELECT * FROM articles")}
    wrong = {
        article.url: (rows[url_key(article.url)][field], getattr(article, field))
        for article in crawled.truth.articles
        if url_key(article.url) in rows and rows[url_key(article.url)][field] != getattr(article, field)
    }
    assert wrong == {}


def test_the_author_is_right_in_every_article(crawled: Crawled) -> None:
    rows = crawled.rows(
        "SELECT a.url, w.name, w.unit_code FROM articles a LEFT JOIN authors w ON w.id = a.author_id"
    )
    found = {url_key(row["url"]): (row["name"], row["unit_code"]) for row in rows}
    for article in crawled.truth.articles:
        author = article.author
        assert found[url_key(article.url)] == ((author.name, author.unit_code) if author else (None, None)), (
            article.url
        )


def test_the_section_is_right_in_every_article(crawled: Crawled) -> None:
    rows = crawled.rows("SELECT a.url, s.title FROM articles a LEFT JOIN sections s ON s.id = a.section_id")
    found = {url_key(row["url"]): row["title"] for row in rows}
    for article in crawled.truth.articles:
        assert found[url_key(article.url)] == (article.sections[-1].title if article.sections else None), (
            article.url
        )


def test_every_picture_is_found_with_code_and_caption_and_is_here(crawled: Crawled) -> None:
    rows = crawled.rows("SELECT i.*, a.url AS page FROM images i JOIN articles a ON a.id = i.article_id")
    found = {(url_key(row["page"]), row["position"]): row for row in rows}
    for article in crawled.truth.articles:
        for image in article.images:
            row = found.pop((url_key(article.url), image.position))
            assert canonical(row["url"]) == canonical(image.url)
            assert (row["code"], row["caption"], row["original_name"]) == (
                image.code,
                image.caption,
                image.original_name,
            )
            assert row["sha256"], row["url"]
            assert row["width"], row["url"]
    assert found == {}


def test_every_attachment_is_found_and_is_here(crawled: Crawled) -> None:
    rows = crawled.rows("SELECT t.*, a.url AS page FROM attachments t JOIN articles a ON a.id = t.article_id")
    found = {(url_key(row["page"]), canonical(row["url"])): row for row in rows}
    wanted = {(url_key(a.url), canonical(t.url)) for a in crawled.truth.articles for t in a.attachments}
    assert set(found) == wanted
    assert all(row["sha256"] for row in found.values())


def test_every_tag_is_found(crawled: Crawled) -> None:
    sql = """SELECT a.url, t.name FROM article_tags x
        JOIN articles a ON a.id = x.article_id JOIN tags t ON t.id = x.tag_id"""
    found = {(url_key(row["url"]), row["name"]) for row in crawled.rows(sql)}
    assert found == {(url_key(a.url), tag) for a in crawled.truth.articles for tag in a.tags}


def test_every_legal_document_is_found(crawled: Crawled) -> None:
    found = {url_key(row["url"]): row for row in crawled.rows("SELECT * FROM documents")}
    for document in crawled.truth.documents:
        row = found.pop(url_key(document.url))
        for field in ("number", "kind", "issued_on", "issuer", "signer", "abstract"):
            assert row[field] == getattr(document, field), (document.url, field)
    assert found == {}


def test_every_page_requisite_is_captured(crawled: Crawled) -> None:
    have = {urlsplit(row["url"]).path for row in crawled.rows("SELECT url FROM captures WHERE status = 200")}
    wanted = {urlsplit(canonical(url)).path for url in crawled.truth.requisites}
    assert wanted - have == set()


def test_each_row_leads_to_its_bytes(crawled: Crawled) -> None:
    rows = crawled.rows("SELECT a.title, c.* FROM articles a JOIN captures c ON c.id = a.capture_id LIMIT 50")
    for row in rows:
        path = crawled.home.warc_path(row["warc_file"])
        assert payload(path, row["warc_offset"], row["warc_length"]).record.id == row["warc_record_id"]


def test_words_without_marks_find_words_with_them_in_plain_sqlite(crawled: Crawled) -> None:
    sql = """SELECT title FROM articles
        WHERE id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH '{}')"""
    typed_in_full = {row["title"] for row in crawled.rows(sql.format("đảng viên"))}
    typed_bare = {row["title"] for row in crawled.rows(sql.format("dang vien"))}
    assert typed_in_full
    assert typed_in_full <= typed_bare


def test_a_second_crawl_of_an_unchanged_portal_is_small(crawled: Crawled) -> None:
    both = sum(path.stat().st_size for path in crawled.home.warc.iterdir())
    assert crawled.second_status == 0
    assert both - crawled.first_bytes < 0.10 * crawled.first_bytes
    assert {row["version"] for row in crawled.rows("SELECT version FROM articles")} == {1}


@pytest.mark.parametrize("workers", [1, 2])
def test_the_database_made_again_from_the_warc_files_is_the_same(
    crawled: Crawled, workers: int, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    home.warc.symlink_to(crawled.home.warc)
    home.config.write_text(crawled.home.config.read_text())
    digest = rebuild(home, spread=over_processes(workers)).content_digest
    with sqlite3.connect(home.database) as again, sqlite3.connect(crawled.home.database) as live:
        tables = [name for (name,) in live.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if not table.startswith((*fulltext.NAMES, "sqlite_", "_sqlite")):
                rows = [sorted(map(repr, db.execute(f'SELECT * FROM "{table}"'))) for db in (live, again)]
                assert rows[0] == rows[1], table
        assert digest == content_digest(live)
    again.close()
    live.close()
