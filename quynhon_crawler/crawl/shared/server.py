"""The Redis server of a shared frontier: connected to, asked by scripts that run as one step each.

Not scrapy-redis: its queue (pickle, a request that is popped is gone), its filter (a second call) and its
scheduler would all have been replaced, and what was left of it is redis-py's own connection pool.
"""

from __future__ import annotations

import logging
import time
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from quynhon_crawler.errors import ArchiveError, QuynhonError

logger = logging.getLogger(__name__)

VERSION = "1"
_SCRIPTS = ("same", "begin", "add", "lease", "commit", "find", "release", "over", "turn")
_PARTS = ("about", "items", "queue", "later", "leased", "owners", "tries")
_TURNS = "quynhon:turns"  # of all portals: two may stand on one host
# How long an answer of Redis may take. While it is away, the next attempt waits for _AGAIN seconds.
_PATIENCE, _AGAIN = 5.0, 1.0


class Away(Exception):
    """Redis does not answer now. Inside this room only: whoever meets it keeps what it has, and waits."""


class Server:
    """One portal's keys on one server. Raises ArchiveError or QuynhonError of one line, without passwords.

    ``address`` is ``redis://`` or ``rediss://`` (TLS, verified against ``ca`` or the system's authorities).
    """

    def __init__(self, address: str, *, portal: str, password: str = "", ca: str = "") -> None:
        try:
            import redis
        except ImportError:
            raise ArchiveError(
                "frontier: a shared frontier needs one more package: pip install 'quynhon-crawler[redis]'"
            ) from None
        self._redis = redis
        parts = urlsplit(address)
        self.place = f"{parts.scheme}://{parts.netloc}{parts.path}"
        options: dict[str, Any] = {"socket_timeout": _PATIENCE, "socket_connect_timeout": 2.0}
        if password:
            options["password"] = password
        if parts.scheme == "rediss" and ca:
            if not Path(ca).is_file():
                raise ArchiveError(f"frontier_ca: {ca}: no such file")
            options["ssl_ca_certs"] = ca
        self._client = redis.Redis.from_url(address, protocol=2, retry=None, **options)
        prefix = f"quynhon:{{{portal}}}:"
        self._keys = [prefix + part for part in _PARTS]
        folder = resources.files("quynhon_crawler.crawl.shared") / "lua"
        self._scripts = {
            name: self._client.register_script((folder / f"{name}.lua").read_text("utf-8"))
            for name in _SCRIPTS
        }
        self._away_until = 0.0
        self.away = False
        self._check()

    def _check(self) -> None:
        """Redis is there, lets us in, and forgets nothing on its own account. Raises ArchiveError."""
        try:
            about = self._asked(lambda: self._client.info("memory"))
        except Away as error:
            raise ArchiveError(
                f"{self.place}: {error}; start Redis, or take frontier out of archive.toml"
            ) from None
        policy = about.get("maxmemory_policy", "noeviction")
        if about.get("maxmemory") and policy != "noeviction":
            raise ArchiveError(
                f"{self.place}: maxmemory-policy is {policy}: Redis would throw away what is still to be "
                "asked when it is full; set it to noeviction"
            )

    def run(self, name: str, *values: str | float) -> Any:
        """Run a script. Raises Away while Redis does not answer; what else it says is an error."""
        keys = [_TURNS] if name == "turn" else [*self._keys, _TURNS] if name == "lease" else self._keys
        return self._asked(lambda: self._scripts[name](keys=keys, args=list(values)))

    def must(self, name: str, *values: str | float) -> Any:
        """As ``run``, at the beginning of a crawl, where nothing can be kept for later: ArchiveError."""
        try:
            return self.run(name, *values)
        except Away as error:
            raise ArchiveError(f"{self.place}: {error}; start Redis and run the crawl again") from None

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _asked(self, question: Any) -> Any:
        if time.monotonic() < self._away_until:
            raise Away("no answer")
        errors = self._redis.exceptions
        try:
            answer = question()
        except errors.AuthenticationError as error:
            raise ArchiveError(f"{self.place}: {error}; see frontier_password in archive.toml") from None
        except (errors.ConnectionError, errors.TimeoutError) as error:
            self._away_until = time.monotonic() + _AGAIN
            if not self.away:
                self.away = True
                logger.warning("%s: %s; waiting for it", self.place, error)
            raise Away(str(error)) from None
        except errors.ResponseError as error:
            raise self._refusal(str(error)) from None
        if self.away:
            self.away = False
            logger.warning("%s: answers again; going on", self.place)
        return answer

    def _refusal(self, said: str) -> QuynhonError:
        if "NOPERM" in said or "permissions" in said:
            return ArchiveError(f"{self.place}: {said}; see frontier_password in archive.toml")
        if said.startswith("VERSION"):
            return ArchiveError(
                f"{self.place}: the frontier there was made by another version ({said.split()[-1]}, "
                f"here {VERSION}); end its crawl with that version, or use another database: .../1"
            )
        if "GONE" in said:
            return QuynhonError(
                f"{self.place}: the crawl that this worker belongs to is not there any more (Redis was "
                "emptied, or another crawl has begun); what was kept is kept: run it again"
            )
        if "OOM" in said or "maxmemory" in said:
            return QuynhonError(
                f"{self.place}: full (maxmemory); nothing is lost: give it more, and run the crawl again"
            )
        return QuynhonError(f"{self.place}: {said}; nothing is lost: mend it, and run the crawl again")
