"""The trap of the VHV listing: links alone show 12 articles, only the right POST shows the rest."""

import base64
import json
import re
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from quynhon_crawler.sample import SamplePortal
from tests.sample.client import Got, fetch

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
CALL = re.compile(r"decode64\('([^']+)'\)\),(\{[^}]+\})\),'Content\.Listing', \{([^}]+)\}")


def calls(html: str) -> list[tuple[dict, dict, str]]:
    return [
        (json.loads(base64.b64decode(packed)), json.loads(place), options)
        for packed, place, options in CALL.findall(html)
    ]


def main_list(html: str) -> tuple[dict, dict]:
    return next(
        (settings, place) for settings, place, _ in calls(html) if settings.get("hasPagination") == "1"
    )


def redraw(
    portal: SamplePortal, path: str, page_no: int, per_page: int = 12, content_type: str = FORM
) -> Got:
    settings, place = main_list(fetch(portal, path).text)
    form = settings | place | {"pageNo": page_no, "itemsPerPage": per_page, "_t": 1}
    number = place["id"]
    target = (
        f"/?module=Content.Listing&moduleId={number}&cmd=redraw&site=105285&url_mode=rewrite&submitFormId={number}"
        f"&moduleId={number}&page={place['page']}&site=105285"
    )
    headers = {"Content_Type": content_type} if content_type else {}
    return fetch(
        portal, target, "POST", urlencode(form).encode(), X_Requested_With="XMLHttpRequest", **headers
    )


def links(html: str) -> list[str]:
    soup = BeautifulSoup(html, "lxml")
    return [
        a["href"] for a in soup.select("article.article-news a.article-title, td.law-number a.article-title")
    ]


def main_links(portal: SamplePortal, path: str) -> list[str]:
    return links(str(BeautifulSoup(fetch(portal, path).text, "lxml").select_one(".col-left")))


def test_first_page_holds_twelve_items(portal: SamplePortal) -> None:
    assert len(main_links(portal, "/kinh-te")) == 12


def test_page_parameter_in_the_address_answers_page_one_again(portal: SamplePortal) -> None:
    assert main_links(portal, "/kinh-te?page=2") == main_links(portal, "/kinh-te")


def test_pager_is_empty_and_filled_by_script(portal: SamplePortal) -> None:
    assert '<div id="pagination29" class="default-pagination"></div>' in fetch(portal, "/kinh-te").text


def test_script_tells_the_parameters_of_the_list(portal: SamplePortal) -> None:
    settings, place = main_list(fetch(portal, "/kinh-te").text)
    assert settings["itemsPerPage"] == "12"
    assert settings["type"] == "Article.News"
    assert settings["service"] == "Content.Article.selectAll"
    assert place["page"] == "Article.News.list"
    assert place["moduleParentId"] == "12"


def test_side_bar_lists_have_no_pager(portal: SamplePortal) -> None:
    found = calls(fetch(portal, "/kinh-te").text)
    assert len(found) == 6
    assert sum("hasPagination" in settings for settings, _, _ in found) == 1


def test_post_walks_the_list_to_its_total(portal: SamplePortal) -> None:
    for listing in portal.truth.listings:
        path = listing.url.removeprefix(portal.base)
        settings, _ = main_list(fetch(portal, path).text)
        assert settings["totalItems"] == listing.total == len(listing.items)
        found: list[str] = []
        for page_no in range(1, listing.total // 100 + 2):
            found += links(redraw(portal, path, page_no, 100).text)
        assert [portal.base + href for href in found] == list(listing.items), path


def test_past_the_end_the_fragment_holds_no_items(portal: SamplePortal) -> None:
    answer = redraw(portal, "/kinh-te", 99)
    assert answer.status == 200
    assert links(answer.text) == []


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json"])
def test_without_the_content_type_page_one_comes_silently(portal: SamplePortal, content_type: str) -> None:
    answer = redraw(portal, "/kinh-te", 2, content_type=content_type)
    assert answer.status == 200
    assert links(answer.text) == main_links(portal, "/kinh-te")


def test_a_hundred_items_a_page_are_the_most(portal: SamplePortal) -> None:
    assert len(links(redraw(portal, "/tin-tuc-su-kien", 1, 40).text)) == 40
    total = len(next(one for one in portal.truth.listings if one.url.endswith("/van-hoa-xa-hoi")).items)
    assert len(links(redraw(portal, "/van-hoa-xa-hoi", 1, 500).text)) == min(100, total)


@pytest.mark.parametrize(
    ("page_no", "per_page"), [("0", "0"), ("-3", "x"), ("99999999999", "12"), ("²", "²")]
)
def test_nonsense_numbers_answer_something(portal: SamplePortal, page_no: str, per_page: str) -> None:
    settings, _ = main_list(fetch(portal, "/kinh-te").text)
    form = urlencode(
        {"categoryId": settings["categoryId"], "pageNo": page_no, "itemsPerPage": per_page}
    ).encode()
    assert (
        fetch(portal, "/?module=Content.Listing&moduleId=29", "POST", form, Content_Type=FORM).status == 200
    )


def test_listing_tells_writers_that_no_page_tells(portal: SamplePortal) -> None:
    truth = portal.truth
    only_listed = [
        a for a, page in zip(truth.articles, truth.pages, strict=True) if a.byline and not page.byline
    ]
    assert len(only_listed) > 10
    soup = BeautifulSoup(redraw(portal, "/kinh-te", 1, 100).text, "lxml")
    hidden = {
        portal.base + item.select_one("a.article-title")["href"]: item.select_one("span.artile-author").text
        for item in soup.select("article.article-news")
    }
    checked = [article for article in only_listed if article.url in hidden]
    assert checked
    assert all(hidden[article.url] == article.byline for article in checked)


def test_json_listing_is_closed_unless_opened(portal: SamplePortal) -> None:
    target, form = "/api/Content/Article/selectAll", b"pageNo=1&itemsPerPage=5"
    assert fetch(portal, target, "POST", form, Content_Type=FORM).status == 403
    with SamplePortal(articles=30, api_open=True) as opened:
        settings, _ = main_list(fetch(opened, "/kinh-te").text)
        form = f"categoryId={settings['categoryId']}&pageNo=1&itemsPerPage=2".encode()
        answer = json.loads(fetch(opened, target, "POST", form, Content_Type=FORM).text)
        assert answer["totalItems"] == settings["totalItems"]
        assert len(answer["items"]) == 2
        assert all({"title", "rewriteURL", "publishTime"} == set(item) for item in answer["items"].values())


def test_an_unknown_post_is_not_found(portal: SamplePortal) -> None:
    assert fetch(portal, "/api/elsewhere", "POST", b"a=1", Content_Type=FORM).status == 404
