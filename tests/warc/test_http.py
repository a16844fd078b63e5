"""HTTP messages out of stored blocks, whole and broken."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quynhon_crawler.warc.http import decode, interim_length, parse, parse_request
from tests.crawl.cases import CASES, Case

READABLE = [case for case in CASES if case.body is not None]


@pytest.mark.parametrize("case", READABLE, ids=lambda case: case.name)
def test_every_hostile_answer_gives_the_body_that_was_meant(case: Case) -> None:
    block = b"".join(case.pieces)
    assert parse(block[interim_length(block) :]).content == case.body


def test_header_lines_keep_case_order_repeats_and_folds() -> None:
    answer = parse(b"HTTP/1.1 200 OK\r\nx-B: 1\r\nX-a:  two  words \r\nX-Long: a\r\n\t b\r\nx-B: 3\r\n\r\n")
    assert answer.headers == (("x-B", "1"), ("X-a", "two  words"), ("X-Long", "a b"), ("x-B", "3"))


def test_interim_answers_are_measured_and_a_lone_one_is_the_answer() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    assert interim_length(hints * 2 + b"HTTP/1.1 200 OK\r\n\r\n") == 2 * len(hints)
    assert interim_length(hints) == 0


def test_bytes_behind_the_end_are_counted_and_left_out() -> None:
    answer = parse(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcEXTRA")
    assert (answer.content, answer.extra) == (b"abc", 5)


def test_a_head_request_has_no_body_whatever_its_length_says() -> None:
    assert parse(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", method="HEAD").damage is None


def test_half_a_gzip_stream_gives_its_half() -> None:
    text = b"".join(b"%d " % n for n in range(20_000))
    half = gzip.compress(text)[:20_000]
    content, damage = decode(half, "gzip")
    assert text.startswith(content)
    assert len(content) > 10_000
    assert damage == "compressed stream ends early"


def test_what_was_compressed_twice_is_unpacked_twice() -> None:
    assert decode(gzip.compress(zlib.compress(b"x")), "deflate, gzip") == (b"x", None)


def test_a_coding_that_is_a_lie_leaves_the_bytes() -> None:
    content, damage = decode(b"plain text", "gzip")
    assert content == b"plain text"
    assert damage is not None
    assert damage.startswith("not gzip")


def test_a_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quynhon_crawler.warc.http.MAX_DECODED", 1000)
    content, damage = decode(gzip.compress(bytes(100_000)), "gzip")
    assert len(content) == 1000
    assert damage == "too large when decoded"


def test_a_request_keeps_its_form() -> None:
    request = parse_request(b"POST /?x HTTP/1.1\r\nReferer: http://h/a\r\n\r\npageNo=2")
    assert request.content == b"pageNo=2"
    assert request.header("referer") == "http://h/a"


@given(st.binary(max_size=400))
def test_no_bytes_raise(block: bytes) -> None:
    parse(block)
    parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + block)
    for coding in ("gzip", "deflate", "br", "zstd", "unheard-of"):
        decode(block, coding)
