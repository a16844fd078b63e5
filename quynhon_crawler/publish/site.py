"""One archive being served: its folder, its connections, its templates, its name."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import jinja2

from quynhon_crawler.config.keys import Archive
from quynhon_crawler.config.reading import load
from quynhon_crawler.errors import UsageError
from quynhon_crawler.home import Home
from quynhon_crawler.publish import assets
from quynhon_crawler.publish.configuration import PLUGIN
from quynhon_crawler.publish.connections import Connections
from quynhon_crawler.publish.language import CODES, DEFAULT, Language, language
from quynhon_crawler.publish.memory import Memory, Shelf
from quynhon_crawler.publish.naming import file_name
from quynhon_crawler.publish.short import shorten
from quynhon_crawler.store.medium import is_fixed

if TYPE_CHECKING:
    from datasette.app import Datasette

DATABASE_FILE = "quynhon.db"
# A screen asks some indexed questions, 5 ms together at 50,000 articles; past this something is wrong.
SCREEN_LIMIT_SECONDS = 2.0
# Some hundred small pictures of pages that many read at once.
_PICTURE_BYTES = 16_000_000
# 200 letters of Vietnamese are 1,200 signs of an address at most; filters and pages take few more.
_LONGEST_QUERY = 2_000
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")
_ADDRESS = re.compile(
    rf"^(?:/(?P<code>{'|'.join(code for code in CODES if code != DEFAULT)})(?=/|$))?(?P<rest>.*)$"
)

T = TypeVar("T")


class Site:
    """The site of one Datasette instance. ``of`` gives it; None when no ``quynhon.db`` is attached."""

    def __init__(self, datasette: Datasette, database: str, path: Path) -> None:
        self.datasette = datasette
        self.database = database
        self.home = Home(path.absolute().parent)
        self.base = str(datasette.setting("base_url")).rstrip("/")
        settings: dict[str, Any] = datasette.plugin_config(PLUGIN) or {}
        name, keeper = _keeper(self.home)
        self.title = str(settings.get("title") or name)
        self.tagline = str(settings.get("tagline") or "")
        self.contact = str(settings.get("contact") or keeper[0])
        self.email = "" if settings.get("contact") else keeper[1]
        self.address = str(settings.get("address") or "").rstrip("/")
        self.replay = str(settings.get("replay") or "").rstrip("/")
        if is_fixed(self.home.database):
            # Datasette's own connections, on a read-only disk: SQLite makes no files beside the database.
            datasette.databases[database].is_mutable = False
        self.connections = Connections(self.home.database)
        self.memory = Memory()
        # Bodies by digest and width, as they were last sent; whether they may be is asked each time.
        self.pictures: Shelf[tuple[str, int | None], bytes] = Shelf(_PICTURE_BYTES)
        # What ``freshness`` saw of the database: its file, what is withdrawn; how many portals there are.
        self.seen: tuple[object, ...] = ()
        self.portals = 0
        # Reading one picture unpacks it in memory: four at a time bound that.
        self.readers = asyncio.Semaphore(4)

    async def ask(
        self, question: Callable[[sqlite3.Connection], T], *, seconds: float = SCREEN_LIMIT_SECONDS
    ) -> T:
        """Run a question of ``lookup`` on the archive's database, in a thread.

        Raises sqlite3.OperationalError ("interrupted") when it takes longer than ``seconds``.
        """
        return await self.connections.ask(question, seconds=seconds)

    @property
    def generation(self) -> tuple[int, ...]:
        """Changes whenever the database may have changed: size and time of the file and of its log."""
        marks: list[int] = []
        for path in (self.home.database, self.home.root / f"{DATABASE_FILE}-wal"):
            try:
                status = path.stat()
            except OSError:
                marks += [0, 0, 0]
            else:
                marks += [status.st_ino, status.st_mtime_ns, status.st_size]
        return tuple(marks)

    @cached_property
    def templates(self) -> jinja2.Environment:
        templates = jinja2.Environment(
            loader=jinja2.PackageLoader("quynhon_crawler.publish", "templates/quynhon"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        templates.filters["short"] = shorten
        templates.globals["file_name"] = file_name
        templates.globals["host"] = lambda url: urlsplit(url).hostname or url
        templates.globals["asset"] = lambda name: self.base + assets.address(name)
        return templates

    @property
    def signpost(self) -> dict[str, Any]:
        """The way from Datasette's own pages, which have no language, to ours."""
        words = language(DEFAULT)
        return {
            "home": self.base or "/",
            "title": self.title or words("site.title"),
            "data": f"{self.base}/du-lieu",
            "data_title": words("site.data"),
            "ways": [
                (self.base + path, words(f"site.{name}"))
                for path, name in (("/", "home"), ("/du-lieu", "data"), ("/tinh-trang", "state"))
            ],
        }

    def visit(self, request: Any) -> Visit:
        """What a request says of its reader: the language of its address, and where it stands."""
        path = str(request.path).removeprefix(self.base)
        found = _ADDRESS.match(path)
        code = (found and found["code"]) or DEFAULT
        return Visit(self, request, language(code), (found and found["rest"]) or "/")


def _keeper(home: Home) -> tuple[str, tuple[str, str]]:
    """Name, operator and e-mail of archive.toml; "" for what it does not say.

    Commands tell of a broken file.
    """
    try:
        told = load(home.config).archive
    except (UsageError, OSError):
        return "", ("", "")
    return ("" if told.name == Archive().name else told.name), (told.operator, told.email)


@dataclass(frozen=True)
class Visit:
    """One request for a screen. ``rest`` is the path without base address and language."""

    site: Site
    request: Any
    words: Language
    rest: str

    def link(self, path: str) -> str:
        """The address of a screen in this visit's language."""
        return (
            self.site.base + self.words.prefix + path
            if path != "/" or not self.words.prefix
            else (self.site.base + self.words.prefix)
        )

    def file(self, path: str) -> str:
        """The address of something that has no language: a picture, a table, a feed."""
        return self.site.base + path

    def other(self, code: str) -> str:
        """This very screen in another language."""
        prefix = language(code).prefix
        # A question of 60,000 letters, cut for the search, made a page of 245 kB of such addresses.
        query = "&".join(
            part for part in self.request.query_string.split("&") if part and not part.startswith("lang=")
        )
        query = query if len(query) <= _LONGEST_QUERY else ""
        path = prefix + (self.rest if self.rest != "/" or not prefix else "")
        return self.site.base + path + (f"?{query}" if query else "")

    @property
    def origin(self) -> str:
        """``https://host``: the address of the configuration, else what the request names."""
        if self.site.address:
            return self.site.address
        host = str(self.request.host)
        return f"{self.request.scheme}://{host}" if _HOST.fullmatch(host) else ""

    def number(self, name: str, *, least: int = 1, most: int = 100_000) -> int:
        """A whole number of the query; ``least`` when absent or not one."""
        text = str(self.request.args.get(name) or "")
        return (
            min(max(int(text), least), most) if text.isascii() and text.isdigit() and len(text) < 9 else least
        )

    def text(self, name: str, *, most: int = 200) -> str:
        """A text of the query, cut to ``most`` characters between two words, without control characters."""
        raw = str(self.request.args.get(name) or "")
        if len(raw) > most:
            raw = raw[: most + 1].rpartition(" ")[0] or raw[:most]
        return "".join(letter if letter.isprintable() else " " for letter in raw).strip()

    def render(self, template: str, **values: Any) -> str:
        """A template with the words and addresses of this visit."""
        return self.site.templates.get_template(template).render(
            visit=self, words=self.words, site=self.site, link=self.link, file=self.file, **values
        )


_sites: WeakKeyDictionary[Datasette, Site] = WeakKeyDictionary()


def of(datasette: Datasette) -> Site | None:
    """The site that this Datasette serves; None when no ``quynhon.db`` is attached to it."""
    if datasette not in _sites:
        for name, database in datasette.databases.items():
            if database.path and Path(database.path).name == DATABASE_FILE:
                _sites[datasette] = Site(datasette, name, Path(database.path))
                break
    return _sites.get(datasette)
