"""How the player gets onto a machine: one pinned package, checked; one line when it cannot."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from quynhon_crawler.errors import QuynhonError, UsageError
from quynhon_crawler.replay import player
from tests.crawl.run_crawl import quynhon


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's player lies."""
    monkeypatch.setenv(player.ENVIRONMENT, str(tmp_path / "player"))
    return tmp_path / "player"


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A package like the real one, whose sum is the pinned one for this test."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for name in ("ui.js", "sw.js", "LICENSE", "../../evil"):
            content = f"of {name}".encode()
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    monkeypatch.setattr(player, "INTEGRITY", b64encode(hashlib.sha512(raw.getvalue()).digest()).decode())
    return raw.getvalue()


@pytest.fixture
def registry(package: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A registry that gives the package under the address that npm gives it."""

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == f"/replaywebpage/-/replaywebpage-{player.VERSION}.tgz"
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(package if found else b"")

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", address)
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_is_fetched_from_the_registry_once(registry: str, folder: Path) -> None:
    with pytest.raises(player.PlayerMissing, match="quynhon replay install"):
        player.find()
    assert player.install() == folder
    found = player.find()
    assert (found.ui, found.worker, found.license) == (b"of ui.js", b"of sw.js", b"of LICENSE")
    assert sorted(path.name for path in folder.iterdir()) == ["LICENSE", "sw.js", "ui.js"]
    assert player.install() == folder


def test_a_package_that_was_fetched_elsewhere_is_taken(package: bytes, tmp_path: Path) -> None:
    (tmp_path / "package.tgz").write_bytes(package)
    player.install(tmp_path / "package.tgz")
    assert player.find().ui == b"of ui.js"


def test_another_package_is_refused(package: bytes, tmp_path: Path, folder: Path) -> None:
    (tmp_path / "package.tgz").write_bytes(package + b"!")
    with pytest.raises(UsageError, match="its SHA-512 differs; nothing was installed"):
        player.install(tmp_path / "package.tgz")
    assert not folder.exists()


def test_what_the_registry_swaps_is_refused(
    registry: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(player, "INTEGRITY", b64encode(bytes(64)).decode())
    with pytest.raises(UsageError, match="what the registry sent: not replaywebpage"):
        player.install()
    assert not folder.exists()


def test_without_a_network_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9")
    done = quynhon("replay", "install")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("quynhon: http://127.0.0.1:9/replaywebpage/-/replaywebpage-")
    assert line.endswith("fetch it elsewhere and run: quynhon replay install FILE")


def test_an_odd_registry_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "file:///etc/passwd")
    with pytest.raises(QuynhonError, match="no web address"):
        player.install()


def test_a_folder_that_cannot_be_written_is_told(
    package: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "package.tgz").write_bytes(package)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(player.ENVIRONMENT, str(tmp_path / "file" / "player"))
    with pytest.raises(UsageError, match="cannot be installed"):
        player.install(tmp_path / "package.tgz")
