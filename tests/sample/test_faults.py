"""Each fault does what it says."""

import gzip
import socket
import time
from collections.abc import Iterator

import pytest

from quynhon_crawler.sample import Fault, SamplePortal
from tests.sample.client import fetch


@pytest.fixture(scope="module")
def running() -> Iterator[SamplePortal]:
    with SamplePortal(articles=20) as portal:
        yield portal


@pytest.fixture
def portal(running: SamplePortal) -> Iterator[SamplePortal]:
    yield running
    running.heal()
    running.forget_exchanges()


def read_to_end(sock: socket.socket) -> None:
    while sock.recv(65_536):
        pass


def length(answer) -> int:
    return int(answer.header("Content-Length"))


@pytest.mark.parametrize("status", ["500", "403", "404", "410"])
def test_status(portal: SamplePortal, status: str) -> None:
    portal.fault("/kinh-te", status)
    assert fetch(portal, "/kinh-te").status == int(status)
    assert fetch(portal, "/van-hoa-xa-hoi").status == 200


@pytest.mark.parametrize("status", ["429", "503"])
def test_retry_after_then_well(portal: SamplePortal, status: str) -> None:
    portal.fault("/kinh-te", status, times=2, seconds=7)
    answers = [fetch(portal, "/kinh-te") for _ in range(3)]
    assert [answer.status for answer in answers] == [int(status), int(status), 200]
    assert [answer.header("Retry-After") for answer in answers] == ["7", "7", None]


def test_cut_body(portal: SamplePortal) -> None:
    image = portal.truth.images[0]
    whole = fetch(portal, image)
    portal.fault("/upload/", "cut", share=0.25)
    answer = fetch(portal, image)
    assert length(answer) == length(whole)
    assert answer.wire_body == whole.body[: length(whole) // 4]
    assert portal.exchanges[-1].response == answer.raw
    assert not portal.exchanges[-1].complete


def test_reset_in_the_middle(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "reset")
    with socket.create_connection(("127.0.0.1", portal.port), timeout=10) as sock:
        sock.sendall(b"GET /kinh-te HTTP/1.1\r\nHost: h\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            read_to_end(sock)


@pytest.mark.parametrize(("kind", "lie"), [("length-long", 100), ("length-short", -100)])
def test_wrong_length(portal: SamplePortal, kind: str, lie: int) -> None:
    portal.fault("/kinh-te", kind)
    answer = fetch(portal, "/kinh-te")
    assert length(answer) == len(answer.wire_body) + lie
    assert answer.wire_body.endswith(b"</html>")
    assert answer.header("Transfer-Encoding") is None


def test_broken_chunk(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "broken-chunk")
    answer = fetch(portal, "/kinh-te")
    assert answer.header("Transfer-Encoding") == "chunked"
    size = int(answer.wire_body.partition(b"\r\n")[0], 16)
    assert (
        answer.wire_body[size + 2 :].lstrip(b"0123456789abcdef")[:2] == b"\r\n"
        or b"\r\nxyz\r\n" in answer.wire_body
    )


def test_slow(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "slow", seconds=0.3)
    start = time.monotonic()
    assert fetch(portal, "/kinh-te").status == 200
    assert time.monotonic() - start >= 0.3


def test_trickle(portal: SamplePortal) -> None:
    portal.fault("/robots.txt", "trickle", seconds=0.01, size=20)
    start = time.monotonic()
    assert fetch(portal, "/robots.txt").text.startswith("User-agent")
    assert time.monotonic() - start >= 0.06


def test_silent(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "silent")
    assert fetch(portal, "/kinh-te").raw == b""
    assert portal.exchanges[-1].status is None


def test_hang(portal: SamplePortal) -> None:
    portal.fault("/robots.txt", "hang", seconds=30)
    with pytest.raises(TimeoutError):
        fetch(portal, "/robots.txt", timeout=0.2)
    assert fetch(portal, "/kinh-te").status == 200


def test_cookie_page_until_the_cookie_comes(portal: SamplePortal) -> None:
    portal.fault("/", "cookie")
    first = fetch(portal, "/kinh-te")
    assert first.status == 200
    assert 150 <= len(first.body) <= 200
    assert first.body.startswith(b'<html><body><script>document.cookie="D1N=')
    cookie = first.text.split('"')[1]
    assert len(cookie) == len("D1N=") + 32
    assert b"D1N=" in fetch(portal, "/robots.txt").body
    assert "canonical" in fetch(portal, "/kinh-te", Cookie=cookie).text
    assert fetch(portal, "/kinh-te", Cookie="D1N=00000000000000000000000000000000").body == first.body


def test_soft_404(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "soft-404")
    answer = fetch(portal, "/kinh-te")
    assert (answer.status, "Không tìm thấy trang" in answer.text) == (200, True)


def test_maintenance(portal: SamplePortal) -> None:
    portal.fault("*", "maintenance")
    assert "bảo trì" in fetch(portal, "/van-hoa-xa-hoi").text


@pytest.mark.parametrize(("kind", "to"), [("redirect-home", "/"), ("redirect-loop", "/kinh-te")])
def test_redirects(portal: SamplePortal, kind: str, to: str) -> None:
    portal.fault("/kinh-te", kind)
    answer = fetch(portal, "/kinh-te")
    assert (answer.status, answer.header("Location")) == (302, portal.base + to)


def test_redirect_away(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "redirect-away")
    assert fetch(portal, "/kinh-te").header("Location") == "http://quynhon.example/"


def test_same_page_everywhere(portal: SamplePortal) -> None:
    home = fetch(portal, "/").body
    portal.fault("/", "same-page")
    assert fetch(portal, "/kinh-te").body == home == fetch(portal, "/no/such/page").body


def test_empty_and_binary(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "empty")
    assert fetch(portal, "/kinh-te").body == b""
    portal.fault("/kinh-te", "binary")
    answer = fetch(portal, "/kinh-te")
    assert answer.header("Content-Type") == "text/html; charset=utf-8"
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode()


def test_huge_html(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "huge")
    assert 19_900_000 < len(fetch(portal, "/kinh-te").body) <= 20_000_000


def test_deep_html(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "deep")
    assert fetch(portal, "/kinh-te").body.count(b"<div>") == 10_000


def test_oversized(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "oversized", size=3_000_000)
    assert length(fetch(portal, "/kinh-te")) == 3_000_000


def test_bomb(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "bomb", size=5_000_000)
    answer = fetch(portal, "/kinh-te")
    assert len(answer.wire_body) < 10_000
    assert len(gzip.decompress(answer.wire_body)) == 5_000_000


def test_header_flood(portal: SamplePortal) -> None:
    portal.fault("/kinh-te", "header-flood", size=300)
    assert fetch(portal, "/kinh-te").head.count(b"X-Flood-") == 300


def test_robots_forbids_all(portal: SamplePortal) -> None:
    portal.fault("/robots.txt", "robots-disallow")
    assert "Disallow: /\n" in fetch(portal, "/robots.txt").text


def test_raw(portal: SamplePortal) -> None:
    odd = b"HTTP/1.1 200\r\nx:  two  spaces\r\nX: again\r\n folded\r\n\r\nbody"
    portal.fault("/kinh-te", "raw", raw=odd)
    assert fetch(portal, "/kinh-te").raw == odd
    assert portal.exchanges[-1].response == odd


def test_the_last_fault_comes_first_and_globs_meet_the_query(portal: SamplePortal) -> None:
    portal.fault("/", "500")
    portal.fault("*module=Content.Listing*", "403", times=1)
    target = "/?module=Content.Listing&moduleId=29"
    assert [fetch(portal, target, "POST", b"x").status for _ in range(2)] == [403, 500]


def test_faults_of_the_constructor() -> None:
    with SamplePortal(articles=20, faults=[Fault("/kinh-te", "410")]) as portal:
        assert fetch(portal, "/kinh-te").status == 410


def test_unknown_kind_is_refused_with_the_list(portal: SamplePortal) -> None:
    with pytest.raises(ValueError, match="no fault of the kind 'flood'; there are: 403"):
        portal.fault("/", "flood")
