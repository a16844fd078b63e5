"""What was withdrawn is gone from every way in; a tombstone tells why."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.store import Store, fulltext
from tests.publish import archive
from tests.publish.conftest import query, serve, stop, value

WHY = "Theo yêu cầu của gia đình"


@dataclass
class Withdrawn:
    """An archive from which ``conference`` was withdrawn, and where its parts stood."""

    home: Home
    article: int
    page: int
    picture: int
    web: httpx.AsyncClient


@pytest.fixture
async def withdrawn(tmp_path: Path) -> AsyncIterator[Withdrawn]:
    home = archive.small(tmp_path / "archive").done()
    url = archive.conference().url
    with Store.open(home.database) as store:
        store.add_takedown(url, reason=WHY, at="2026-11-24T09:00:00Z")
    datasette = serve(home)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=datasette.app()), base_url="http://kho.test"
    ) as web:
        yield Withdrawn(
            home=home,
            article=value(home, "select id from articles where url = ?", url),
            page=value(home, "select capture_id from articles where url = ?", url),
            picture=value(home, "select id from captures where url like '%HNTK092026001.jpg'"),
            web=web,
        )
    stop(datasette)


async def test_its_page_is_a_tombstone(withdrawn: Withdrawn) -> None:
    answer = await withdrawn.web.get(f"/bai/{shorten(withdrawn.article)}")
    assert answer.status_code == 410
    assert WHY in answer.text
    assert "đảng viên" not in answer.text


@pytest.mark.parametrize("typed", [archive.conference().url, "30/09/2026"])
async def test_its_address_and_its_day_offer_nothing(withdrawn: Withdrawn, typed: str) -> None:
    page = (await withdrawn.web.get("/tim", params={"q": typed})).text
    assert 'class="named"' not in page
    assert shorten(withdrawn.article) not in page


LISTS = ["/", "/tim?q=dang+vien", "/thoi-gian", "/ngay/2026-09-30", "/ngay/2026-09", "/anh", "/tac-gia"]
MACHINES = [
    "/thay-doi",
    "/tin.xml",
    "/sitemap-1.xml",
    "/quynhon/articles",
    "/quynhon",
    "/quynhon/images.json",
]


@pytest.mark.parametrize("path", LISTS + MACHINES)
async def test_no_page_names_it(withdrawn: Withdrawn, path: str) -> None:
    page = (await withdrawn.web.get(path)).text
    for mark in ("kết nạp đảng viên", "VPTU", "HNTK", shorten(withdrawn.article)):
        assert mark not in page


async def test_its_section_no_longer_counts_it(withdrawn: Withdrawn) -> None:
    assert "Xây dựng Đảng" not in (await withdrawn.web.get("/")).text


async def test_its_captures_are_tombstones(withdrawn: Withdrawn) -> None:
    assert (await withdrawn.web.get(f"/ban-luu/{shorten(withdrawn.page)}")).status_code == 410


@pytest.mark.parametrize("path", ["/tep/{page}/x", "/tep/{picture}/x", "/ban-luu/{page}/record.warc.gz"])
async def test_its_bytes_are_not_given(withdrawn: Withdrawn, path: str) -> None:
    path = path.format(page=shorten(withdrawn.page), picture=shorten(withdrawn.picture))
    answer = await withdrawn.web.get(path)
    assert (answer.status_code, WHY in answer.text) == (410, True)


ROWS = {
    "articles": "select count(*) from articles where id = {article}",
    "articles of main": "select count(*) from main.articles where id = {article}",
    "versions": "select count(*) from article_versions where article_id = {article}",
    "history": "select count(*) from article_history where article_id = {article}",
    "images": "select count(*) from images where article_id = {article}",
    "attachments": "select count(*) from attachments where article_id = {article}",
    "captures": "select count(*) from captures where id in ({page}, {picture})",
    "files": "select count(*) from files where url like '%HNTK092026001%'",
    "names of its tags": "select count(*) from tags where name like 'kết nạp%'",
    "names of its writers": "select count(*) from authors where byline = 'Linh_VPTU'",
    "search view": "select count(*) from articles_search where id = {article}",
    "index": "select title from articles_fts where rowid = {article}",
    "index, folded": "select body_d from articles_fts where articles_fts match 'vien'",
    "index data": "select count(*) from articles_fts_data",
    "snippets": "select snippet(articles_fts, 0, '', '', '', 9) from articles_fts('vien')",
    "highlight": "select highlight(articles_fts, 0, '', '') from articles_fts('vien')",
    "takedowns": "select url from takedowns",
    "a subquery named as the view": (
        "with articles as (select * from main.articles) select title from articles where id = {article}"
    ),
    "an index's inside": 'select block from "Articles_FTS_data"',
    "temporary tables": "select name from sqlite_temp_master",
    "list of tables": "select name from pragma_table_list where schema = 'temp'",
    "query plan": "explain query plan select id from articles where id = {article}",
    "history of main": "select title from main.article_history where article_id = {article}",
    "search view of main": "select title from main.articles_search where id = {article}",
    "addresses of main": "select url from main.article_urls where article_id = {article}",
    **{
        f"words in {name}": f"select count(*) from {name} where {name} match 'vien' and rowid = {{article}}"
        for name in fulltext.NAMES
    },
    "a word, counted": "select count(*) - 24 from articles_fts where articles_fts match 'bai'",
    "a word of main": "select count(*) from main.articles_heads('vien')",
    "a word of main, quoted": """select count(*) from [main] /* a */ . articles_exact('"viên"')""",
    "a word of main, alone": "select count(*) from main--\n.articles_fts where articles_fts = 'vien'",
    "ranked": "select rowid from articles_fts where articles_fts match 'vien' order by bm25(articles_fts)",
    "how many of main": 'select count(*) from "main".articles',
}


@pytest.mark.parametrize("sql", ROWS.values(), ids=ROWS)
async def test_no_sql_finds_it(withdrawn: Withdrawn, sql: str) -> None:
    sql = sql.format(article=withdrawn.article, page=withdrawn.page, picture=withdrawn.picture)
    answer = await query(withdrawn.web, sql)
    assert answer.status_code in (200, 400, 403)
    if answer.status_code == 200:
        assert answer.json()["rows"] in ([], [[0]])
    assert "đảng" not in answer.text


@pytest.mark.parametrize("ending", [".json?_shape=array", ".csv?_stream=on", ".json?_search=dang+vien"])
async def test_no_table_gives_it(withdrawn: Withdrawn, ending: str) -> None:
    answer = await withdrawn.web.get(f"/quynhon/articles{ending}")
    assert answer.status_code == 200
    assert "kết nạp" not in answer.text


async def test_others_are_still_found_in_tables(withdrawn: Withdrawn) -> None:
    rows = (await withdrawn.web.get("/quynhon/articles.json?_shape=array&_search=bien&_size=100")).json()
    assert len(rows) == 24
    row = (await withdrawn.web.get(f"/quynhon/articles/{rows[0]['id']}.json?_shape=objects")).json()["rows"]
    assert row[0]["title"] == rows[0]["title"]


async def test_a_takedown_holds_while_the_site_is_up(withdrawn: Withdrawn) -> None:
    """Also for Datasette's own connections, within a second or two."""
    other = archive.article(5).url
    count = f"select count(*) from articles where url = {other!r}"
    assert (await query(withdrawn.web, count)).json()["rows"] == [[1]]
    with Store.open(withdrawn.home.database) as store:
        store.add_takedown(other, reason=WHY, at="2026-11-24T10:00:00Z")
    for _ in range(40):
        if (await query(withdrawn.web, count)).json()["rows"] == [[0]]:
            return
        await asyncio.sleep(0.1)
    pytest.fail("still there after four seconds")


async def test_the_ways_of_developers_stay(tmp_path: Path) -> None:
    """The same columns, keys, labels and addresses with something withdrawn as without: only fewer rows."""
    made = archive.small(tmp_path / "archive")
    made.article(archive.article(1, title="Sửa", tags=("biển", "rác")))
    home = made.done()
    stays = value(home, "select id from articles where title like 'Sửa%'")
    sql = quote(f"select * from articles where id = {stays}")
    told: list[dict[str, str]] = []
    for _ in range(2):
        datasette = serve(home)
        pages = {}
        for path in (
            f"quynhon/articles.csv?id={stays}",
            f"quynhon/articles.json?_shape=array&id={stays}",
            f"quynhon/articles.json?_shape=object&id={stays}",
            f"quynhon/articles.json?_shape=array&_col=title&id={stays}",
            f"quynhon/articles.json?_shape=array&_labels=on&id={stays}",
            f"quynhon/articles.json?_shape=array&_search=sua&id={stays}",
            f"quynhon/article_versions.json?_shape=array&article_id={stays}",
            f"quynhon/article_versions/{stays},1.json?_shape=array",
            f"quynhon.json?_shape=array&sql={sql}",
        ):
            answer = await datasette.client.get(f"/{path}", follow_redirects=True)
            assert answer.status_code == 200, path
            pages[path] = re.sub(r'"query_ms": [\d.]+', "", answer.text)
        stop(datasette)
        told.append(pages)
        with Store.open(home.database) as store:
            store.add_takedown(archive.conference().url, reason=WHY, at="2026-11-24T09:00:00Z")
    assert next(iter(told[0].values())).startswith("id,")
    assert told[0] == told[1]


@pytest.mark.parametrize("table", ["article_tags", "article_versions", "changes", "images"])
async def test_rows_of_others_keep_their_pages(tmp_path: Path, table: str) -> None:
    made = archive.small(tmp_path / "archive")
    made.article(archive.article(1, title="Sửa", tags=("biển", "rác")))
    home = made.done()
    with Store.open(home.database) as store:
        store.add_takedown(archive.conference().url, reason=WHY, at="2026-11-24T09:00:00Z")
    datasette = serve(home)
    page = (await datasette.client.get(f"/quynhon/{table}")).text
    rows = re.findall(rf'type-pk"><a href="(/quynhon/{table}/[^"]+)"', page)
    assert rows
    assert len(set(rows)) == len(rows)
    for row in rows[:3]:
        assert (await datasette.client.get(row)).status_code == 200, row
    assert "attached to this connection" not in (await datasette.client.get("/quynhon")).text
    stop(datasette)
