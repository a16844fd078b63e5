"""What strangers may do, and what they may not."""

from __future__ import annotations

import resource
import sqlite3
import time
from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from quynhon_crawler.home import Home
from quynhon_crawler.publish.short import shorten
from tests.publish.archive import HOST, Archive, article
from tests.publish.conftest import query, serve, stop, value

SCREENS = [
    "/",
    "/tim?q=bien",
    "/nothing",
    "/quynhon",
    "/quynhon/articles",
    "/quynhon/articles.json",
    "/-/versions",
]


@pytest.mark.parametrize("path", SCREENS)
async def test_every_answer_carries_the_safety_headers(web: httpx.AsyncClient, path: str) -> None:
    headers = (await web.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] in ("same-origin", "no-referrer")
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_datasettes_own_scripts_carry_the_nonce_of_their_answer(web: httpx.AsyncClient) -> None:
    answer = await web.get("/quynhon/articles")
    nonce = answer.headers["content-security-policy"].split("script-src 'self' 'nonce-")[1].split("'")[0]
    assert answer.text.count(f'<script nonce="{nonce}"') >= 2
    assert "<script>" not in answer.text
    assert 'style="' not in answer.text


async def test_pages_that_tell_of_an_error_obey_the_policy_too(web: httpx.AsyncClient) -> None:
    answer = await web.get("/quynhon?sql=explode", follow_redirects=True)
    assert (answer.status_code, answer.text.count("<script>")) == (400, 0)
    nonce = answer.headers["content-security-policy"].split("script-src 'self' 'nonce-")[1].split("'")[0]
    assert f'<script nonce="{nonce}"' in answer.text


async def test_a_table_is_counted_by_few_columns_at_a_time(web: httpx.AsyncClient) -> None:
    columns = ("section_id", "author_id", "kind", "language", "portal_id", "version")
    for names, status in ((columns[:5], 200), (columns, 400)):
        query = "&".join(f"_facet={name}" for name in names)
        assert (await web.get(f"/quynhon/articles.json?{query}")).status_code == status


async def test_a_nonce_is_used_once(web: httpx.AsyncClient) -> None:
    policies = {(await web.get("/quynhon")).headers["content-security-policy"] for _ in range(3)}
    assert len(policies) == 3


PROBES = {
    "a cell of 1 GB": "select zeroblob(1000000000)",
    "many cells below the limit": "select zeroblob(4900000) from captures, captures",
    "a text that grows": "select replace(hex(zeroblob(2000000)), '0', 'aaaaaaaaaaaaaaaa')",
    "no end": "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
    "everything by everything": (
        "select count(*) from captures a, captures b, captures c, captures d, captures e, captures f"
    ),
    "one long text": "select group_concat(a.body_html) from captures a, captures b, captures c, articles a",
    "a format that is wide": "select printf('%.*c', 900000000, 'x')",
    "a format that is wide in its text": "select format('%0900000000d', 1)",
    "a place that is not there": (
        "select instr(replace(hex(zeroblob(2400000)), '0', 'a') || hex(zeroblob(9000000)), 'b')"
    ),
    "many letters to trim": (
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) "
        "select trim(hex(zeroblob(2000000)), (select group_concat(char(i + 60), '') from n))"
    ),
    "a long pattern": "select hex(zeroblob(2400000)) glob '*" + "[012]" * 60 + "x*'",
    "sorting big rows": (
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) "
        "select zeroblob(1000000) b from n order by random()"
    ),
    "a list that grows": (
        "with recursive n(i) as (select 1 union all select i + 1 from n) "
        "select json_group_array(hex(zeroblob(100000))) from n"
    ),
    "a list of big texts": f"select json_array({','.join(['hex(zeroblob(2400000))'] * 100)})",
    "a private table": "select * from takedowns",
    "a private table, spelt otherwise": 'select * from main."TAKEDOWNS"',
    "a private view": "select count(article_id) from hidden_articles",
    "pages of the file": "select * from sqlite_dbpage",
    "what others asked": "select sql from sqlite_stmt",
    "what was written last": "select last_insert_rowid(), total_changes(), changes()",
    "an object patched with itself": "select json_patch('{}', '{\"a\": 1}')",
    "another file": "attach '/etc/passwd' as x",
    "writing": "delete from articles",
    "an extension": "select load_extension('x')",
}


@pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES)
async def test_hungry_sql_is_refused_quickly(web: httpx.AsyncClient, probe: str) -> None:
    # Time of the processor: what other programs take meanwhile is not this query's.
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    answer = await query(web, probe)
    assert 400 <= answer.status_code < 500, answer.text[:300]
    assert time.process_time() - start < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB


HONEST = {
    "select instr('Quy Nhơn', 'Nhơn'), instr(x'0102', x'02'), instr(null, 'a'), instr('a', 'b')": [
        5,
        2,
        None,
        0,
    ],
    "select replace('dang vien', 'd', 'đ'), replace('a', '', 'b'), replace('a', null, 'b')": [
        "đang vien",
        "a",
        None,
    ],
    "select trim('  a '), ltrim('xxa', 'x'), rtrim('axy', 'yx'), trim(null)": ["a", "a", "a", None],
    "select printf('%04d-%02d', 2019, 8), format('%.2f%%', 12.345), printf('%*d', 5, 3)": [
        "2019-08",
        "12.35%",
        "    3",
    ],
    "select replace(12, 1, 2), instr(1.5, '.'), trim(7)": ["22", 2, "7"],
}


@pytest.mark.parametrize("sql", HONEST)
async def test_text_functions_give_what_sqlites_own_give(web: httpx.AsyncClient, sql: str) -> None:
    plain = sqlite3.connect(":memory:")
    assert list(plain.execute(sql).fetchone()) == HONEST[sql]
    plain.close()
    assert (await query(web, sql)).json()["rows"] == [HONEST[sql]]


async def test_a_search_for_what_is_nearly_there_takes_no_time(web: httpx.AsyncClient) -> None:
    many = "replace(hex(zeroblob({})), '0', 'a')"
    start = time.process_time()
    answer = await query(web, f"select instr({many.format(1_200_000)}, {many.format(600_000)} || 'b')")
    assert answer.json()["rows"] == [[0]]
    assert time.process_time() - start < 2


async def test_no_sql_is_the_askers_mistake(web: httpx.AsyncClient) -> None:
    answer = await web.get("/quynhon.json?_shape=array&sql=", follow_redirects=True)
    assert answer.status_code < 500, answer.text[:300]


async def test_honest_sql_is_answered(web: httpx.AsyncClient) -> None:
    answer = await query(web, "select count(*) from articles")
    assert answer.json()["rows"] == [[25]]


async def test_developers_may_ask_for_plans(web: httpx.AsyncClient) -> None:
    answer = await query(web, "explain query plan select title from articles where id = 1")
    assert "SEARCH articles" in answer.text


ROWS = (
    "articles",
    "images",
    "authors",
    "sections",
    "captures",
    "crawls",
    "portals",
    "files",
    "attachments",
    "tags",
)


@pytest.mark.parametrize("table", ROWS)
async def test_every_row_has_its_page_and_json(web: httpx.AsyncClient, home: Home, table: str) -> None:
    """Datasette counts what points to a row, also in tables that are private."""
    connection = sqlite3.connect(home.database)
    key = connection.execute(f"select id from {table} limit 1").fetchone()[0]
    connection.close()
    for address in (f"/quynhon/{table}/{key}", f"/quynhon/{table}/{key}.json?_shape=array"):
        assert (await web.get(address)).status_code == 200, address


async def test_what_points_to_a_row_is_not_told_of_private_tables(web: httpx.AsyncClient) -> None:
    found = await query(web, "select article_id from _article_state where article_id is not null")
    assert found.json()["rows"] == []


@pytest.mark.parametrize("table", ["takedowns", "hidden_articles", "_article_state", "_batch", "TAKEDOWNS"])
async def test_private_tables_have_no_page(web: httpx.AsyncClient, table: str) -> None:
    assert (await web.get(f"/quynhon/{table}.json")).status_code in (403, 404)


async def test_open_data_may_be_read_by_any_script(web: httpx.AsyncClient) -> None:
    answer = await web.get("/quynhon/articles.json?_shape=array", headers={"Origin": "https://elsewhere.vn"})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("shape", ["array", "objects", "arrays"])
async def test_open_data_is_not_sent_twice(web: httpx.AsyncClient, shape: str) -> None:
    path = f"/quynhon/articles.json?_shape={shape}&_size=3"
    first = await web.get(path)
    again = await web.get(path, headers={"If-None-Match": first.headers["etag"]})
    other = await web.get(f"{path}&_sort=title", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)
    stream = await web.get("/quynhon/articles.csv?_stream=on&_col=title")
    assert stream.text.count("lần thứ") == 24


async def test_datasettes_search_knows_marks(web: httpx.AsyncClient) -> None:
    found = await web.get("/quynhon/articles.json?_shape=array&_search=dang+vien&_col=title")
    assert [row["title"] for row in found.json()] == ["Họp bàn công tác kết nạp đảng viên ở khu dân cư"]


async def test_other_methods_are_refused(web: httpx.AsyncClient) -> None:
    answer = await web.request("DELETE", "/tim")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_text_is_packed_for_who_takes_it(web: httpx.AsyncClient) -> None:
    packed = await web.get("/", headers={"Accept-Encoding": "gzip"})
    plain = await web.get("/", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert "Accept-Encoding" in packed.headers["vary"]


async def test_a_page_is_not_sent_twice(web: httpx.AsyncClient) -> None:
    first = await web.get("/")
    again = await web.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_false_host_is_not_repeated(web: httpx.AsyncClient, home: Home) -> None:
    answer = await web.get("/", headers={"Host": 'x"><script>'})
    assert "<script" not in answer.text
    assert 'x"' not in answer.text


class TestHostileArticle:
    """An article whose every field tries to break out."""

    EVIL = "</title><script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7*7}}"

    @pytest.fixture
    async def page(self, tmp_path: Path) -> str:
        made = Archive(tmp_path / "archive")
        made.article(
            article(
                1,
                title=self.EVIL,
                lead=self.EVIL,
                byline=self.EVIL,
                author=None,
                source=self.EVIL,
                published_at=self.EVIL,
                tags=(self.EVIL,),
                body_html=(
                    '<p onclick="alert(1)">a<script>alert(1)</script></p><a href="javascript:alert(1)">b</a>'
                    '<a href=" java\tscript:alert(1)">c</a><iframe src="http://evil.test"></iframe>'
                    '<img src="http://evil.test/x.png" onerror="alert(1)"><svg onload="alert(1)"></svg>'
                    '<form action="http://evil.test"><input></form><style>*{display:none}</style>'
                    '<a href="data:text/html,x">d</a><base href="http://evil.test">'
                ),
            )
        )
        home = made.done()
        datasette = serve(home)
        number = value(home, "select id from articles")
        answer = await datasette.client.get(f"/bai/{shorten(number)}")
        stop(datasette)
        assert answer.status_code == 200
        return answer.text

    @pytest.mark.parametrize(
        "mark",
        ["<script>", "<img src=x", "javascript:", "onclick", "<iframe", "evil.test", "<svg", "<style",
         "data:text", "<base", "'49"],
    )  # fmt: skip
    def test_nothing_breaks_out(self, page: str, mark: str) -> None:
        assert mark not in page.replace(HOST, "")


async def test_where_the_database_lies_is_not_told(web: httpx.AsyncClient, home: Home) -> None:
    for address in ("/-/databases.json", "/-/databases"):
        answer = await web.get(address)
        assert answer.status_code == 200
        assert "quynhon" in answer.text
        assert str(home.root) not in answer.text


async def test_a_closed_table_is_told_to_machines_as_json(web: httpx.AsyncClient) -> None:
    answer = await web.get("/quynhon/takedowns.json")
    assert answer.status_code == 403
    assert answer.json()["ok"] is False


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"


async def test_a_query_that_is_stopped_can_be_mended(web: httpx.AsyncClient) -> None:
    asked = {"sql": ENDLESS + " where n.i > :least", "least": "5"}
    answer = await web.get("/quynhon", params=asked, follow_redirects=True)
    assert answer.status_code == 400
    page = LexborHTMLParser(answer.text)
    assert page.css_first(".refused").text().startswith("The query was stopped: past 1000 ms")
    assert page.css_first("textarea").text() == ENDLESS + " where n.i > :least"
    assert page.css_first("input[name=least]").attributes["value"] == "5"
    assert "&lt;" not in answer.text


@pytest.mark.parametrize(("suffix", "kind"), [("json", "application/json"), ("csv", "text/plain")])
async def test_a_query_that_is_stopped_is_told_to_machines_in_plain_words(
    web: httpx.AsyncClient, suffix: str, kind: str
) -> None:
    answer = await web.get(f"/quynhon.{suffix}", params={"sql": ENDLESS}, follow_redirects=True)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith(kind)
    assert "too long" in answer.text or "stopped" in answer.text
    assert "<" not in answer.text


async def test_a_row_page_does_not_name_private_tables(web: httpx.AsyncClient, home: Home) -> None:
    """It counts what points to the row, and links to it."""
    row = value(home, "select id from articles limit 1")
    page = (await web.get(f"/quynhon/articles/{row}")).text
    assert "in sightings" in page
    assert "_article_state" not in page
    told = (await web.get(f"/quynhon/articles/{row}.json?_extras=foreign_key_tables")).text
    assert "_article_state" not in told


async def test_an_answer_that_is_too_large_says_so(web: httpx.AsyncClient) -> None:
    asked = {"sql": "select zeroblob(4900000) from captures, captures"}
    answer = await web.get("/quynhon", params=asked, follow_redirects=True)
    assert (
        LexborHTMLParser(answer.text)
        .css_first(".refused")
        .text()
        .startswith("The query was stopped: its answer is past 16 MB")
    )


@pytest.mark.parametrize("column", ["lead", "body", "body_html"])
async def test_long_texts_do_not_sort(web: httpx.AsyncClient, column: str) -> None:
    """What a page ends with stands in the address of the next."""
    assert (await web.get(f"/quynhon/articles?_sort={column}")).status_code == 400
    page = (await web.get("/quynhon/articles?_sort=title")).text
    assert f"_sort={column}" not in page
    assert len(page) < 100_000


async def test_datasettes_pages_say_what_is_vietnamese(web: httpx.AsyncClient) -> None:
    page = LexborHTMLParser((await web.get("/quynhon/articles")).text)
    assert page.css_first("html").attributes["lang"] == "en"
    for part in ("header .archive", "h1", ".metadata-description", "dl.column-descriptions", "tbody"):
        assert page.css_first(part).attributes.get("lang") == "vi", part


@pytest.mark.parametrize("name", ["threads", "threads.json", "patterns", "messages", "allow-debug"])
async def test_datasettes_own_workshop_is_closed(web: httpx.AsyncClient, name: str) -> None:
    assert (await web.get(f"/-/{name}")).status_code == 404
