"""The socket side: framing, conditional requests, and a log that holds the bytes that crossed the wire."""

import gzip
import http.client
import socket
import threading

import pytest

from quynhon_crawler.sample import SamplePortal, run
from tests.sample.client import fetch

AGENT = {"User_Agent": "test", "Accept_Encoding": "gzip"}


@pytest.fixture(scope="module")
def small() -> SamplePortal:
    with SamplePortal(articles=40) as running:
        yield running


def test_log_holds_the_bytes_that_the_client_saw(small: SamplePortal) -> None:
    small.forget_exchanges()
    truth = small.truth
    targets = [
        "/",
        "/kinh-te",
        "/robots.txt",
        "/kinh-te/",
        "/none",
        truth.articles[0].url,
        truth.images[0],
        truth.attachments[0],
    ]
    seen = [fetch(small, target, **AGENT) for target in targets]
    seen.append(
        fetch(small, "/?module=Content.Listing&moduleId=29", "POST", b"pageNo=2", Content_Type="text/plain")
    )
    logged = small.exchanges
    assert [exchange.request for exchange in logged] == [got.sent for got in seen]
    assert [exchange.response for exchange in logged] == [got.raw for got in seen]
    assert [exchange.status for exchange in logged] == [got.status for got in seen]
    assert [exchange.method for exchange in logged] == ["GET"] * 8 + ["POST"]
    assert logged[5].url == truth.articles[0].url
    assert all(exchange.complete for exchange in logged)


def test_one_connection_carries_many_exchanges(small: SamplePortal) -> None:
    small.forget_exchanges()
    connection = http.client.HTTPConnection("127.0.0.1", small.port, timeout=10)
    for _ in range(5):
        connection.request("GET", "/kinh-te")
        assert connection.getresponse().read().startswith(b"<!DOCTYPE html>")
    connection.close()
    assert (
        len({exchange.response for exchange in small.exchanges}) <= 2
    )  # a second may have passed in the Date


def test_pipelined_requests_are_told_apart(small: SamplePortal) -> None:
    small.forget_exchanges()
    one = b"GET /robots.txt HTTP/1.1\r\nHost: h\r\n\r\n"
    two = b"GET /none HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", small.port), timeout=10) as sock:
        sock.sendall(one + two)
        received = b""
        while data := sock.recv(65_536):
            received += data
    assert [exchange.request for exchange in small.exchanges] == [one, two]
    assert b"".join(exchange.response for exchange in small.exchanges) == received


def test_log_can_be_turned_off() -> None:
    with SamplePortal(articles=20, log=False) as quiet:
        fetch(quiet, "/")
        assert quiet.exchanges == ()
        assert quiet.requests == 1


def test_framing_is_mixed(small: SamplePortal) -> None:
    answers = [fetch(small, article.url, **AGENT) for article in small.truth.articles]
    assert all(answer.header("Content-Encoding") == "gzip" for answer in answers)
    chunked = [answer for answer in answers if answer.header("Transfer-Encoding") == "chunked"]
    sized = [answer for answer in answers if answer.header("Content-Length")]
    assert len(chunked) > len(sized) > 3
    assert chunked[0].wire_body.startswith(b"a\r\n\x1f\x8b")  # ten bytes first, as nginx does
    assert all(gzip.decompress(answer.wire_body).startswith(b"<!DOCTYPE") for answer in sized)


def test_plain_and_zipped_are_one_page(small: SamplePortal) -> None:
    url = small.truth.articles[0].url
    plain = fetch(small, url)
    assert plain.header("Content-Encoding") is None
    assert plain.body == fetch(small, url, **AGENT).body


def test_http_1_0_gets_no_chunks(small: SamplePortal) -> None:
    with socket.create_connection(("127.0.0.1", small.port), timeout=10) as sock:
        sock.sendall(b"GET / HTTP/1.0\r\nHost: h\r\n\r\n")
        received = b""
        while data := sock.recv(65_536):
            received += data
    assert b"Transfer-Encoding" not in received
    assert received.endswith(b"</html>")


@pytest.mark.parametrize("target", ["/kinh-te", "/App/css/style.css", "IMAGE"])
def test_unchanged_answers_304(small: SamplePortal, target: str) -> None:
    target = small.truth.images[0] if target == "IMAGE" else target
    first = fetch(small, target)
    by_tag = fetch(small, target, If_None_Match=first.header("ETag") or "")
    by_date = fetch(small, target, If_Modified_Since=first.header("Last-Modified") or "")
    for answer in (by_tag, by_date):
        assert (answer.status, answer.wire_body) == (304, b"")
    assert fetch(small, target, If_None_Match='"other"').status == 200
    assert fetch(small, target, If_Modified_Since="Mon, 07 Jan 2019 00:00:00 GMT").status == 200
    assert fetch(small, target, If_Modified_Since="yesterday").status == 200


def test_validators_can_be_left_out() -> None:
    with SamplePortal(articles=20, validators=False) as portal:
        answer = fetch(portal, "/kinh-te")
        assert answer.header("ETag") is None
        assert answer.header("Last-Modified") is None


def test_head_has_no_body(small: SamplePortal) -> None:
    answer = fetch(small, small.truth.images[0], "HEAD")
    assert answer.wire_body == b""
    assert int(answer.header("Content-Length") or 0) > 1_000


def test_other_methods_are_refused(small: SamplePortal) -> None:
    assert fetch(small, "/", "DELETE").status == 405


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"x" * 70_000 + b"\r\n\r\n",
    ],
)
def test_nonsense_is_answered_400(small: SamplePortal, nonsense: bytes) -> None:
    received = b""
    with socket.create_connection(("127.0.0.1", small.port), timeout=10) as sock:
        sock.sendall(nonsense)
        try:
            while data := sock.recv(65_536):
                received += data
        except ConnectionResetError:
            pass  # the server closed with bytes of ours unread
    assert received == b"" or received.startswith(b"HTTP/1.1 400 ")
    assert fetch(small, "/robots.txt").status == 200


def test_stops_with_connections_open() -> None:
    before = threading.active_count()
    portal = SamplePortal(articles=20).start()
    with socket.create_connection(("127.0.0.1", portal.port), timeout=10) as idle:
        idle.sendall(b"GET /gioi-thieu/ HTTP/1.1\r\nHost: h\r\n\r\n")
        assert idle.recv(65_536).startswith(b"HTTP/1.1 301 ")
        portal.stop()
        assert idle.recv(10) == b""
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", portal.port), timeout=1)


def test_stops_in_the_middle_of_an_answer() -> None:
    with SamplePortal(articles=20) as portal:
        portal.fault("/", "trickle", seconds=5)
        with socket.create_connection(("127.0.0.1", portal.port), timeout=10) as waiting:
            waiting.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: h\r\n\r\n")
            assert waiting.recv(65_536).startswith(b"HTTP/1.1 200 ")
            portal.stop()
            assert len(waiting.recv(100)) <= 10
        assert not portal.exchanges[0].complete


def test_a_taken_port_is_an_error_of_the_caller() -> None:
    with SamplePortal(articles=20) as portal, pytest.raises(OSError, match="in use"):
        SamplePortal(port=portal.port, articles=20).start()


def test_latency_is_waited_for() -> None:
    with SamplePortal(articles=20, latency=0.2) as slow, pytest.raises(TimeoutError):
        fetch(slow, "/robots.txt", timeout=0.1)


def test_warm_portal_answers_the_same_bytes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    cold = SamplePortal(port=port, articles=20, clock=lambda: 0)
    with cold:
        expected = fetch(cold, "/kinh-te", **AGENT).raw
    with SamplePortal(port=port, articles=20, clock=lambda: 0).warm() as warm:
        assert fetch(warm, "/kinh-te", **AGENT).raw == expected


def test_run_serves_until_it_is_interrupted() -> None:
    told: list[str] = []

    def ready(url: str) -> None:
        told.append(url)
        with socket.create_connection(
            ("127.0.0.1", int(url.rstrip("/").rpartition(":")[2])), timeout=10
        ) as sock:
            sock.sendall(b"GET /robots.txt HTTP/1.0\r\n\r\n")
            assert sock.recv(100).startswith(b"HTTP/1.1 200 OK")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(port=0, articles=20, ready=ready)
    assert told


def test_tls(tmp_path) -> None:
    import ssl

    import trustme

    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    with SamplePortal(articles=20, tls=server) as portal:
        assert portal.url.startswith("https://")
        connection = http.client.HTTPSConnection("127.0.0.1", portal.port, context=client, timeout=10)
        connection.request("GET", "/kinh-te")
        body = connection.getresponse().read().decode()
        connection.close()
        assert f'<link rel="canonical" href="{portal.base}/kinh-te">' in body
