"""archive.toml, read strictly: what is not understood is an error that names the key and the line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import msgspec

from quynhon_crawler.config.address import check_address, check_dns, check_proxy
from quynhon_crawler.config.keys import Config, Portal
from quynhon_crawler.config.shared import shared_mistakes
from quynhon_crawler.config.unattended import mistakes
from quynhon_crawler.errors import ConfigError
from quynhon_crawler.urls import url_key


def load(path: Path) -> Config:
    """Read archive.toml. Raises ConfigError that names the file, the line and the key."""
    try:
        text = path.read_text("utf-8")
        return parse(text, str(path))
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        what = "`quynhon init` makes one" if missing else "let this user read it"
        raise ConfigError(f"{path}: cannot be read: {error.strerror}; {what}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start:,}") from error


def parse(text: str, name: str = "archive.toml") -> Config:
    """archive.toml as text. Raises ConfigError that names the line and the key."""
    try:
        config = msgspec.convert(tomllib.loads(text), Config)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_no_toml(error, text, name)) from error
    except msgspec.ValidationError as error:
        raise ConfigError(_one_line(str(error), text, name)) from error
    for table, index, key, why in (
        *_broken_lines(config),
        *_addresses(config),
        *shared_mistakes(config),
        *mistakes(config),
    ):
        number = _line_of(text, table, key, index)
        raise ConfigError(f"{name}:{number}: {key}: {why}" if number else f"{name}: {key}: {why}")
    return config


def _broken_lines(config: Config) -> Iterator[tuple[str, int, str, str]]:
    """Values that hold a line break: they would end a header that they are sent in."""
    tables = [
        ("archive", 0, config.archive),
        *(("portals", i, each) for i, each in enumerate(config.portals)),
    ]
    for table, index, values in tables:
        for key in values.__struct_fields__:
            value = getattr(values, key)
            if isinstance(value, str) and re.search(r"[\x00-\x1f\x7f]", value):
                yield table, index, key, "holds a line break or another control character; write one line"


def _addresses(config: Config) -> Iterator[tuple[str, int, str, str]]:
    """Portals whose address cannot be crawled, or is another's; proxies and DNS servers that are none."""
    if config.crawl.dns:
        try:
            check_dns(config.crawl.dns)
        except ConfigError as error:
            yield "crawl", 0, "dns", str(error)
            return
    seen: dict[tuple[str, str], str] = {}
    for index, portal in enumerate(config.portals):
        try:
            key = "url"
            check_address(portal.url)
            key = "proxy"
            if portal.proxy:
                check_proxy(portal.proxy)
        except ConfigError as error:
            yield "portals", index, key, str(error)
            return
        for key, value, same in (
            ("name", portal.name, portal.name.lower()),
            ("url", portal.url, url_key(portal.url)),
        ):
            if (key, same) in seen:
                yield "portals", index, key, _twice(key, value, seen[key, same])
            seen[key, same] = value


def _twice(key: str, value: str, other: str) -> str:
    same = f"two portals have the {key} {value!r}"
    if value != other:  # capitals and small letters are one to people, and to some disks
        same = f"{value!r} and {other!r} of another portal are the same {key}"
    return f"{same}; each needs its own"


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
        alike = get_close_matches(key, _known_keys(table), n=1)
        meant = f"meant: {alike[0]}?" if alike else "see docs/configuration.md for the keys"
        if homes := [name for name in _known_keys("") if not table and key in _known_keys(name)]:
            heads = ("[[portals]]" if name == "portals" else f"[{name}]" for name in homes)
            meant = f"write it below {' or '.join(heads)}"
        return f"{where}: unknown key {key!r}; {meant}"
    if place == "portals":
        return f"{where}: portals: write [[portals]], with two brackets on each side: there may be several"
    said = message.split(" - at ")[0]
    if lacking := re.search(r"missing required field `(\w+)`", said):
        return f"{where}: a portal needs its {lacking[1]}"
    formed = "regex" in said or "enum value" in said
    return f"{where}: {key}: {f'must be {_FORMS[key]}' if formed and key in _FORMS else _plainly(said)}"


def _no_toml(error: tomllib.TOMLDecodeError, text: str, name: str) -> str:
    """The parser's words with the line in front, and what is mostly behind them."""
    place = re.search(r"\(at line (\d+), column \d+\)", str(error))
    if place is None:
        return f"{name}: {error}"
    line = text.splitlines()[int(place[1]) - 1] if int(place[1]) <= len(text.splitlines()) else ""
    hint = ""
    if comma := re.search(r"=\s*(\d+),(\d+)\s*(?:#|$)", line):
        hint = f"; write {comma[1]}.{comma[2]}, with a point"
    elif re.search(r"=\s*[^\s\"'\[{\d+-]", line) and not re.search(r"=\s*(true|false|inf|nan)\b", line):
        hint = "; text is written in quotes"
    elif "Illegal character" in str(error) and line.count('"') % 2:
        hint = "; a quotation mark is missing"
    elif "overwrite" in str(error) or ("declare" in str(error) and "twice" in str(error)):
        hint = "; it stands here twice"
    return f"{name}:{place[1]}: {str(error).removesuffix(place[0]).strip()}{hint}"


def _known_keys(table: str) -> list[str]:
    """Of a table of archive.toml; "" for the keys and tables above all."""
    of = Portal if table == "portals" else type(getattr(Config(), table, None)) if table else Config
    return list(getattr(of, "__struct_fields__", ()))


# What the forms of keys.py and unattended.py mean.
_FORMS = {
    "name": 'letters without marks, digits, "-", "_" and ".", no spaces, as "quy-nhon"; title is free',
    "prefix": 'capital letters, digits and "_", as "QUYNHON"',
    "quiet_hours": 'hours of a day in Vietnamese time, as "22:00-06:00"',
    "tls": '"verify" or "insecure"',
    "sync": '"second" or "record"',
    "kind": '"update" or "full"',
    "smtp_security": '"starttls", "tls" or "none"',
    "withhold": '"nothing", "credentials" or "cookies"',
    "memory": 'a size, as "500M" or "1G"',
    "run_time": 'a span, as "90min", "20h" or "2d"',
}
_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": 'text in quotes ("...")',
    "bool": "true or false",
    "array": "a list in brackets ([...])",
    "object": "a table",
}


def _plainly(message: str) -> str:
    """``Expected `int`, got `str` `` in words of the file."""
    found = re.fullmatch(r"Expected `([\w |]+)`(?:, got `(\w+)`|(.*))", message)
    if found is None:
        return message[:1].lower() + message[1:]
    kinds = [_TYPES.get(kind, kind) for kind in found[1].split(" | ") if kind != "null"]
    got = f", not {_TYPES.get(found[2], found[2])}" if found[2] else (found[3] or "")
    if bound := re.fullmatch(r" ([<>])= ([\d.]+)", got):
        got = f", {float(bound[2]):,.0f} {'or more' if bound[1] == '>' else 'at most'}"
    return f"must be {' or '.join(kinds)}{got}"


def _line_of(text: str, table: str, key: str, index: int) -> int | None:
    inside, seen = not table, -1
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([\w.-]+)\s*\]+", line)
        if header:
            seen += header.group(1) == (table or key)
            inside = header.group(1) == table and seen == index
            if not table and header.group(1) == key and seen == index:
                return number
        elif inside and re.match(rf"\s*\"?{re.escape(key)}\"?\s*[=.]", line):
            return number
    return None
