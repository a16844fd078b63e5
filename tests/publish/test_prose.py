"""An article's body, written again: what stays, what goes, where pictures stand."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from quynhon_crawler.publish.lookup import Picture
from quynhon_crawler.publish.prose import paragraphs, render, safe_link


def picture(position: int = 0, url: str = "http://h.vn/a.jpg", caption: str | None = None) -> Picture:
    return Picture(position, url, "a.jpg", 1, caption, None, None, None, None, None, "00")


def figure(shown: Picture) -> Markup:
    return Markup("<figure>{}</figure>").format(shown.position)


def rendered(html: str, *pictures: Picture, byline: str | None = None) -> str:
    body, _ = render(html, pictures, figure, byline=byline)
    return "".join(line.strip() for line in str(body).splitlines())


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a</p><p>b</p>", "<p>a</p><p>b</p>"),
        ("a<br><br>b", "<p>a</p><p>b</p>"),
        ("<p>a<br>b</p>", "<p>a<br>b</p>"),
        ("<div><div>a</div><div>b</div></div>", "<p>a</p><p>b</p>"),
        ("<p><b>a</b> <i>b</i></p>", "<p><strong>a</strong> <em>b</em></p>"),
        ("<p class=MsoNormal style='color:red'>a<o:p></o:p></p>", "<p>a</p>"),
        ("<p>&nbsp;</p><p></p><p>a &lt; b</p>", "<p>a &lt; b</p>"),
        ("<h1>a</h1><h4>b</h4>", "<h3>a</h3><h4>b</h4>"),
        ("<ul><li>a<li>b</ul>", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        (
            "<p><a href='http://h.vn/'>a</a></p>",
            '<p><a href="http://h.vn/" rel="nofollow noopener">a</a></p>',
        ),
        ("<p><a href='javascript:x'>a</a></p>", "<p>a</p>"),
        ("<b><b>a</b></b>", "<p><strong>a</strong></p>"),
        (
            "<table><tr><td colspan=2 onclick=x>a</td></tr></table>",
            '<table><tbody><tr><td colspan="2"><p>a</p></td></tr></tbody></table>',
        ),
    ],
)
def test_markup_is_written_again(html: str, expected: str) -> None:
    assert rendered(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<img src='http://h.vn/a.jpg'>b</p>", "<p>a</p><figure>0</figure><p>b</p>"),
        (
            "<p><b>a<img src='http://h.vn/a.jpg'>b</b></p>",
            "<p><strong>a</strong></p><figure>0</figure><p><strong>b</strong></p>",
        ),
        ("<p><img src='https://www.h.vn/a.jpg'></p>", "<figure>0</figure>"),
        ("<p><img src='http://h.vn/thumbnail/100x100/A.JPG'></p>", "<figure>0</figure>"),
        ("<p><img src='http://elsewhere.vn/b.jpg'>a</p>", "<p>a</p>"),
        ("<p><img>a</p>", "<p>a</p>"),
    ],
)
def test_pictures_stand_where_they_stood(html: str, expected: str) -> None:
    assert rendered(html, picture()) == expected


def test_the_same_picture_twice_is_two_pictures() -> None:
    twice = "<img src='http://h.vn/a.jpg'><img src='http://h.vn/a.jpg'>"
    assert rendered(twice, picture(0), picture(1)) == "<figure>0</figure><figure>1</figure>"


@pytest.mark.parametrize(
    "html",
    [
        "<p><img src='http://h.vn/a.jpg'></p><p><em>Quang  cảnh</em></p><p>a</p>",
        "<figure><img src='http://h.vn/a.jpg'><figcaption>Quang cảnh</figcaption></figure><p>a</p>",
        "<table><tr><td><img src='http://h.vn/a.jpg'></td></tr><tr><td>Quang cảnh</td></tr></table><p>a</p>",
    ],
)
def test_a_caption_is_said_once(html: str) -> None:
    assert rendered(html, picture(caption="Quang cảnh")) == "<figure>0</figure><p>a</p>"


def test_the_byline_is_said_once() -> None:
    assert rendered("<p>a</p><p><b>Linh_VPTU</b></p>", byline="Linh_VPTU") == "<p>a</p>"


@pytest.mark.parametrize(
    "html", ["<div>" * 20_000 + "a", "<b>" * 20_000 + "a", "<table><tr><td>" * 3_000 + "a"]
)
def test_deep_nesting_is_no_danger(html: str) -> None:
    start = time.process_time()
    assert "a" in rendered(html)
    assert time.process_time() - start < 2


@given(st.text(alphabet="<>/=\"' abcimgscriptonload&;:#", max_size=200))
def test_no_input_brings_its_own_elements(html: str) -> None:
    text = rendered(html)
    for forbidden in ("<script", "<img", " onload", "<svg", "<iframe"):
        assert forbidden not in text


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", " JavaScript:x", "java\tscript:x", "data:text/html,x", "//h.vn/", "/x"]
    + ["vbscript:x", "http:///x", "http://[", "", None],
)
def test_addresses_that_are_never_linked(address: str | None) -> None:
    assert safe_link(address) is None


def test_plain_paragraphs_are_escaped() -> None:
    assert paragraphs("a < b\n\nc\nd") == "<p>a &lt; b</p>\n<p>c<br>d</p>\n"
