"""The firewall's cookie page: never content, answered only by leave, on robots.txt and in mid-crawl alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from quynhon_crawler.crawl.challenge import Firewall, cookie_of
from quynhon_crawler.errors import FetchError
from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import archive, ask, assert_level, stored
from tests.crawl.run_crawl import quynhon

HEX = "5f0a1b2c3d4e5f60718293a4b5c6d7e8"
PAGE = (
    f'<html><body><script>document.cookie="D1N={HEX}"+"; expires=Fri, 31 Dec 2099 23:59:59 GMT; path=/";'
    "window.location.reload(true);</script></body></html>"
).encode()
LEAVE = "min_free = 0\naccept_cookie_challenge = true\n"


@pytest.mark.parametrize(
    "page",
    [
        PAGE,
        PAGE.replace(b'"', b"'"),
        PAGE.replace(b'"D1N=', b'"D1N" + "='),
        b"\xef\xbb\xbf \n" + PAGE + b"\n",
    ],
    ids=["as seen", "single quotes", "in pieces", "with a mark before it"],
)
def test_the_page_is_known(page: bytes) -> None:
    assert cookie_of(page) == ("D1N", HEX)


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"User-agent: *\nDisallow:\n",
        b'<script>document.cookie="a=1"</script>',
        b"<script>location.reload()</script>",
        b"<p>" + b"tin " * 1000 + PAGE,
        b'<script>document.cookie=name+"=1";location.reload()</script>',
        b'document.cookie="' + b"a" * 2000 + b'=";location.reload()',
    ],
)
def test_other_pages_are_not(page: bytes) -> None:
    assert cookie_of(page) is None


def test_the_cookie_goes_to_its_host_beside_others() -> None:
    firewall = Firewall(accept=True)
    firewall.meet("https://a.vn/robots.txt", ("D1N", "1"))
    assert firewall.header("https://a.vn/", "PHPSESSID=x; D1N=old") == "PHPSESSID=x; D1N=1"
    assert firewall.header("https://b.vn/", "x=1") == "x=1"
    firewall.meet("https://a.vn/", ("D1N", "2"))  # it may change in mid-crawl
    with pytest.raises(FetchError, match="goes on asking"):
        firewall.meet("https://a.vn/", ("D1N", "2"))


def test_without_leave_the_crawl_stops_at_once_and_says_what_to_set(tmp_path: Path) -> None:
    with SamplePortal(articles=3) as portal:
        portal.fault("/", "cookie")
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
        assert [one.target for one in portal.exchanges] == ["/robots.txt"]
    assert done.returncode == 1
    assert "set accept_cookie_challenge = true" in done.stderr
    assert ask(tmp_path, "count(*)", "articles") == [(0,)]


def test_with_leave_the_crawl_goes_on_and_finds_everything(tmp_path: Path) -> None:
    with SamplePortal(articles=3) as portal:
        portal.fault("/", "cookie")
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path, LEAVE))
        answers = [one.response for one in portal.exchanges]
        assert {a.url for a in portal.truth.articles} == {url for (url,) in ask(tmp_path, "url", "articles")}
    assert done.returncode == 0, done.stderr
    (page,) = [answer for answer in answers if b"document.cookie" in answer]
    # what came is kept, the firewall's page too, and taken for no page
    assert [item.record.block for item in stored(tmp_path)].count(page) == 1
    assert_level(tmp_path)


def test_in_mid_crawl_what_was_asked_for_is_asked_again_by_the_next_crawl(tmp_path: Path) -> None:
    folder = archive(tmp_path)
    with SamplePortal(articles=3) as portal:
        portal.fault("/gioi-thieu", "cookie")
        stopped = quynhon("crawl", portal.url, "--archive", folder)
        assert stopped.returncode == 1
        assert "firewall" in stopped.stderr
        assert_level(tmp_path)
        portal.heal()
        done = quynhon("crawl", portal.url, "--archive", folder)
        assert {a.url for a in portal.truth.articles} == {url for (url,) in ask(tmp_path, "url", "articles")}
    assert done.returncode == 0, done.stderr
    again = [
        e for e in portal.exchanges if e.target == "/gioi-thieu" and b"document.cookie" not in e.response
    ]
    assert [e.status for e in again] == [200]


def test_a_firewall_that_is_never_content_stops_the_crawl(tmp_path: Path) -> None:
    with SamplePortal(articles=3) as portal:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE)
        portal.fault("/", "raw", raw=head + PAGE)
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path, LEAVE))
        assert len(portal.exchanges) == 2
    assert done.returncode == 1
    assert "goes on asking although its cookie D1N was sent" in done.stderr


def test_cookies_are_sent_and_stay_out_of_the_records_where_that_is_the_policy(tmp_path: Path) -> None:
    with SamplePortal(articles=3) as portal:
        portal.fault("/", "cookie")
        more = LEAVE + 'withhold = "cookies"\n'
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path, more), "--limit", "5")
        sent = [one.request for one in portal.exchanges if b"\r\nCookie: " in one.request]
    assert "limit" in done.stdout, done.stderr
    kept = [item.request for item in stored(tmp_path) if item.request]
    assert sent
    assert [request for request in kept if b"\nCookie:" in request.block] == []
    assert [r.headers.get("x-quynhon-removed") for r in kept].count("Cookie") == len(sent)
    assert_level(tmp_path)
