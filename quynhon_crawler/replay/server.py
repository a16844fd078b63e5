"""The replay origin: the page around a replay, the player's files, and ranges of the archive's WACZ.

Nothing of the site is here: no cookies, no session, no database but to know what was taken down. Archived
scripts run on this origin, so it must never be the site's own.
"""

from __future__ import annotations

import asyncio
import re
import sys
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

import jinja2

from quynhon_crawler.errors import QuynhonError
from quynhon_crawler.publish.replay import ARTICLE
from quynhon_crawler.replay.player import SOURCE, Player
from quynhon_crawler.replay.ranges import Unsatisfiable, span
from quynhon_crawler.replay.reply import Receive, Reply, Scope, Send
from quynhon_crawler.replay.shelf import Shelf
from quynhon_crawler.urls import url_key

_VOLUME = re.compile(r"/kho/([0-9a-f]{64})\.wacz")
_HOST = re.compile(r"([A-Za-z0-9.\-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
_TIMESTAMP = re.compile(r"[12]\d{13}")
_HTML, _SCRIPT = "text/html; charset=utf-8", "text/javascript; charset=utf-8"
# The player's own frame. Its worker gives the same page once it runs; the first time it comes from here.
_PLAYER_PAGE = b"""<!doctype html>
<html><head><script src="./ui.js"></script></head><body><replay-app-main></replay-app-main></body></html>
"""
_SHORT = {"cache-control": "public, max-age=60"}
# A day: the files change with the player's version only.
_LONG = {"cache-control": "public, max-age=86400"}
# Not in caches that readers share: what is taken down must not come from there.
_OWN = {"cache-control": "private, max-age=600"}


class Replay:
    """The ASGI application of one archive.

    ``site`` is the address of the site; else it is at ``site_port`` of the host that the reader used.
    """

    def __init__(self, shelf: Shelf, player: Player, *, site: str = "", site_port: int | None = None) -> None:
        self._shelf = shelf
        self._site = site
        self._site_port = site_port
        self._files = {
            "/replay/": (_PLAYER_PAGE, _HTML),
            "/replay/ui.js": (player.ui, _SCRIPT),
            "/replay/sw.js": (player.worker, _SCRIPT),
            "/LICENSE": (player.license, "text/plain; charset=utf-8"),
            "/replay.css": (_static("replay.css"), "text/css; charset=utf-8"),
            "/replay.js": (_static("replay.js"), _SCRIPT),
            "/robots.txt": (b"User-agent: *\nDisallow: /\n", "text/plain; charset=utf-8"),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._answer(Reply(scope, receive, send))

    async def _answer(self, reply: Reply) -> None:
        if reply.method not in ("GET", "HEAD"):
            await reply.send(405, b"", "text/plain", {"allow": "GET, HEAD"})
            return
        try:
            if reply.path in self._files:
                await reply.send(200, *self._files[reply.path], _LONG)
            elif match := _VOLUME.fullmatch(reply.path):
                await self._volume(reply, match[1])
            elif reply.path in ("/", "/xem"):
                await self._frame(reply)
            else:
                await self._say(reply, 404, "not_found")
        except QuynhonError as error:
            # For who runs it; readers are told in words.
            print(f"quynhon: {error}", file=sys.stderr, flush=True)  # noqa: T201
            await self._say(reply, 503, "unreadable")

    async def _frame(self, reply: Reply) -> None:
        url, timestamp = reply.value("url"), reply.value("ts")
        if not _is_web_address(url):
            await self._say(reply, 400 if url else 200, "no_address")
            return
        volume = await asyncio.to_thread(self._shelf.current)
        if volume.hidden.hides(url):
            await self._say(reply, 410, "withdrawn", url=url)
            return
        if not await asyncio.to_thread(self._shelf.holds, url):
            await self._say(reply, 404, "not_captured", url=url)
            return
        words = reply.words
        timestamp = timestamp if _TIMESTAMP.fullmatch(timestamp) else ""
        title = words("replay.title")
        if timestamp:
            day = (
                f"{timestamp[:4]}-{timestamp[4:6]}-{timestamp[6:8]}T{timestamp[8:10]}:{timestamp[10:12]}:00Z"
            )
            title = words("replay.title_at", moment=words.moment(day))
        page = self._page(reply, title, url=url, timestamp=timestamp, digest=volume.wacz.digest)
        await reply.send(200, page, _HTML, {"cache-control": "no-cache"})

    async def _say(self, reply: Reply, status: int, phrase: str, *, url: str = "") -> None:
        words = reply.words
        text = words(f"replay.{phrase}")
        await reply.send(status, self._page(reply, words("replay.title"), text=text, url=url), _HTML, _SHORT)

    def _page(self, reply: Reply, title: str, **values: str) -> bytes:
        given = {"url": "", "timestamp": "", "digest": "", "text": "", **values}
        site = self._site
        if not site and self._site_port and (match := _HOST.fullmatch(reply.header("host"))):
            site = f"http://{match[1]}:{self._site_port}"
        home = site and f"{site}{reply.words.prefix or '/'}"
        search = site and f"{site}{reply.words.prefix}/tim"
        came_from = reply.value("tu")
        back = f"{site}{reply.words.prefix}{came_from}" if site and ARTICLE.fullmatch(came_from) else ""
        page = _template().render(
            words=reply.words, title=title, home=home, back=back, search=search, source=SOURCE, **given
        )
        return page.encode("utf-8", "replace")

    async def _volume(self, reply: Reply, digest: str) -> None:
        volume = await asyncio.to_thread(self._shelf.volume, digest)
        if volume is None:
            await self._say(reply, 404, "not_found")
            return
        size, etag = volume.wacz.file.size, f'"{digest}"'
        headers = {"etag": etag, "accept-ranges": "bytes", **_OWN}
        if reply.header("if-none-match") in (etag, "*"):
            await reply.send(304, b"", "application/wacz", headers)
            return
        wanted = reply.header("range") if reply.header("if-range") in ("", etag) else ""
        try:
            part = span(wanted, size)
        except Unsatisfiable:
            await reply.send(416, b"", "application/wacz", {**headers, "content-range": f"bytes */{size}"})
            return
        start, stop = part or (0, size)
        if part:
            headers["content-range"] = f"bytes {start}-{stop - 1}/{size}"
        chunks = volume.wacz.file.chunks(start, stop)
        await reply.stream(206 if part else 200, chunks, stop - start, "application/wacz", headers, volume)


def _is_web_address(url: str) -> bool:
    """Whether it can be looked up."""
    if len(url) > 8000 or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and bool(url_key(url))
    except (ValueError, UnicodeError):
        return False


@cache
def _static(name: str) -> bytes:
    return (resources.files("quynhon_crawler.replay") / "static" / name).read_bytes()


@cache
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("quynhon_crawler.replay")
    return jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True
    ).get_template("frame.html")


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
