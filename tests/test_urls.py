"""Addresses: one spelling, one key."""

from __future__ import annotations

import pytest
import surt
from hypothesis import given
from hypothesis import strategies as st

from quynhon_crawler.urls import absolute, canonical, host_of, url_key

PAGE = "https://quynhon.gov.vn/tin-tuc/bai-1.html"


@pytest.mark.parametrize(
    "other",
    [
        "http://quynhon.gov.vn/tin-tuc/bai-1.html",
        "https://www.quynhon.gov.vn/tin-tuc/bai-1.html",
        "https://quynhon.gov.vn:443/tin-tuc/bai-1.html#binh-luan",
        "https://quynhon.gov.vn/tin-tuc/bai-1.html?utm_source=zalo&fbclid=abc",
        "https://quynhon.gov.vn/tin-tuc/bai-1.html;jsessionid=12AB",
    ],
)
def test_addresses_of_one_page_have_one_key(other: str) -> None:
    assert url_key(other) == url_key(PAGE)


def test_other_parameters_tell_pages_apart() -> None:
    assert url_key(PAGE + "?id=1") != url_key(PAGE + "?id=2")


def test_the_key_sorts_hosts_from_the_top_level_down() -> None:
    assert url_key(PAGE) == "vn,gov,quynhon)/tin-tuc/bai-1.html"


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("/upload/ảnh đẹp (1).jpg", "https://quynhon.gov.vn/upload/%E1%BA%A3nh%20%C4%91%E1%BA%B9p%20(1).jpg"),
        ("/upload/%E1%BA%A3nh.jpg", "https://quynhon.gov.vn/upload/%E1%BA%A3nh.jpg"),
        ("bai-2.html#dau", "https://quynhon.gov.vn/tin-tuc/bai-2.html"),
        ("//cdn.example.vn/a.css", "https://cdn.example.vn/a.css"),
    ],
)
def test_references_become_addresses(reference: str, found: str) -> None:
    assert absolute(PAGE, reference) == found


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "#top",
        "javascript:void(0)",
        "mailto:a@b.vn",
        "data:,x",
        "http://[::1",
        "ftp://h/x",
        "http://h:99999/",
    ],
)
def test_what_cannot_be_asked_for_is_none(reference: str) -> None:
    assert absolute(PAGE, reference) is None


def test_canonical_keeps_the_scheme_so_that_it_can_be_asked_for() -> None:
    assert canonical("http://www.h.vn/a?b=1&utm_medium=x#c") == "http://www.h.vn/a?b=1"


def test_hosts_with_another_port_are_other_hosts() -> None:
    assert host_of("http://www.H.vn:8080/") == "h.vn:8080"
    assert host_of("https://www.h.vn:443/") == host_of("http://h.vn/") == "h.vn"


@given(
    st.from_regex(
        r"https?://(www2?\.)?([aA1-]{1,3}\.){1,2}(com\.vn|VN|gov)(/[a-zA-Z0-9_.-]{0,4}){0,3}/?",
        fullmatch=True,
    )
)
def test_the_quick_way_to_a_key_is_the_general_one(url: str) -> None:
    assert url_key(url) == surt.surt(canonical(url))
