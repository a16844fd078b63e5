"""The index has a line for every answer, as the field's own indexer makes it, or better where that errs."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.urls import surt
from quynhon_crawler.warc.cdxj import Line, lines, timestamp
from quynhon_crawler.warc.question import asked
from quynhon_crawler.warc.reader import payload
from tests.crawl.run_crawl import quynhon
from tests.deposit.conftest import FIELD, Crawled

Field = Callable[..., subprocess.CompletedProcess[str]]
# SHA-1 of nothing: what cdxj-indexer gives for an answer whose record declares no digest.
_OF_NOTHING = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


@pytest.fixture(scope="module")
def ours(crawled: Crawled) -> list[Line]:
    found = [line for path in sorted(crawled.home.warc.iterdir()) for line in lines(path)]
    assert all(isinstance(line, Line) for line in found)
    return sorted((line for line in found if isinstance(line, Line)), key=str)


def test_every_capture_has_its_line(crawled: Crawled, ours: list[Line]) -> None:
    places = {
        (line.fields["filename"], int(line.fields["offset"]), int(line.fields["length"])) for line in ours
    }
    with closing(sqlite3.connect(crawled.home.database)) as db:
        assert places == set(db.execute("SELECT warc_file, warc_offset, warc_length FROM captures"))
    assert len(places) == len(ours)


def test_the_lines_are_those_of_cdxj_indexer(crawled: Crawled, ours: list[Line], field: Field) -> None:
    """But for digests that the records do not declare, and for the keys of POSTs answered by a revisit."""
    records = ("--records", "response,revisit,resource,conversion")
    done = field("cdxj-indexer", "--sort", "--post-append", *records, crawled.home.warc)
    theirs = {}
    for text in done.stdout.splitlines():
        line = Line.parse(text)
        theirs[line.fields["filename"], line.fields["offset"]] = line
    assert len(theirs) == len(ours)
    better: Counter[str] = Counter()
    for line in ours:
        other = theirs[line.fields["filename"], line.fields["offset"]]
        mine = dict(line.fields)
        if other.fields.get("digest") == _OF_NOTHING != mine["digest"]:
            better["chunked"] += 1
            other.fields["digest"] = mine["digest"]
        if mine["mime"] == "warc/revisit" and mine.pop("method", "GET") == "POST":
            better["POST"] += 1
            assert mine.pop("requestBody")
            assert "__wb_method=post" in line.key
        else:
            assert line.key == other.key
        assert (line.timestamp, mine) == (other.timestamp, other.fields)
    assert min(better["chunked"], better["POST"]) > 0


def test_a_revisit_has_the_digest_of_what_it_stands_for(crawled: Crawled, ours: list[Line]) -> None:
    held = {line.fields["digest"] for line in ours if line.fields.get("mime") != "warc/revisit"}
    repeated = [
        line for line in ours if line.fields.get("mime") == "warc/revisit" and "digest" in line.fields
    ]
    assert repeated
    assert {line.fields["digest"] for line in repeated} <= held


def test_offset_and_length_give_the_record(crawled: Crawled, ours: list[Line]) -> None:
    for line in ours[::40]:
        path = crawled.home.warc / line.fields["filename"]
        stored = payload(path, int(line.fields["offset"]), int(line.fields["length"]))
        assert stored.record.url == line.fields["url"]


BODIES = {
    "form": ("application/x-www-form-urlencoded; charset=UTF-8", b"q=tin+t%E1%BB%A9c&trang=2"),
    "form that is no UTF-8": ("application/x-www-form-urlencoded", b"q=\xff\xfe"),
    "JSON": ("application/json", b'{"a": 1, "b": [{"c": "x y"}, {"c": true}], "d": null}'),
    "JSON lines": ("application/json", b'{"a": 1}\n{"a": 2}'),
    "no JSON": ("application/json", b"{"),
    "text that is JSON": ("text/plain;charset=UTF-8", b'{"a": "b"}'),
    "text": ("text/plain", b"beacon"),
    "multipart": (
        "multipart/form-data; boundary=XX",
        b'--XX\r\nContent-Disposition: form-data; name="q"\r\n\r\ntin\r\n--XX\r\n'
        b'Content-Disposition: form-data; name="f"; filename="a.bin"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\x00\xff\r\n--XX--\r\n",
    ),
    "bytes": ("application/octet-stream", b"\x00\x01"),
    "long": ("application/x-www-form-urlencoded", b"q=" + b"a" * 9000),
    "nothing": ("", b""),
}

_THEIRS = """
import io, json, sys
from cdxj_indexer.postquery import append_method_query
for method, mime, body, url in json.load(sys.stdin):
    raw = body.encode("latin-1")
    query, append = append_method_query(method, mime, str(len(raw)), io.BytesIO(raw), url)
    print(json.dumps([url + append, query or ""]))
"""


@pytest.mark.usefixtures("field")
def test_questions_are_keyed_as_the_field_does() -> None:
    cases = [
        (method, mime, body.decode("latin-1"), url)
        for mime, body in BODIES.values()
        for method, url in (("POST", "http://a.vn/x"), ("PUT", "http://a.vn/x?y=1"))
    ] + [("HEAD", "", "", "http://a.vn/x"), ("OPTIONS", "", "", "http://a.vn/x?y=1")]
    done = subprocess.run(
        [FIELD / "python", "-W", "ignore", "-c", _THEIRS],
        input=json.dumps(cases), capture_output=True, text=True, check=True,
    )  # fmt: skip
    for case, said in zip(cases, done.stdout.splitlines(), strict=True):
        method, mime, body, url = case
        assert list(asked(url, method, mime, body.encode("latin-1"))) == json.loads(said), case


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.a.vn/Tin/", "vn,a)/tin"),
        ("http://a.vn/?q=b c\nd&a=1", "vn,a)/?a=1&q=b%20cd"),
        ("urn:x:y z", "urn:x:y%20z"),
        ("http://[::1/a b", "::1)/a%20b"),
        ("", "-"),
    ],
)
def test_a_key_is_one_word_whatever_the_address(url: str, key: str) -> None:
    assert surt(url) == key


@pytest.mark.parametrize(
    ("date", "sent", "expected"),
    [
        ("2019-08-27T08:01:02.123456Z", None, "20190827080102"),
        ("2008-10-29T05:21:46-0700", None, "20081029122146"),
        ("2019-08", None, "20190801000000"),
        ("2008-10-294T05:21:46-0700", "Wed, 29 Oct 2008 12:21:46 GMT", "20081029122146"),
    ],
)
def test_a_line_has_the_time_that_the_row_of_captures_has(date: str, sent: str | None, expected: str) -> None:
    assert timestamp(date, sent) == expected


def test_an_index_that_lies_is_not_believed(own: Home, tmp_path: Path) -> None:
    first, again = tmp_path / "first.cdxj", tmp_path / "again.cdxj"
    assert quynhon("export", "cdxj", "--archive", own.root, "--output", first).returncode == 0
    for index in own.cdx.glob("*.cdxj"):
        index.write_bytes(index.read_bytes().replace(b'"offset": "', b'"offset": "1'))
    assert quynhon("export", "cdxj", "--archive", own.root, "--output", again).returncode == 0
    assert again.read_bytes() == first.read_bytes()
