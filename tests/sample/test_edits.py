"""The newsroom at work while the portal runs: edits, removals, new articles."""

from collections.abc import Iterator

import pytest

from quynhon_crawler.sample import SamplePortal
from tests.sample.client import fetch


@pytest.fixture
def portal() -> Iterator[SamplePortal]:
    with SamplePortal(articles=60) as running:
        yield running


def test_edit_changes_text_and_validators(portal: SamplePortal) -> None:
    article = portal.truth.articles[5]
    before = fetch(portal, article.url)
    edited = portal.edit(article, title="Tiêu đề đã sửa", append="Đoạn viết thêm.")
    after = fetch(portal, article.url)
    assert edited.url == article.url
    assert edited.title == "Tiêu đề đã sửa"
    assert edited.body == article.body + "\n\nĐoạn viết thêm."
    assert "Đoạn viết thêm." in after.text
    assert "Tiêu đề đã sửa" in after.text
    assert before.header("ETag") != after.header("ETag")
    assert before.header("Last-Modified") != after.header("Last-Modified")
    assert fetch(portal, article.url, If_None_Match=before.header("ETag") or "").status == 200
    assert fetch(portal, article.url, If_Modified_Since=before.header("Last-Modified") or "").status == 200
    assert portal.truth.article(article.url) == edited


def test_edit_leaves_the_other_pages_alone(portal: SamplePortal) -> None:
    one, other = portal.truth.articles[5:7]
    before = fetch(portal, other.url)
    portal.edit(one, title="Tiêu đề đã sửa")
    assert fetch(portal, other.url, If_None_Match=before.header("ETag") or "").status == 304


def test_removed_article_is_gone_from_page_and_lists(portal: SamplePortal) -> None:
    article = portal.truth.articles[0]
    section = article.sections[-1].url
    total = next(one.total for one in portal.truth.listings if one.url == section)
    portal.remove(article)
    assert fetch(portal, article.url).status == 404
    left = next(one for one in portal.truth.listings if one.url == section)
    assert left.total == total - 1
    assert article.url not in left.items
    assert portal.truth.article(article.url) is None
    with pytest.raises(KeyError):
        portal.remove(article)


def test_added_article_is_on_top_of_its_section(portal: SamplePortal) -> None:
    listing = fetch(portal, "/kinh-te")
    added = portal.add_article("/kinh-te")
    assert fetch(portal, added.url).status == 200
    top = next(one for one in portal.truth.listings if one.url == f"{portal.base}/kinh-te").items[0]
    assert top == added.url
    assert portal.truth.article(added.url) == added
    after = fetch(portal, "/kinh-te", If_Modified_Since=listing.header("Last-Modified") or "")
    assert after.status == 200
    assert added.url.removeprefix(portal.base) in after.text


def test_pictures_of_an_added_article_are_there(portal: SamplePortal) -> None:
    added = [portal.add_article() for _ in range(8)]
    images = [image.url for article in added for image in article.images]
    assert images
    assert {fetch(portal, url).status for url in images} == {200}


def test_unknown_section_is_refused(portal: SamplePortal) -> None:
    with pytest.raises(KeyError):
        portal.add_article("/no-such-section")
