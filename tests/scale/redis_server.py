"""A Redis of the tests: Debian's redis-server on a port of its own, with a password."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
import redis

PASSWORD = "chỉ để thử"

needs_redis = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="no redis-server: as root, apt-get install redis-server"
)


class RedisServer:
    """Started at once; ``stop`` and ``start`` keep what is in it. ``address`` is what archive.toml takes."""

    def __init__(self, folder: Path, *options: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.options = folder, options
        self.secret = folder / "password"
        self.secret.write_text(PASSWORD, "utf-8")
        self.port = 0
        self.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        """To be closed by who asks for it."""
        return redis.Redis(port=self.port, password=PASSWORD, protocol=2)

    def settings(self, more: str = "") -> str:
        """The keys of archive.toml."""
        return f'frontier = "{self.address}"\nfrontier_password = "file:{self.secret}"\n{more}'

    def start(self) -> None:
        """Returns when it answers."""
        for _ in range(20):  # another process may have taken the port that was free
            port = self.port or _free_port()
            command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
            command += ["--requirepass", PASSWORD, "--appendonly", "yes", "--appendfsync", "everysec"]
            with (self.folder / "log").open("ab") as log:
                self._process = subprocess.Popen([*command, "--save", "", *self.options], stdout=log)
            end = time.monotonic() + 30
            while self._process.poll() is None and time.monotonic() < end:
                try:
                    with redis.Redis(port=port, password=PASSWORD, protocol=2) as client:
                        client.ping()
                except redis.exceptions.ConnectionError:
                    time.sleep(0.02)
                else:
                    self.port = port
                    return
        raise AssertionError((self.folder / "log").read_text())

    def stop(self) -> None:
        """At once, as kill -9 does it."""
        self._process.kill()
        self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
