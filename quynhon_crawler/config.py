"""archive.toml: what to crawl, how politely, and who runs it. Read strictly, written once with comments."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from quynhon_crawler.errors import ConfigError
from quynhon_crawler.urls import host_of, url_key

Seconds = Annotated[float, Meta(ge=0)]
Count = Annotated[int, Meta(ge=1)]
Bytes = Annotated[int, Meta(ge=0)]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]


class Archive(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[archive]``: whose archive it is. ``prefix`` begins the names of the WARC files."""

    name: str = "Kho lưu trữ cổng thông tin"
    operator: str = ""
    email: str = ""
    rights: str = ""
    prefix: Annotated[str, Meta(pattern=r"^[A-Z0-9][A-Z0-9_]*$")] = "QUYNHON"


class Crawl(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[crawl]``: how to ask, for every portal that does not say otherwise.

    Seconds and bytes. ``max_bytes`` and ``timeout`` bound one answer; what came until then is kept and
    flagged. ``sync`` is when written records are forced to disk. Below ``min_free`` the crawl stops.
    """

    delay: Seconds = 1.0
    concurrency: Count = 1
    timeout: Annotated[float, Meta(gt=0)] = 60.0
    max_bytes: Annotated[int, Meta(ge=1024)] = 50_000_000
    retries: Annotated[int, Meta(ge=0)] = 3
    retry_delay: Seconds = 5.0
    obey_robots: bool = True
    warc_size: Annotated[int, Meta(ge=1024)] = 1_000_000_000
    compression: Annotated[int, Meta(ge=0, le=3)] = 2
    sync: Annotated[str, Meta(pattern=r"^(second|record)$")] = "second"
    min_free: Bytes = 1_000_000_000


class Portal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[[portals]]``: one site. What ``[crawl]`` sets can be set here too, for this portal alone."""

    name: Name
    url: str
    title: str = ""
    system: str = ""
    rights: str = ""
    proxy: str = ""
    delay: Seconds | None = None
    concurrency: Count | None = None
    timeout: Annotated[float, Meta(gt=0)] | None = None
    max_bytes: Annotated[int, Meta(ge=1024)] | None = None
    retries: Annotated[int, Meta(ge=0)] | None = None
    retry_delay: Seconds | None = None
    obey_robots: bool | None = None


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of archive.toml."""

    archive: Archive = Archive()
    crawl: Crawl = Crawl()
    portals: tuple[Portal, ...] = ()

    def crawl_of(self, portal: Portal, **overrides: Any) -> Crawl:
        """The crawl settings in force for a portal; ``overrides`` that are not None win over all."""
        own = {
            name: value
            for name in Crawl.__struct_fields__
            if (value := getattr(portal, name, None)) is not None
        }
        given = {name: value for name, value in overrides.items() if value is not None}
        return msgspec.structs.replace(self.crawl, **{**own, **given})

    def find_portal(self, wanted: str) -> Portal | None:
        """A portal by its name, or by an address on its host."""
        for portal in self.portals:
            if portal.name == wanted or ("//" in wanted and host_of(portal.url) == host_of(wanted)):
                return portal
        return None


def portal_for(url: str) -> Portal:
    """A portal for an address that archive.toml does not know. Raises ConfigError unless http or https."""
    check_address(url)
    name = re.sub(r"[^A-Za-z0-9]+", "-", host_of(url)).strip("-")
    return Portal(name=name, url=url)


def check_address(url: str) -> None:
    """ConfigError with one line unless ``url`` is an absolute http or https address."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good:
        raise ConfigError(f"{url!r} is not an address to crawl; write it in full, as https://quynhon.gov.vn/")


def load(path: Path) -> Config:
    """Read archive.toml. Raises ConfigError that names the file, the line and the key."""
    try:
        text = path.read_text("utf-8")
        return parse(text, str(path))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}; `quynhon init` makes one") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start:,}") from error


def parse(text: str, name: str = "archive.toml") -> Config:
    """archive.toml as text. Raises ConfigError that names the line and the key."""
    try:
        config = msgspec.convert(tomllib.loads(text), Config)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(_one_line(str(error), text, name)) from error
    for portal in config.portals:
        check_address(portal.url)
    names = [portal.name for portal in config.portals]
    homes = [url_key(portal.url) for portal in config.portals]
    for values, what in ((names, "name"), (homes, "url")):
        if twice := next((value for value in values if values.count(value) > 1), None):
            raise ConfigError(f"{name}: two portals have the {what} {twice!r}; each needs its own")
    return config


def _one_line(message: str, text: str, name: str) -> str:
    """msgspec's message with the line of the key in front: ``archive.toml:7: unknown key 'dealy'``."""
    unknown = re.search(r"unknown field `([^`]+)`", message)
    at = re.search(r"at `\$\.?([^`]*)`", message)
    place = at.group(1) if at else ""
    key = unknown.group(1) if unknown else place.rsplit(".", 1)[-1].split("[")[0]
    table = (place if unknown else place.rpartition(".")[0]).split("[")[0]
    number = _line_of(
        text, table, key, int(index.group(1)) if (index := re.search(r"\[(\d+)\]", place)) else 0
    )
    where = f"{name}:{number}" if number else name
    if unknown:
        return f"{where}: unknown key {key!r}; see docs/configuration.md for the keys"
    return f"{where}: {key}: {message.split(' - at ')[0]}"


def _line_of(text: str, table: str, key: str, index: int) -> int | None:
    inside, seen = not table, -1
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([\w.-]+)\s*\]+", line)
        if header:
            seen += header.group(1) == table
            inside = header.group(1) == table and seen == index
            if not table and header.group(1) == key:
                return number
        elif inside and re.match(rf"\s*\"?{re.escape(key)}\"?\s*[=.]", line):
            return number
    return None


def template(*, portal: Portal | None = None) -> str:
    """A new archive.toml, with every key that a beginner changes and what it means."""
    lines = [
        "# What this archive crawls, how politely, and who runs it.",
        "# Every key is explained in docs/configuration.md; one that is not known there is an error.",
        "",
        "[archive]",
        'name = "Kho lưu trữ cổng thông tin"',
        "# Who runs it and where a webmaster can reach them; both go into every request and WARC file.",
        'operator = ""',
        'email = ""',
        'rights = ""',
        'prefix = "QUYNHON"',
        "",
        "[crawl]",
        "delay = 1.0          # seconds between two requests to one host",
        "concurrency = 1      # requests under way at once",
        "timeout = 60.0       # seconds for one answer; what came until then is kept and flagged",
        "max_bytes = 50000000 # bytes of one answer; the first ones are kept and flagged",
        "",
    ]
    if portal is None:
        lines += ["# [[portals]]", '# name = "quynhon"', '# url = "https://quynhon.gov.vn/"']
    else:
        lines += ["[[portals]]", f'name = "{portal.name}"', f'url = "{portal.url}"']
    return "\n".join(lines) + "\n"
