"""One small archive, served by Datasette in process, for all tests that only read."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from datasette.app import Datasette

from quynhon_crawler.home import Home
from quynhon_crawler.publish import site
from quynhon_crawler.publish.short import shorten
from tests.publish import archive


def serve(home: Home) -> Datasette:
    """What ``datasette archive/`` serves."""
    return Datasette(config_dir=home.root)


def stop(datasette: Datasette) -> None:
    """Let go of every thread and file."""
    own = site.of(datasette)
    if own is not None:
        own.connections.close()
    datasette.executor.shutdown()
    for database in datasette.databases.values():
        database.close()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return archive.small(tmp_path_factory.mktemp("archive")).done()


@pytest.fixture
async def datasette(home: Home) -> AsyncIterator[Datasette]:
    served = serve(home)
    await served.invoke_startup()
    yield served
    stop(served)


@pytest.fixture
async def web(datasette: Datasette) -> AsyncIterator[httpx.AsyncClient]:
    """A browser's view: nothing of the program, only requests and answers."""
    transport = httpx.ASGITransport(app=datasette.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://kho.test") as client:
        yield client


def address(home: Home, url_end: str) -> str:
    """The short address of the article whose portal address ends so."""
    return "/bai/" + shorten(value(home, "select id from articles where url like '%' || ?", url_end))


def value(home: Home, sql: str, *values: object) -> int:
    """One number of the database."""
    connection = sqlite3.connect(home.database)
    try:
        return int(connection.execute(sql, values).fetchone()[0])
    finally:
        connection.close()


@contextmanager
def running(home: Home) -> Iterator[str]:
    """The site on a socket, in a thread; its origin."""
    datasette = serve(home)
    server = uvicorn.Server(uvicorn.Config(datasette.app(), port=0, log_level="critical", lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    stop(datasette)


async def until(holds: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for something that another thread is about to do."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "did not happen in time"
        await asyncio.sleep(0.01)


async def query(web: httpx.AsyncClient, sql: str) -> httpx.Response:
    """A stranger's SQL, as JSON; Datasette 1.0 asks for it at another address and says so."""
    return await web.get(f"/quynhon.json?_shape=arrays&sql={quote(sql)}", follow_redirects=True)
