"""A crawl through a proxy that wants a password: exact, and the password is nowhere in the archive."""

from __future__ import annotations

import gzip
import socket
from base64 import b64encode
from pathlib import Path

import pytest

from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.warc.reader import Stored, exchanges
from tests.crawl.hostile import HostileServer
from tests.crawl.proxy import Proxy
from tests.crawl.run_crawl import quynhon
from tests.crawl.tls import over_tls

PASSWORD = "mat-khau-rieng-91"
CREDENTIALS = b64encode(f"nguoi:{PASSWORD}".encode())
SETTINGS = """
[crawl]
delay = 0
concurrency = 2
retries = 0
timeout = 20.0
min_free = 0
[[portals]]
name = "p"
url = "{url}"
tls = "insecure"
proxy = "http://nguoi:{password}@127.0.0.1:{port}"
"""


def settings(folder: Path, url: str, proxy: Proxy) -> Path:
    (folder / "archive.toml").write_text(SETTINGS.format(url=url, password=PASSWORD, port=proxy.port))
    return folder


def stored(folder: Path) -> list[Stored]:
    found = (item for path in sorted((folder / "warc").iterdir()) for item in exchanges(path))
    return [item for item in found if isinstance(item, Stored)]


def files_with(folder: Path, secret: bytes) -> list[str]:
    """Names of the archive's files that hold a secret, compressed ones included; archive.toml aside."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "archive.toml":
            raw = path.read_bytes()
            if secret in (gzip.decompress(raw) if path.suffix == ".gz" else raw):
                found.append(path.name)
    return found


def test_through_a_proxy_exchanges_are_exact_and_the_password_stays_out(tmp_path: Path) -> None:
    with SamplePortal(articles=5) as portal, Proxy() as proxy:
        done = quynhon("crawl", "p", "--archive", settings(tmp_path, portal.url, proxy))
        asked = len(portal.exchanges)
    assert done.returncode == 0, done.stderr
    assert len(proxy.forwarded) == asked  # robots.txt too
    secret = b"Proxy-Authorization: Basic " + CREDENTIALS + b"\r\n"
    assert all(each.request.count(secret) == 1 for each in proxy.forwarded)
    kept = stored(tmp_path)
    requests = {item.request.block for item in kept if item.request}
    assert requests == {each.request.replace(secret, b"") for each in proxy.forwarded}
    answers = {item.record.block for item in kept if item.record.type == "response"}
    assert answers <= {each.answer for each in proxy.forwarded}
    assert {item.request.headers["x-quynhon-removed"] for item in kept if item.request} == {
        "Proxy-Authorization"
    }
    assert not [item for item in kept if "warc-ip-address" in item.record.headers]
    for word in (PASSWORD.encode(), CREDENTIALS):
        assert files_with(tmp_path, word) == []
        assert word.decode() not in done.stdout + done.stderr


def test_through_a_tunnel_exchanges_are_exact_and_the_password_stays_out(tmp_path: Path) -> None:
    with HostileServer(wrap=over_tls()) as server, Proxy() as proxy:
        url = f"https://127.0.0.1:{server.port}/"
        done = quynhon("crawl", "p", "--limit", "10", "--archive", settings(tmp_path, url, proxy))
        log = {(entry.request, bytes(entry.sent)) for entry in server.log}
    assert "limit" in done.stdout, done.stderr
    assert proxy.tunnels
    assert all(CREDENTIALS in head for head in proxy.tunnels)
    kept = {(item.request.block, item.record.block) for item in stored(tmp_path) if item.request}
    assert len(kept) == 11  # ten, and robots.txt
    assert kept == log
    for word in (PASSWORD.encode(), CREDENTIALS):
        assert files_with(tmp_path, word) == []
        assert word.decode() not in done.stdout + done.stderr


class _RefusingProxy(Proxy):
    """Wants another password than it gets, for forwarding and for tunnels."""

    def _serve(self, client: socket.socket) -> None:
        with client:
            client.recv(65536)
            client.sendall(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n"
                b"Content-Length: 5\r\nConnection: close\r\n\r\nlogin"
            )


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named(tmp_path: Path, scheme: str) -> None:
    with Proxy() as proxy:
        folder = settings(tmp_path, f"{scheme}://127.0.0.1:1/", proxy)
        port = proxy.port
    done = quynhon("crawl", "p", "--archive", folder)
    assert done.returncode == 1
    assert f"the proxy http://127.0.0.1:{port} of archive.toml: connection refused" in done.stderr
    assert PASSWORD not in done.stderr
    told = quynhon("status", "--archive", folder)
    assert f"through the proxy http://127.0.0.1:{port}" in told.stderr
    assert PASSWORD not in told.stderr


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_wrong_password_of_the_proxy_is_no_answer_of_the_portal(tmp_path: Path, scheme: str) -> None:
    with _RefusingProxy() as proxy:
        folder = settings(tmp_path, f"{scheme}://127.0.0.1:1/", proxy)
        done = quynhon("crawl", "p", "--archive", folder)
    assert done.returncode == 1
    assert stored(tmp_path) == []
    assert "the proxy refuses (407)" in done.stderr
    assert PASSWORD not in done.stderr
    assert "Traceback" not in done.stderr
