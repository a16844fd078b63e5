"""What is printed from the code cannot go stale, and says something of everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from quynhon_crawler.model import Attachment, Document, Image, Listing, ListingItem, Reading
from quynhon_crawler.store import recipes, schema_page
from quynhon_crawler.store.content import public_tables
from quynhon_crawler.store.descriptions import descriptions, table_metadata
from quynhon_crawler.store.recipes import Recipe
from tests.store.conftest import Archive
from tests.store.world import HOME, OLD, capture, reading

DOCS = Path(__file__).parents[2] / "docs"


def test_the_schema_page_is_up_to_date(archive: Archive) -> None:
    printed = schema_page.page(archive.store.connection)
    assert (DOCS / "schema.md").read_text("utf-8") == printed, "python -m quynhon_crawler.store.schema_page"


def test_the_queries_page_is_up_to_date() -> None:
    assert (DOCS / "queries.md").read_text("utf-8") == recipes.page(), (
        "python -m quynhon_crawler.store.recipes"
    )


def test_every_table_and_column_is_described(archive: Archive) -> None:
    views = [name for (name,) in archive.rows("SELECT name FROM sqlite_master WHERE type = 'view'")]
    tables = [
        *public_tables(archive.store.connection),
        *(name for name in views if name != "articles_search"),
    ]
    assert sorted(descriptions()) == sorted(tables)
    for table, said in descriptions().items():
        columns = [name for (name,) in archive.rows("SELECT name FROM pragma_table_info(?)", table)]
        assert list(said.columns) == columns, table
        assert all(text for pair in [said.text, *said.columns.values()] for text in pair)
        assert said.label is None or said.label in columns
        # What only repeats the name explains nothing.
        texts = {name.replace("_", " "): text.lower() for name, (_, text) in said.columns.items()}
        assert not [name for name, text in texts.items() if text == name]


def test_datasette_gets_them_in_vietnamese() -> None:
    tables = table_metadata()
    assert tables["articles"]["label_column"] == "title"
    assert tables["articles"]["columns"]["lead"] == "Sapo (đoạn mở đầu)"
    assert tables["articles_search"] == {"hidden": True}


CONTRACT = {
    "portals": "id name home_url system rights",
    "sections": "id portal_id title url parent_id",
    "articles": "id portal_id section_id kind url title lead body body_html byline author_id source"
    " published_at published_meta event_date language word_count first_seen_at last_seen_at changed_at"
    " gone_at version capture_id",
    "article_versions": "article_id version seen_at capture_id title lead body byline published_at",
    "authors": "id name unit_code unit_name byline",
    "images": "id article_id position url code code_event code_month code_number caption alt original_name"
    " uploaded_at width height media_type bytes sha256 capture_id",
    "attachments": "id article_id url title media_type bytes sha256 capture_id",
    "documents": "id portal_id number kind issued_on issuer signer abstract url attachment_url capture_id",
    "captures": "id url url_key captured_at method status media_type record_type body_sha256 bytes truncated"
    " warc_file warc_offset warc_length warc_record_id crawl_id",
    "crawls": "id portal_id mode started_at finished_at outcome requests bytes articles_new articles_changed"
    " articles_gone failures listed_total listed_captured",
    "failures": "url capture_id stage error seen_at",
    "takedowns": "url reason at",
    "tags": "id",
    "article_tags": "article_id tag_id",
}


@pytest.mark.parametrize("table", CONTRACT)
def test_the_names_that_others_rely_on_are_there(archive: Archive, table: str) -> None:
    columns = {name for (name,) in archive.rows("SELECT name FROM pragma_table_info(?)", table)}
    assert set(CONTRACT[table].split()) <= columns


def test_every_link_between_tables_is_declared(archive: Archive) -> None:
    # Numbers of addresses and of files that may never have been captured.
    loose = {"url_id", "file_id", "picture_id", "attachment_id", "warc_record_id", "list_id"}
    for table in public_tables(archive.store.connection):
        declared = {name for (name,) in archive.rows('SELECT "from" FROM pragma_foreign_key_list(?)', table)}
        columns = {name for (name,) in archive.rows("SELECT name FROM pragma_table_info(?)", table)}
        assert {name for name in columns if name.endswith("_id")} - loose == declared, table


@pytest.fixture
def rich(archive: Archive) -> Archive:
    """Something of everything that the recipes ask for."""
    image = Image(0, f"{HOME}upload/a.jpg", code="HNBCH082019001", code_event="HNBCH", code_month="2019-08")
    page = reading(images=(image,), attachments=(Attachment(f"{HOME}upload/b.pdf"),))
    archive.see(capture(day=1), page)
    archive.see(capture(f"{OLD}bai-1.aspx", day=1), reading(f"{OLD}bai-1.aspx", images=(image,)))
    for day, url in ((1, "a.jpg"), (2, "b.pdf")):
        file = capture(f"{HOME}upload/{url}", day=day, body_sha256="0" * 64)
        archive.store.add_file(file, width=None, height=None)
    archive.see(capture(f"{HOME}bai-2", day=1), reading(f"{HOME}bai-2"))
    archive.see(capture(f"{HOME}bai-2", day=2), reading(f"{HOME}bai-2", title="Đại hội"))
    archive.answered(capture(f"{HOME}bai-2", day=3, status=404))
    items = (ListingItem(f"{HOME}bai-2"),)
    listing = Listing(f"{HOME}tin-tuc", "25", 1, items, 1)
    documents = (Document(f"{HOME}vb/1", "1/QĐ", kind="Quyết định", issued_on="2019-08-27"),)
    archive.see(capture(f"{HOME}tin-tuc"), Reading("vhv", "listing", listing=listing, documents=documents))
    archive.store.add_failure(
        url=HOME, stage="fetch", error="500", seen_at="2026-01-01T00:00:00Z", capture_id=None
    )
    archive.store.commit()
    return archive


@pytest.mark.parametrize("recipe", recipes.recipes(), ids=lambda recipe: recipe.english)
def test_every_recipe_answers(rich: Archive, recipe: Recipe) -> None:
    assert rich.store.connection.execute(recipe.sql, recipe.values).fetchall()
