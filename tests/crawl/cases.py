"""Ways to answer, as badly as servers on the web do."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, replace

import brotli
import zstandard

NAME = b"@" * 24  # stands for the case's name, so that no two bodies are alike
PAGE = "<html><title>Thử</title><body><p>Nội dung trang @@@@@@@@@@@@@@@@@@@@@@@@.</p></body></html>".encode()
GZIPPED = gzip.compress(PAGE, mtime=0)
FASTER = gzip.compress(PAGE, compresslevel=1, mtime=1)


def answer(*head: bytes, body: bytes = b"", end: bytes = b"\r\n") -> bytes:
    """Head lines joined with CRLF, an empty line, the body."""
    return end.join(head) + end + end + body


def sized(*head: bytes, body: bytes = PAGE) -> bytes:
    """As ``answer``, with the right Content-Length."""
    return answer(*head, b"Content-Length: %d" % len(body), body=body)


def chunks(*parts: bytes, extension: bytes = b"", trailers: bytes = b"") -> bytes:
    """A chunked body."""
    made = b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts)
    return made + b"0\r\n" + trailers + b"\r\n"


@dataclass(frozen=True)
class Case:
    """One way to answer. ``close`` closes the connection after it; ``truncated`` is what must be flagged.

    ``pieces`` are sent with a pause between them. ``body`` is what a reader must get out of the record.
    """

    name: str
    pieces: tuple[bytes, ...]
    close: bool = False
    truncated: str | None = None
    pause: float = 0.02
    body: bytes | None = None
    whole: bool = True


OK = b"HTTP/1.1 200 OK"
HTML = b"Content-Type: text/html; charset=utf-8"
CHUNKED = b"Transfer-Encoding: chunked"

_RAW = (
    Case("odd-reason", (sized(b"HTTP/1.1 200 Duoc  roi; \xc4\x91\xc6\xb0\xe1\xbb\xa3c!", HTML),), body=PAGE),
    Case("empty-reason", (sized(b"HTTP/1.1 200 ", HTML),), body=PAGE),
    Case("no-reason", (sized(b"HTTP/1.1 200", HTML),), body=PAGE),
    Case("order-case-repeats", (sized(OK, b"x-B: 1", b"X-a: 2", b"X-A: 3", b"x-b: 1", HTML),), body=PAGE),
    Case("double-spaces", (sized(OK, b"Server:   two   spaces  ", b"X-Tab:\tv\t", HTML),), body=PAGE),
    Case("folded-header", (sized(OK, b"X-Long: first", b"\tsecond", b"   third", HTML),), body=PAGE),
    Case(
        "non-ascii-header",
        (sized(OK, b"X-Name: Quy Nh\xf3n \xff\x80", b"X-U: Nh\xc6\xa1n", HTML),),
        body=PAGE,
    ),
    Case("line-without-colon", (sized(OK, b"this is no header", HTML),), body=PAGE),
    Case("bare-lf", (answer(OK, HTML, b"Content-Length: %d" % len(PAGE), body=PAGE, end=b"\n"),), body=PAGE),
    Case("http-1.0", (answer(b"HTTP/1.0 200 OK", HTML, body=PAGE),), close=True, body=PAGE),
    Case("until-close", (answer(OK, HTML, b"Connection: close", body=PAGE),), close=True, body=PAGE),
    Case("chunked", (answer(OK, HTML, CHUNKED, body=chunks(PAGE[:20], PAGE[20:])),), body=PAGE),
    Case("chunk-extension", (answer(OK, HTML, CHUNKED, body=chunks(PAGE, extension=b";a=b")),), body=PAGE),
    Case(
        "trailers",
        (answer(OK, HTML, CHUNKED, body=chunks(PAGE, trailers=b"X-Sum: 1\r\nX-End: 2\r\n")),),
        body=PAGE,
    ),
    Case("gzip", (sized(OK, HTML, b"Content-Encoding: gzip", body=GZIPPED),), body=PAGE),
    Case(
        "gzip-chunked",
        (answer(OK, HTML, CHUNKED, b"Content-Encoding: gzip", body=chunks(FASTER)),),
        body=PAGE,
    ),
    Case("deflate", (sized(OK, HTML, b"Content-Encoding: deflate", body=zlib.compress(PAGE)),), body=PAGE),
    Case(
        "deflate-raw",
        (sized(OK, HTML, b"Content-Encoding: deflate", body=zlib.compress(PAGE)[2:-4]),),
        body=PAGE,
    ),
    Case("brotli", (sized(OK, HTML, b"Content-Encoding: br", body=brotli.compress(PAGE)),), body=PAGE),
    Case("zstd", (sized(OK, HTML, b"Content-Encoding: zstd", body=zstandard.compress(PAGE)),), body=PAGE),
    Case("early-hints", (answer(b"HTTP/1.1 103 Early Hints", b"Link: </a.css>"), sized(OK, HTML)), body=PAGE),
    Case("no-content", (answer(b"HTTP/1.1 204 No Content", b"X-A: 1"),), body=b""),
    Case("not-modified", (answer(b"HTTP/1.1 304 Not Modified", b'ETag: "1"'),), body=b""),
    Case("empty", (answer(OK, HTML, b"Content-Length: 0"),), body=b""),
    Case("redirect", (answer(b"HTTP/1.1 302 Found", b"Location: /empty", b"Content-Length: 0"),), body=b""),
    Case("one-byte-at-a-time", tuple(bytes([b]) for b in sized(OK, HTML)), pause=0.001, body=PAGE),
    Case("both-lengths", (answer(OK, HTML, b"Content-Length: 3", CHUNKED, body=chunks(PAGE)),), body=PAGE),
    Case("length-twice", (sized(OK, HTML, b"Content-Length: %d" % len(PAGE)),), body=PAGE),
    Case("body-behind-its-end", (sized(OK, HTML) + b"HTTP/1.1 200 OK\r\n\r\nstray",), body=PAGE),
    Case("header-of-70-kb", (sized(OK, b"X-Big: " + b"a" * 70_000, HTML),), body=PAGE),
    Case("many-headers", (sized(OK, *(b"X-%d: v" % i for i in range(1500)), HTML),), body=PAGE),
    Case("nul-in-header", (sized(OK, b"X-N: a\0b", b": nameless", HTML),), body=PAGE),
    Case("small-letters", (sized(b"http/1.1 200 ok", HTML),), body=PAGE),
    Case(
        "two-interims",
        (answer(b"HTTP/1.1 100 Continue") + answer(b"HTTP/1.1 103 E"), sized(OK, HTML)),
        body=PAGE,
    ),
    Case(
        "lost-after-interim",
        (answer(b"HTTP/1.1 103 Early Hints", b"Link: </a.css>"),),
        close=True,
        truncated="disconnect",
    ),
    Case("no-content-with-some", (answer(b"HTTP/1.1 204 No Content", b"X-A: 1", body=b"stray"),)),
    Case("error-page", (sized(b"HTTP/1.1 500 L\xe1\xbb\x97i", HTML),), body=PAGE),
    Case("odd-status", (sized(b"HTTP/1.1 999 Request denied", HTML),), body=PAGE),
    Case("redirect-with-body", (sized(b"HTTP/1.1 301 Moved", HTML, b"Location: /empty"),), body=PAGE),
    Case("no-gzip", (sized(OK, HTML, b"Content-Encoding: gzip"),), body=PAGE),
    Case("closes-unsaid", (sized(OK, HTML),), close=True, body=PAGE),
    Case(
        "chunk-sizes-odd",
        (answer(OK, HTML, CHUNKED, body=b"0000A \r\n" + PAGE[:10] + b"\r\n" + chunks(PAGE[10:])),),
        close=True,
        body=PAGE,
    ),
    Case(
        "chunks-with-bare-lf",
        (answer(OK, HTML, CHUNKED, body=chunks(PAGE).replace(b"\r\n", b"\n")),),
        close=True,
        body=PAGE,
    ),
    Case(
        "long-chunk-extension",
        (answer(OK, HTML, CHUNKED, body=chunks(PAGE, extension=b";a=" + b"b" * 5000)),),
        close=True,
        body=PAGE,
    ),
    Case("next-answer-too-soon", (sized(OK, HTML, body=b"x" * 65_400) + b"HTTP/1.1 200 OK\r\n\r\nstray",)),
    Case(
        "chunked-too-large",
        (answer(OK, HTML, CHUNKED, body=chunks(*[b"x" * 1000] * 200)),),
        truncated="length",
        whole=False,
    ),
    Case(
        "head-too-large",
        (OK + b"\r\n" + b"X-A: and so on\r\n" * 15_000,),
        close=True,
        truncated="length",
        whole=False,
    ),
    Case("trickling-head", (OK, *(b"\r\nX: y" for _ in range(60))), pause=0.1, truncated="time", whole=False),
    Case(
        "lengths-differ",
        (answer(OK, HTML, b"Content-Length: 5", b"Content-Length: 9", body=PAGE),),
        close=True,
        truncated="unspecified",
    ),
    Case(
        "length-no-number",
        (answer(OK, HTML, b"Content-Length: 12x", body=PAGE),),
        close=True,
        truncated="unspecified",
        body=PAGE,
    ),
    Case(
        "short-body",
        (answer(OK, HTML, b"Content-Length: 5000", body=PAGE),),
        close=True,
        truncated="disconnect",
        body=PAGE,
    ),
    Case(
        "broken-chunk",
        (answer(OK, HTML, CHUNKED, body=b"%x\r\n" % len(PAGE) + PAGE + b"\r\nzz\r\n"),),
        close=True,
        truncated="disconnect",
        body=PAGE,
    ),
    Case(
        "lost-in-chunk",
        (answer(OK, HTML, CHUNKED, body=b"fff\r\n" + PAGE),),
        close=True,
        truncated="disconnect",
        body=PAGE,
    ),
    Case("lost-in-head", (OK + b"\r\nContent-Type: text/ht",), close=True, truncated="disconnect", body=b""),
    Case(
        "too-large",
        (sized(OK, HTML, body=b"x" * 200_000),),
        truncated="length",
        whole=False,
    ),
    Case(
        "trickle",
        (answer(OK, HTML, b"Content-Length: 100000", body=b"x"), *(b"y" for _ in range(60))),
        pause=0.1,
        truncated="time",
        whole=False,
    ),
    Case("not-http", (b"220 smtp.example.vn ESMTP\r\n",), close=True, truncated="unspecified"),
    Case("bad-status", (sized(b"HTTP/1.1 2OO OK", HTML),), close=True, truncated="unspecified", body=PAGE),
    Case(
        "odd-transfer",
        (answer(OK, HTML, b"Transfer-Encoding: identity", body=PAGE[:50]), PAGE[50:]),
        close=True,
        truncated="unspecified",
        body=PAGE,
    ),
)


def _named(case: Case) -> Case:
    """The case with its own name in its body."""

    def fill(data: bytes) -> bytes:
        return data.replace(NAME, case.name.encode().ljust(len(NAME)))

    pieces = tuple(fill(piece) for piece in case.pieces)
    # a compressed body keeps the marks: they cannot be found in it
    body = fill(case.body) if case.body and NAME in b"".join(case.pieces) else case.body
    if all(len(piece) == 1 for piece in case.pieces):
        pieces = tuple(bytes([b]) for b in fill(b"".join(case.pieces)))
    return replace(case, pieces=pieces, body=body)


CASES = tuple(_named(case) for case in _RAW)
