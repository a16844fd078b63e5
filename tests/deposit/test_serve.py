"""`quynhon serve`: the site and the replay, each on its own origin, ended together; links between them."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import closing

import httpx
import pytest
from datasette.app import Datasette

from quynhon_crawler.home import Home
from quynhon_crawler.publish import site
from quynhon_crawler.publish.configuration import PLUGIN
from quynhon_crawler.publish.replay import ENVIRONMENT
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.replay import player
from tests.crawl.run_crawl import COMMAND, environment, quynhon
from tests.deposit.conftest import Crawled


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[str]) -> httpx.Response:
    end = time.monotonic() + 90
    while True:
        try:
            return httpx.get(address, timeout=10)
        except httpx.TransportError:
            assert process.poll() is None, "ended"
            assert time.monotonic() < end, f"{address} did not answer in time"
            time.sleep(0.1)


def article(home: Home) -> tuple[str, str, str]:
    """Its address on the site, the address of its capture, and the time of that."""
    with closing(sqlite3.connect(home.database)) as db:
        number, url, at = db.execute(
            """SELECT a.id, c.url, c.captured_at FROM articles a JOIN captures c ON c.id = a.capture_id
                ORDER BY a.url LIMIT 1"""
        ).fetchone()
    return f"/bai/{shorten(number)}", url, re.sub(r"\D", "", at)[:14]


def test_site_and_replay_are_served_and_end_together(crawled: Crawled) -> None:
    try:
        player.find()
    except player.PlayerMissing as error:
        pytest.skip(str(error))
    port, replay = free_port(), free_port()
    command = [
        "serve",
        "--archive",
        str(crawled.home.root),
        "--port",
        str(port),
        "--replay-port",
        str(replay),
    ]
    process = subprocess.Popen(
        [*COMMAND, *command], env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdout
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        assert f"http://127.0.0.1:{replay}/" in process.stdout.readline()
        path, url, timestamp = article(crawled.home)
        wait_for(f"http://127.0.0.1:{port}/", process)
        page = httpx.get(f"http://127.0.0.1:{port}{path}").text
        link = re.search(r'href="(http://127\.0\.0\.1:\d+/xem\?[^"]+)"', page)
        assert link
        address = httpx.URL(link[1].replace("&amp;", "&"))
        assert (address.port, address.params["url"], address.params["ts"]) == (replay, url, timestamp)
        replayed = wait_for(str(address), process)
        assert replayed.status_code == 200
        assert f'href="http://127.0.0.1:{port}/"' in replayed.text
        assert f'href="http://127.0.0.1:{port}{path}">Về bài viết<' in replayed.text
        elsewhere = httpx.get(str(address.copy_set_param("tu", "@evil.test/bai/00000000000")))
        assert (elsewhere.status_code, "evil" in elsewhere.text) == (200, False)
        nowhere = httpx.get(f"http://127.0.0.1:{replay}/xem", params={"url": "http://nope/"})
        assert nowhere.status_code == 404
        assert f'href="http://127.0.0.1:{port}/tim"' in nowhere.text
        assert '<span id="address">http://nope/</span>' in nowhere.text
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    for one in (port, replay):
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{one}/")


def test_without_the_player_the_site_is_served_and_it_is_told(crawled: Crawled) -> None:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--archive", str(crawled.home.root), "--port", str(port)],
        env={**environment(), player.ENVIRONMENT: "/nowhere"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stderr
        assert process.stderr.readline() == f"quynhon: {player.MISSING}\n"
        path, _, _ = article(crawled.home)
        wait_for(f"http://127.0.0.1:{port}/", process)
        assert "/xem?" not in httpx.get(f"http://127.0.0.1:{port}{path}").text
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--port", "PORT", "--replay-port", "PORT"), "cannot listen at"),
        (("--replay-port", "70000"), "70000"),
    ],
)
def test_a_port_that_cannot_be_had_is_told(crawled: Crawled, options: tuple[str, ...], said: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        given = [port if option == "PORT" else option for option in options]
        done = quynhon("serve", "--archive", crawled.home.root, *given)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


async def linked(home: Home, address: str, *, settings: dict[str, str] | None = None) -> str | None:
    """Where an article of the site leads to for its replay, for a reader of an address."""
    datasette = Datasette(
        config_dir=home.root, metadata={"plugins": {PLUGIN: settings}} if settings else None
    )
    await datasette.invoke_startup()
    transport = httpx.ASGITransport(app=datasette.app())
    async with httpx.AsyncClient(transport=transport, base_url=address) as web:
        page = (await web.get(article(home)[0])).text
    own = site.of(datasette)
    assert own
    own.connections.close()
    datasette.executor.shutdown()
    for database in datasette.databases.values():
        database.close()
    found = re.search(r'href="([^"]*/xem\?)', page)
    return found and found[1]


@pytest.mark.parametrize(
    ("address", "port", "settings", "link"),
    [
        ("http://kho.test:8001", "8002", None, "http://kho.test:8002/xem?"),
        ("http://[::1]:8001", "8002", None, "http://[::1]:8002/xem?"),
        ("http://kho.test", "", None, None),
        ("http://kho.test", "", {"replay": "https://xem.test/"}, "https://xem.test/xem?"),
        ("http://kho.test", "8002", {"replay": "https://xem.test"}, "https://xem.test/xem?"),
        ("http://kho.test", "8002", {"address": "https://kho.test"}, None),
    ],
    ids=[
        "serve",
        "serve on IPv6",
        "datasette alone",
        "proxy",
        "setting before port",
        "proxy that says nothing of replay",
    ],
)
async def test_articles_lead_to_their_replay(
    crawled: Crawled,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    port: str,
    settings: dict[str, str] | None,
    link: str | None,
) -> None:
    monkeypatch.setenv(ENVIRONMENT, port)
    assert await linked(crawled.home, address, settings=settings) == link


async def test_what_is_still_being_written_has_no_link_yet(
    own: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT, "8002")
    assert await linked(own, "http://kho.test")
    for path in list(own.warc.iterdir()):
        path.rename(path.with_name(f"{path.name}.open"))
    assert await linked(own, "http://kho.test") is None
