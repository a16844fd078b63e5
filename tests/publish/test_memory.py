"""Pages are made once for each state of the database, and anew when it changes."""

from __future__ import annotations

import contextlib
from pathlib import Path

import httpx

from quynhon_crawler.store import Store
from tests.publish import archive
from tests.publish.conftest import serve, stop, until


async def test_a_page_given_again_is_the_same(web: httpx.AsyncClient) -> None:
    first, again = await web.get("/tim?q=bien"), await web.get("/tim?q=bien")
    assert (first.content, first.headers["etag"]) == (again.content, again.headers["etag"])
    head = await web.head("/tim?q=bien")
    assert (head.content, head.headers["etag"]) == (b"", first.headers["etag"])


async def test_hosts_and_languages_are_kept_apart(web: httpx.AsyncClient) -> None:
    one = await web.get("/", headers={"Host": "mot.test"})
    two = await web.get("/", headers={"Host": "hai.test"})
    assert "http://mot.test" in one.text
    assert "http://mot.test" not in two.text


async def test_a_new_article_shows_at_once(tmp_path: Path) -> None:
    made = archive.Archive(tmp_path / "archive")
    made.article(archive.article(1))
    made.store.commit()
    datasette = serve(made.home)
    assert "lần thứ 2" not in (await datasette.client.get("/")).text
    made.article(archive.article(2))
    made.store.commit()
    assert "lần thứ 2" in (await datasette.client.get("/")).text
    made.done()
    stop(datasette)


async def test_a_rebuilt_database_is_served_by_screens_and_tables(tmp_path: Path) -> None:
    """``quynhon rebuild`` puts a new file in the place of the old one."""
    made = archive.Archive(tmp_path / "archive")
    made.article(archive.article(1))
    home = made.done()
    datasette = serve(home)
    table = "/quynhon/articles.json?_shape=array&_col=title"
    assert len((await datasette.client.get(table)).json()) == 1
    other = archive.Archive(tmp_path / "other")
    for number in (1, 2):
        other.article(archive.article(number))
    rebuilt = other.done().database
    with Store.open(rebuilt) as store:
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for left in ("-wal", "-shm"):
        Path(f"{home.database}{left}").unlink(missing_ok=True)
    rebuilt.replace(home.database)
    assert "lần thứ 2" in (await datasette.client.get("/")).text
    for _ in range(6):
        assert len((await datasette.client.get(table)).json()) == 2
    await until(lambda: not deleted_databases_held_open(home.root))
    stop(datasette)


def deleted_databases_held_open(root: Path) -> list[str]:
    """Files that this process holds and no folder has any more: they fill the disk unseen."""
    held = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            held.append(str(descriptor.readlink()))
    return [name for name in held if name.startswith(str(root)) and name.endswith(" (deleted)")]
