"""Pictures by their code, or what it begins with: ``HNBCH082019001``, ``hnbch 08/2019``, ``HNB*``."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass, field

from quynhon_crawler.extract.images import image_code
from quynhon_crawler.publish.lookup.rows import Row, many

_SHOWN = 5
# Letters of an event, then month, year and number as far as they were typed.
_BEGINNING = re.compile(r"([A-ZĐ]{2,16})(\d{0,10})(\*?)")
_BETWEEN = re.compile(r"[\s_/-]+")
# What a code would be if its parts were written alike.
_WRITTEN = "substr(code_month, 6, 2) || substr(code_month, 1, 4) || printf('%03d', code_number)"


@dataclass(frozen=True, slots=True)
class Coded:
    """``code`` as it was meant, how many pictures have it, the first of them (none of a whole event).

    ``groups`` are the events and months that they, or the others of the same event and month, are of.
    """

    code: str = ""
    total: int = 0
    pictures: list[Row] = field(default_factory=list)
    groups: list[Row] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.total > 0


def coded(connection: sqlite3.Connection, typed: str) -> Coded:
    """Archived pictures whose code this is, or begins so."""
    plain = _BETWEEN.sub("", typed).upper()
    whole = image_code(plain)
    if whole is not None and whole.code == plain:
        where = "code_event = ?1 and code_month = ?2 and code_number = ?3"
        found = _find(connection, plain, where, whole.event, whole.month, whole.number)
        if found:
            return found
    match = _BEGINNING.fullmatch(plain)
    if match is None:
        return Coded()
    event, digits, star = match.groups()
    if digits:
        return _find(
            connection, f"{event}{digits}…", f"code_event = ?1 and {_WRITTEN} like ?2 || '%'", event, digits
        )
    if star:
        return _events(connection, f"{event}…", "code_event between ?1 and ?1 || '~'", event)
    return _events(connection, event, "code_event = ?1", event)


def _find(connection: sqlite3.Connection, code: str, where: str, *values: str | int) -> Coded:
    kept = f"images where {where} and images.sha256 is not null"
    total = connection.execute(f"select count(*) from {kept}", values).fetchone()[0]  # noqa: S608
    if not total:
        return Coded()
    sql = f"""select images.capture_id, images.caption, images.code, images.original_name, images.article_id,
                     articles.title
                from images join articles on articles.id = images.article_id
               where images.id in (select id from {kept})
               order by code_month, code_number, articles.published_at, images.id limit {_SHOWN}"""  # noqa: S608
    groups = f"""select code_event, code_month, count(*) as images from images
                  where sha256 is not null
                    and (code_event, code_month) in (select distinct code_event, code_month from {kept})
                  group by 1, 2 order by 2 desc limit 24"""  # noqa: S608
    return Coded(code, total, many(connection, sql, *values), many(connection, groups, *values))


def _events(connection: sqlite3.Connection, code: str, where: str, event: str) -> Coded:
    """Of letters alone, which may be a word like any other: only how many, and where they are."""
    groups = many(
        connection,
        f"""select code_event, null as code_month, count(*) as images from images
             where {where} and sha256 is not null group by 1 order by 3 desc, 1 limit 24""",  # noqa: S608
        event,
    )
    return Coded(code, sum(row["images"] for row in groups), [], groups)
