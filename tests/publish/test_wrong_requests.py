"""Addresses, methods and headers that nobody who means well sends: one line, and nothing in the log."""

from __future__ import annotations

import gc
import json
import logging
import warnings
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from datasette import __version__
from datasette.app import Datasette

from tests.publish.conftest import query


def through(**told: object) -> str:
    return "_through=" + quote(json.dumps(told))


MISTAKES = {
    "no JSON": "id__in=[",
    "no JSON, the other way round": "id__notin=[",
    "an object in a list": "id__in=" + quote('[{"a": 1}]'),
    "a number that is too long": "id__in=[99999999999999999999999]",
    "another": "id__gt=99999999999999999999999",
    "half of a letter": "id__in=" + quote('["\\ud800"]'),
    "a facet that is no JSON": "_facet={",
    "a facet of nothing": "_facet=" + quote('{"column": [1]}'),
    "a number of facets that is none": "_facet_size={",
    "through no JSON": "_through={",
    "through a list": "_through=[]",
    "through nothing": "_through={}",
    "through much": "_through=" + "[" * 20_000,
    "through no table": through(table="nope", column="x", value=1),
    "through a table that does not lead here": through(table="crawls", column="id", value=1),
    "through no column": through(table="images", column="nope", value=1),
    "through a list of tables": through(table=["images"], column="id", value=1),
    "through a list of columns": through(table="images", column=["id"], value=1),
    "through a list of values": through(table="images", column="id", value=[1]),
    "sorted both ways": "_sort=title&_sort_desc=title",
}


@pytest.mark.parametrize("suffix", ["", ".json", ".csv"])
@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
async def test_a_mistake_in_the_address_is_told(
    web: httpx.AsyncClient, mistake: str, suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await web.get(f"/quynhon/articles{suffix}?{mistake}")
    assert answer.status_code == 400, answer.text[:300]
    assert "Internal error" not in answer.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    if suffix == ".csv":
        assert len(answer.text.splitlines()) == 1


@pytest.fixture
def forgiving() -> Iterator[None]:
    """Datasette 1.0 lets go of the facets behind one that failed; Python finds out at some time: now."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.mark.usefixtures("forgiving")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore:coroutine")
@pytest.mark.parametrize("suffix", ["", ".json"])
async def test_a_facet_of_no_column_is_told(web: httpx.AsyncClient, suffix: str) -> None:
    answer = await web.get(f"/quynhon/articles{suffix}?_facet=nope")
    assert answer.status_code == 400
    assert "no such column: nope" in answer.text


async def test_through_a_table_that_leads_here(web: httpx.AsyncClient) -> None:
    asked = through(table="images", column="code", value="HNTK092026001")
    found = await web.get(f"/quynhon/articles.json?_shape=array&_col=title&{asked}")
    assert [row["title"] for row in found.json()] == ["Họp bàn công tác kết nạp đảng viên ở khu dân cư"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO", "data", "__class__"])
@pytest.mark.parametrize(
    "path", ["/nope", "/", "/tim", "/quynhon.json", "/quynhon/articles.json", "/quynhon/-/query"]
)
async def test_a_method_that_is_none_of_ours(
    web: httpx.AsyncClient, method: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await web.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.text == "Only GET and HEAD: nothing is changed here."
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("path", ["/", "/tim?q=bien", "/quynhon/articles", "/quynhon.json", "/nope"])
async def test_a_cookie_that_is_no_text(web: httpx.AsyncClient, path: str) -> None:
    answer = await web.get(path, headers=[(b"Cookie", b"\xff=1")])
    assert (answer.status_code, len(answer.text.splitlines())) == (400, 1)
    assert (await web.get(path, headers=[(b"Cookie", "tên=Lĩnh".encode())])).status_code in (200, 404)


@pytest.mark.parametrize("path", ["//", "///"])
async def test_strokes_alone_lead_home(web: httpx.AsyncClient, path: str) -> None:
    # Whole: an address that begins with two strokes would be taken for a host.
    answer = await web.get(f"http://kho.test{path}")
    assert (answer.status_code, answer.headers["location"]) == (302, "/")


async def test_a_search_in_what_is_no_column_is_none(web: httpx.AsyncClient) -> None:
    answer = await web.get("/quynhon/articles.json?_shape=array&_searching=bien")
    assert (answer.status_code, len(answer.json())) == (200, 20)


FAILED = "select nope from articles"


@pytest.mark.parametrize("more", ["", "&_stream=on", "&_header=off", "&_shape=array", "&_dl=1"])
async def test_sql_that_fails_is_told_in_csv_too(web: httpx.AsyncClient, more: str) -> None:
    answer = await web.get(f"/quynhon.csv?sql={quote(FAILED)}{more}", follow_redirects=True)
    assert (answer.status_code, answer.text) == (400, "no such column: nope")
    assert (await query(web, FAILED)).status_code == 400


@pytest.mark.parametrize(
    ("sql", "more", "text"),
    [
        ("select 1 as a", "", "a\r\n1\r\n"),
        ("select 1 as a where 0", "", "a\r\n"),
        ("select 1 as a where 0", "&_header=off", ""),
        ("select '' as ''", "", '""\r\n""\r\n'),
    ],
)
async def test_sql_that_finds_little_is_no_failure(
    web: httpx.AsyncClient, sql: str, more: str, text: str
) -> None:
    answer = await web.get(f"/quynhon.csv?sql={quote(sql)}{more}", follow_redirects=True)
    assert (answer.status_code, answer.text) == (200, text)


async def test_csv_stays_a_stream(datasette: Datasette) -> None:
    """Its first line is sent before the rest is read."""
    pieces: list[bytes] = []

    async def send(message: dict[str, object]) -> None:
        pieces.append(message.get("body", b""))  # type: ignore[arg-type]

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    path = "/quynhon.csv" if __version__.startswith("0.") else "/quynhon/-/query.csv"
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "headers": []}
    scope |= {"query_string": b"sql=" + quote("select title from articles").encode(), "http_version": "1.1"}
    await datasette.app()({**scope, "scheme": "http", "server": ("kho.test", 80)}, receive, send)
    assert pieces[:2] == [b"", b"title\r\n"]
    assert len(pieces) > 25
