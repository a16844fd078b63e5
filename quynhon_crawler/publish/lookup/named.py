"""What a reader names instead of describing it: a byline, a unit, a code, a number, an address, a time."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from dataclasses import dataclass, field

from quynhon_crawler.publish.lookup.coded import Coded, coded
from quynhon_crawler.publish.lookup.people import author, unit
from quynhon_crawler.publish.lookup.pointed import article_at, span_named
from quynhon_crawler.publish.lookup.rows import Row, many
from quynhon_crawler.store.words import bare, bare_ascii

_SHOWN = 5
# Names are compared without marks, which no index knows; more of them than this are not looked through.
_AUTHORS = 3_000
# In the address of its page a dash stands for the stroke, and a reader may not know the end of it.
_NUMBER = re.compile(r"(?<!\S)0*(\d+)\s*(?:/\s*|[–-])([^\W_][\w/–-]*)")
_BETWEEN = re.compile(r"[\W_]+")
# Documents of as many years and portals may begin with the same number.
_ALIKE = 2_000
_ALONE = re.compile(r"(?<!\S)0*([1-9]\d{0,4})/?(?!\S)")
# Words that say that a number follows.
_SAYING = frozenset(("so", "van", "ban"))
_SPACES = re.compile(r"[\s_]+")


@dataclass(frozen=True, slots=True)
class Writer:
    """An author, or (``id`` None) a unit, with its latest articles."""

    id: int | None
    name: str
    articles: int
    cards: list[Row]


@dataclass(frozen=True, slots=True)
class Named:
    """Few of each. ``article`` is what stands at an address; ``span`` is ``("2025-06-28", 4 articles)``."""

    writers: list[Writer] = field(default_factory=list)
    coded: Coded = field(default_factory=Coded)
    documents: list[Row] = field(default_factory=list)
    article: Row | None = None
    span: tuple[str, int] | None = None

    def __bool__(self) -> bool:
        return bool(self.writers or self.coded or self.documents or self.article or self.span)


def named(connection: sqlite3.Connection, typed: str) -> Named:
    """Whose name, code or number exactly this is, case and marks aside."""
    typed = unicodedata.normalize("NFC", " ".join(typed.split()))
    if (article := article_at(connection, typed)) is not None:
        return Named(article=article)
    if not typed or len(typed) > 80:
        return Named()
    span = span_named(connection, typed)
    if span is not None and len(span[0]) == len("2025-06-28"):
        return Named(span=span)
    writers, documents = _writers(connection, typed), _documents(connection, typed)
    return Named(writers, coded(connection, typed), documents, span=span)


def _key(text: str) -> str:
    return _SPACES.sub(" ", bare(text)).strip()


def _writers(connection: sqlite3.Connection, typed: str) -> list[Writer]:
    wanted = _key(typed)
    found: list[tuple[int, str]] = []
    units: dict[str, bool] = {}
    sql = """select id, name, byline, unit_code, unit_name from authors
              where id in (select value from json_each(?)) order by id"""
    for number, name, byline, code, unit_name in connection.execute(sql, (_called(connection, wanted),)):
        if wanted in (_key(byline), _key(name or ""), _key(f"{name or ''} {code or ''}")):
            found.append((number, " – ".join(filter(None, (name, unit_name or code))) or byline))
        elif wanted in (_key(code or ""), _key(unit_name or "")):
            units[unit_name or code] = True
    writers = []
    for number, name in found[:_SHOWN]:
        if (of_author := author(connection, number, 0, _SHOWN)) is not None:
            writers.append(Writer(number, name, of_author[0]["articles"], of_author[1]))
    for name in list(units)[:_SHOWN]:
        total, cards = unit(connection, name, 0, _SHOWN)
        if total:
            writers.append(Writer(None, name, total, cards))
    return writers


def _called(connection: sqlite3.Connection, wanted: str) -> str:
    """Authors with this key in some column, as a JSON array of ids.

    All are read as one text: folding 3,000 of them one by one took 17 ms of each search, all at once 5.
    """
    columns = ("byline", "name", "name || ' ' || unit_code", "unit_code", "unit_name")
    line = " || char(9) || ".join(f"coalesce({column}, '')" for column in columns)
    sql = f"""select group_concat(id || char(9) || {line} || char(9), char(10))
               from (select * from authors limit ?)"""  # noqa: S608 - columns of this function
    text = connection.execute(sql, (_AUTHORS,)).fetchone()[0] or ""
    key, lines = f"\t{bare_ascii(wanted)}\t", bare_ascii(text.replace("_", " ")).split("\n")
    return json.dumps([int(line.partition("\t")[0]) for line in lines if key in line])


def _documents(connection: sqlite3.Connection, typed: str) -> list[Row]:
    """By a number anywhere in it: ``quyết định 12/2019/qd-ubnd``, ``12-qd``, ``công văn 3402``."""
    number = _NUMBER.search(typed)
    # A number alone says less: what else was typed must be in the document too.
    alone = None if number else _ALONE.search(typed)
    first = (number or alone or ("", ""))[1]
    if not first:
        return []
    # By the index up to the first stroke; after it letters may lack their marks, or be small.
    sql = """select number, abstract, issued_on, kind, issuer from documents
              where number between ?1 || '/' and ?1 || '0'
                 or number between '0' || ?1 || '/' and '0' || ?1 || '0'
              order by issued_on desc limit ?2"""
    found = many(connection, sql, first, _ALIKE)
    if number is not None:
        wanted = _plain(number[0])
        begun = [row for row in found if _plain(row["number"]).startswith(wanted)]
        return sorted(begun, key=lambda row: _plain(row["number"]) != wanted)[:_SHOWN]
    words = [word for word in bare(_ALONE.sub(" ", typed, count=1)).split() if word not in _SAYING]
    return [row for row in found if all(word in _told(row) for word in words)][:_SHOWN]


def _told(row: Row) -> str:
    return bare(" ".join(row[name] or "" for name in ("kind", "number", "issuer", "abstract")))


def _plain(number: str) -> str:
    return _BETWEEN.sub("", bare(number)).lstrip("0")
