"""The examples of docs/deploy/, each run by the real server before the real site."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from quynhon_crawler.home import Home
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.store import Store
from tests.publish import archive
from tests.publish.conftest import address, running, value

EXAMPLES = Path(__file__).parents[2] / "docs" / "deploy"
# Debian's nginx lies outside the path of plain users.
PATH = f"{os.environ['PATH']}:/usr/sbin"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return archive.small(tmp_path / "archive").done()


def program(name: str) -> str:
    found = shutil.which(name, path=PATH)
    if found is None:
        pytest.skip(f"no {name}: as root, apt-get install {name}")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(command: list[str], port: int, folder: Path) -> Iterator[httpx.Client]:
    """A server that answers at a port of the loopback; what it says is kept in ``folder``."""
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, "HOME": str(folder)})
    try:
        end = time.monotonic() + 30
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            while True:
                assert process.poll() is None, (folder / "said.txt").read_text()
                try:
                    client.get("/robots.txt")
                    break
                except httpx.TransportError:
                    assert time.monotonic() < end, (folder / "said.txt").read_text()
                    time.sleep(0.05)
            yield client
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def nginx(home: Home, tmp_path: Path) -> Iterator[httpx.Client]:
    """nginx with the example's own lines; its address, its folder and a shorter minute are put in."""
    binary, port = program("nginx"), free_port()
    with running(home) as origin:
        example = (EXAMPLES / "nginx.conf").read_text("utf-8")
        for ours, theirs in (
            ("127.0.0.1:8001", origin.removeprefix("http://")),
            ("/var/cache/nginx/quynhon", str(tmp_path / "cache")),
            ("listen 80;", f"listen 127.0.0.1:{port};"),
            ("proxy_cache_valid 200 1m;", "proxy_cache_valid 200 1s;"),
        ):
            assert ours in example
            example = example.replace(ours, theirs)
        user = "user root;" if os.geteuid() == 0 else ""
        names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "".join(f"{name}_temp_path {tmp_path}/{name};" for name in names)
        main = f"{user} pid {tmp_path}/pid; error_log stderr; events {{}}"
        main += f"http {{ access_log off; {places} {example} }}"
        (tmp_path / "nginx.conf").write_text(main, "utf-8")
        command = [binary, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-g", "daemon off;"]
        with started(command, port, tmp_path) as client:
            yield client


def test_pages_come_from_nginx_the_second_time(nginx: httpx.Client, home: Home) -> None:
    for path in ("/", address(home, "hop-dang-vien.html"), "/tim?q=dang+vien"):
        first, second = nginx.get(path), nginx.get(path)
        assert (first.headers["x-cache"], second.headers["x-cache"]) == ("MISS", "HIT"), path
        assert second.content == first.content
        assert "default-src 'none'" in second.headers["content-security-policy"]


def test_readers_with_and_without_gzip_get_their_own(nginx: httpx.Client) -> None:
    packed = nginx.get("/", headers={"Accept-Encoding": "gzip"})
    plain = nginx.get("/", headers={"Accept-Encoding": "identity"})
    assert (packed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert packed.text == plain.text


def test_addresses_are_those_that_readers_see(nginx: httpx.Client, home: Home) -> None:
    page = nginx.get(address(home, "hop-dang-vien.html")).text
    canonical = re.search(r'rel="canonical" href="([^"]*)"', page)
    assert canonical is not None
    assert canonical[1].startswith(f"http://{nginx.base_url.host}:{nginx.base_url.port}/bai/")


def test_a_takedown_holds_in_nginx_too(nginx: httpx.Client, home: Home) -> None:
    capture = value(home, "select capture_id from images where sha256 is not null and url like '%HNTK%'")
    picture = f"/tep/{shorten(capture)}/anh.jpg"
    assert [nginx.get(picture).headers["x-cache"] for _ in range(2)] == ["MISS", "HIT"]
    with Store.open(home.database) as store:
        store.add_takedown(archive.conference().url, reason="thử", at="2026-11-24T09:00:00Z")
        store.commit()
    end = time.monotonic() + 30
    while nginx.get(picture).status_code == 200:
        assert time.monotonic() < end, "nginx went on showing what was withdrawn"
        time.sleep(0.1)


def test_parts_of_files_and_dumps_come_through(nginx: httpx.Client, home: Home) -> None:
    home.exports.mkdir()
    (home.exports / "kho.wacz").write_bytes(b"PK" + bytes(100_000))
    for _ in range(2):
        part = nginx.get("/du-lieu/tai/kho.wacz", headers={"Range": "bytes=0-1"})
        assert (part.status_code, part.content) == (206, b"PK")


def test_who_asks_too_much_is_told_to_wait(nginx: httpx.Client) -> None:
    answers = [nginx.get(f"/quynhon.json?n={number}").status_code for number in range(60)]
    assert answers[0] == 200
    assert 429 in answers
    assert nginx.get("/").status_code == 200


def test_caddy_serves_the_site(home: Home, tmp_path: Path) -> None:
    binary, port, admin = program("caddy"), free_port(), free_port()
    with running(home) as origin:
        example = (EXAMPLES / "Caddyfile").read_text("utf-8")
        example = example.replace("127.0.0.1:8001", origin.removeprefix("http://"))
        example = example.replace("kho.example.vn {", f"http://127.0.0.1:{port} {{")
        (tmp_path / "Caddyfile").write_text(f"{{\n\tadmin 127.0.0.1:{admin}\n}}\n{example}", "utf-8")
        command = [binary, "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
        with started(command, port, tmp_path) as client:
            assert client.get("/").status_code == 200
            assert "<mark>đảng</mark>" in client.get("/tim?q=dang+vien").text
            home.exports.mkdir()
            (home.exports / "kho.wacz").write_bytes(b"PK" + bytes(100_000))
            part = client.get("/du-lieu/tai/kho.wacz", headers={"Range": "bytes=0-1"})
            assert (part.status_code, part.content) == (206, b"PK")
