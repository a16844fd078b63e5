"""One thing under many names: articles, pictures, people, documents."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from quynhon_crawler.extract.images import image_code
from quynhon_crawler.model import Author, Document, Image, Listing, ListingItem, Reading, Section, stable_id
from quynhon_crawler.store import Store, completeness
from quynhon_crawler.urls import url_key
from tests.store.conftest import Archive
from tests.store.world import ADDRESS, HOME, OLD, article, capture, reading

LIST = f"{HOME}tin-tuc"


@pytest.mark.parametrize(
    "other",
    [
        "http://quynhon.example/tin-tuc/bai-1.html",
        "https://www.quynhon.example/tin-tuc/bai-1.html",
        "https://quynhon.example/tin-tuc/bai-1.html?utm_source=zalo&fbclid=x",
    ],
)
def test_spellings_of_an_address_are_one_article(archive: Archive, other: str) -> None:
    archive.see(capture(ADDRESS, day=1), reading(ADDRESS))
    archive.see(capture(other, day=2), reading(other))
    assert archive.one("count(*)") == 1
    assert archive.one("id") == stable_id(url_key(ADDRESS))


def test_a_canonical_link_makes_addresses_one_article(archive: Archive) -> None:
    archive.see(capture(ADDRESS, day=1), reading())
    archive.see(capture(f"{HOME}in/bai-1", day=2), reading())
    assert archive.rows("SELECT url FROM article_urls ORDER BY first_seen_at") == [
        (ADDRESS,),
        (f"{HOME}in/bai-1",),
    ]


def test_a_move_to_the_next_generation_is_a_declared_pair(archive: Archive) -> None:
    old, spaced = f"{OLD}bai-1.aspx", article().body.replace(" ", "  ")
    archive.see(capture(old, day=1), reading(old, body=spaced, published_at="2019-08-27T00:00:00+07:00"))
    archive.see(capture(day=2), reading())
    assert archive.rows(
        """SELECT a.url, b.url FROM same_as p JOIN articles a ON a.id = p.article_id
            JOIN articles b ON b.id = p.same_as_id"""
    ) == [(ADDRESS, old)]


@pytest.mark.parametrize(
    "differing",
    [{"title": "Đại hội"}, {"published_at": "2019-08-28T15:04:00+07:00"}, {"body": "Ngắn."}],
)
def test_a_pair_needs_title_day_and_text(archive: Archive, differing: dict[str, str]) -> None:
    old = f"{OLD}bai-1.aspx"
    archive.see(capture(old, day=1), reading(old, **differing))
    archive.see(capture(day=2), reading(body=differing.get("body", article().body)))
    assert archive.one("count(*)", "same_as") == 0


def test_a_pair_ends_when_one_of_them_changes(archive: Archive) -> None:
    old = f"{OLD}bai-1.aspx"
    archive.see(capture(old, day=1), reading(old))
    archive.see(capture(day=2), reading())
    assert archive.one("count(*)", "same_as") == 1
    archive.see(capture(old, day=3), reading(old, title="Đại hội"))
    assert archive.one("count(*)", "same_as") == 0


def test_a_picture_is_one_under_the_names_of_two_generations(archive: Archive) -> None:
    uploaded = "2019-08-30T13:46:56+07:00"
    names = [
        f"{OLD}damthinai01_637027696164871909.jpg",
        f"{HOME}upload/105285/20230906/2d4dda700e5700b0778eb95b8156cd98damthinai01_637027696164871909_74de1.jpg",
    ]
    for day, url in enumerate(names, 1):
        shown = Image(0, url, original_name="damthinai01.jpg", uploaded_at=uploaded)
        page = f"{HOME}bai-{day}"
        archive.see(capture(page, day=day), reading(page, images=(shown,)))
    assert archive.rows(
        "SELECT count(*), count(DISTINCT picture_id), count(DISTINCT file_id) FROM images"
    ) == [(2, 1, 2)]


def test_a_picture_is_one_however_its_code_is_written(archive: Archive) -> None:
    codes = ("HNBCH082019001", "hnbch_08_2019_001", "HNBCH-082019-001", "HNBCH082019002")
    for at, text in enumerate(codes):
        code = image_code(text)
        assert code is not None
        page, url = f"{HOME}bai-{at}", f"{HOME}upload/{at}.jpg"
        shown = Image(0, url, code=code.code, code_event=code.event, code_month=code.month)
        archive.see(capture(page, day=at + 1), reading(page, images=(shown,)))
    assert archive.rows("SELECT count(*) FROM images GROUP BY picture_id ORDER BY 1") == [(1,), (3,)]


def test_common_names_are_different_pictures(archive: Archive) -> None:
    images = tuple(Image(at, f"{HOME}{at}/1.jpg", original_name="1.jpg") for at in range(2))
    archive.see(capture(), reading(images=images))
    assert archive.one("count(DISTINCT picture_id)", "images") == 2


@pytest.mark.parametrize("file_first", [True, False])
def test_a_file_meets_the_article_that_shows_it(archive: Archive, file_first: bool) -> None:
    file = capture(f"{HOME}upload/a.jpg", day=1, media_type="image/jpeg")
    if file_first:
        archive.store.add_file(file, width=800, height=500)
    archive.see(capture(day=2), reading())
    if not file_first:
        assert archive.rows("SELECT width, sha256 FROM images") == [(600, None)]
        archive.store.add_file(file, width=800, height=500)
        archive.store.commit()
    assert archive.rows("SELECT width, height, media_type, bytes, sha256, capture_id FROM images") == [
        (800, 500, "image/jpeg", file.bytes, file.body_sha256, file.id)
    ]


def test_two_ways_to_write_a_name_and_its_unit_are_one_author(archive: Archive) -> None:
    for day, byline in enumerate(("Linh_VPTU", "Bài, ảnh: Linh - VPTU"), 1):
        page = f"{HOME}bai-{day}"
        author = Author(byline, "Linh", "VPTU", "Văn phòng Thành ủy")
        archive.see(capture(page, day=day), reading(page, byline=byline, author=author))
    assert archive.rows("SELECT name, unit_code, byline FROM authors") == [("Linh", "VPTU", "Linh_VPTU")]


@pytest.mark.parametrize("list_first", [True, False])
def test_a_listing_names_the_writer_that_the_page_does_not(archive: Archive, list_first: bool) -> None:
    page = (capture(day=1), reading(byline=None, author=None))
    items = (ListingItem(ADDRESS, "Hội nghị", "Thu Hà_VPTU"),)
    listed = (
        capture(LIST, day=2, method="POST"),
        Reading("vhv", "listing", listing=Listing(LIST, "25", 1, items)),
    )
    for arrival in (listed, page) if list_first else (page, listed):
        archive.see(*arrival)
    assert archive.rows(
        """SELECT a.byline, a.byline_from, au.name, au.unit_code, a.version
            FROM articles a JOIN authors au ON au.id = a.author_id"""
    ) == [("Thu Hà_VPTU", "listing", "Thu Hà", "VPTU", 1)]


def test_the_page_itself_names_the_writer_first(archive: Archive) -> None:
    items = (ListingItem(ADDRESS, author="Thu Hà"),)
    archive.see(capture(LIST, day=2), Reading("vhv", "listing", listing=Listing(LIST, "25", 1, items)))
    archive.see(capture(day=1), reading())
    assert archive.rows("SELECT byline, byline_from FROM articles") == [("Linh_VPTU", "page")]


def test_list_and_detail_page_tell_one_document(archive: Archive) -> None:
    url = f"{HOME}vb/12"
    listed = Document(url, "12/QĐ-UBND", issued_on="2019-08-27", attachment_url=f"{HOME}upload/12.pdf")
    archive.see(capture(LIST, day=2), Reading("vhv", "listing", documents=(listed,)))
    archive.see(
        capture(url, day=1), Reading("vhv", "document", documents=(Document(url, "12/QĐ-UBND", signer="A"),))
    )
    assert archive.rows("SELECT number, issued_on, signer, capture_id FROM documents") == [
        ("12/QĐ-UBND", "2019-08-27", "A", capture(LIST, day=2).id)
    ]


def test_documents_without_pages_of_their_own_stay_apart(archive: Archive) -> None:
    documents = tuple(Document(LIST, f"{number}/QĐ-UBND") for number in (1, 2))
    archive.see(capture(LIST), Reading("vhv", "listing", documents=documents))
    assert archive.one("count(*)", "documents") == 2


def test_a_section_takes_the_title_of_the_newest_page(archive: Archive) -> None:
    for day, title in ((2, "Tin mới"), (1, "Tin cũ")):
        page = f"{HOME}bai-{day}"
        archive.see(capture(page, day=day), reading(page, sections=(Section(title, LIST),)))
    assert archive.rows("SELECT title FROM sections") == [("Tin mới",)]


def test_completeness_is_measured_against_the_portals_own_total(archive: Archive) -> None:
    items = tuple(ListingItem(f"{HOME}tin-tuc/bai-{number}.html") for number in (1, 2))
    listing = Listing(LIST, "25", 1, items, total_items=3)
    archive.see(capture(LIST, day=1), Reading("vhv", "listing", listing=listing))
    archive.see(capture(day=2), reading())
    totals = archive.store.crawl_totals("thu-nghiem", archive.portal_id)
    assert (totals["listed_total"], totals["listed_captured"]) == (3, 1)


def test_what_a_list_held_once_does_not_stand_for_what_is_missing(archive: Archive) -> None:
    """Item 1 is here and was removed from the list since; item 2 is in it and not here."""

    def look(day: int, *numbers: int) -> None:
        items = tuple(ListingItem(f"{HOME}tin-tuc/bai-{number}.html") for number in numbers)
        listing = Listing(LIST, "25", 1, items, total_items=len(numbers))
        archive.see(capture(LIST, day=day), Reading("vhv", "listing", listing=listing))

    look(1, 1)
    archive.see(capture(day=2), reading())
    look(3, 2)
    (row,) = completeness(archive.store.connection)
    assert (row["listed_total"], row["listed"], row["captured"]) == (1, 1, 0)


def test_one_spelling_of_a_typed_home_page_stays_in_any_order(tmp_path: Path) -> None:
    """A rebuild meets the crawls of one portal in another order than they were made in."""
    spelled = ("http://quynhon.example", "https://www.quynhon.example/", "https://quynhon.example/")

    def put(archive: Archive, url: str, *, chosen: bool = False) -> str:
        archive.store.put_portal(name="Quy Nhơn", home_url=url, system=None, rights=None, chosen=chosen)
        archive.store.commit()
        return str(archive.rows("SELECT home_url FROM portals")[0][0])

    for number, order in enumerate(permutations(spelled)):
        with Store.open(tmp_path / f"{number}.db", create=True) as store:
            archive = Archive(store, 0)
            assert [put(archive, url) for url in order][-1] == "https://quynhon.example/"
            assert put(archive, spelled[0], chosen=True) == spelled[0]  # as archive.toml writes it
