"""Every article as it would be read from its capture today, against its row (drift).

The pages of a file are read where it lies, by a worker perhaps; what they tell is compared here. A capture
that stands for an earlier one is read here, where the other files are.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from quynhon_crawler.audit.parts import different_parts
from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.errors import RecordError
from quynhon_crawler.home import Home
from quynhon_crawler.ingest import understand
from quynhon_crawler.model import Article, Capture, Page
from quynhon_crawler.plural import plural
from quynhon_crawler.rebuild.revisits import Refers, whole
from quynhon_crawler.spread import Spread, Task, Unread
from quynhon_crawler.store import Store, rows
from quynhon_crawler.warc.stored import page_of, stored_of

_PLACES = frozenset({"portal_id", "section_id", "capture_id"})
_BYLINE = frozenset({"byline", "byline_from", "author_id"})
# Of one task: a long file is read by several workers, and what goes to one and comes back stays small.
_READ = 5_000
# So many articles of a file that cannot be read are told one by one.
_FEW = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """An article that is to be read again: its row's id, its capture, the home page of its portal."""

    id: int
    held: Capture
    home_url: str


class Lost(str):
    """Why a capture cannot be read. Of a file that is gone or cut that is one fault, not each article's."""

    __slots__ = ()


def read_again(path: Path, drawn: list[Drawn]) -> Iterator[tuple[int, int, Article | str]]:
    """For each article its id and its capture's with what is read now, or why nothing is. Of one file."""
    for one in drawn:
        try:
            yield one.id, one.held.id, told_by(page_of(stored_of(path, one.held), one.held), one)
        except RecordError as error:
            yield one.id, one.held.id, _unreadable(error, one.held)


def told_by(page: Page | None, one: Drawn) -> Article | str:
    """The article of a page, or why there is none."""
    article = understand(page, home_url=one.home_url, follow=False).reading.article if page else None
    return article or f"nothing is read from {one.held.warc_file}@{one.held.warc_offset}"


def check_articles(
    store: Store, home: Home, spread: Spread, tell: Callable[[int, int], None]
) -> Iterator[Problem]:
    """Every article; problems as they are met. ``tell`` is told (articles done, articles in all)."""
    total = store.connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    done, losses = 0, _Losses()
    for _, told in spread(read_again, _tasks(store, home)):
        if told is None:
            tell(done, total)
        elif isinstance(told, Unread):
            yield Problem("article", f"its articles cannot be read again: {told.why}", told.where)
        else:
            done += 1
            yield from _compared(store.connection, losses, *told)
    for one in _drawn(store.connection, revisits=True):
        done += 1
        yield from _compared(store.connection, losses, one.id, one.held.id, _embodied(store, home, one))
    yield from losses.told()
    tell(done, total)


def _drawn(connection: sqlite3.Connection, *, revisits: bool) -> Iterator[Drawn]:
    sql = f"""SELECT a.id, coalesce(p.home_url, a.url), c.* FROM articles a
        JOIN captures c ON c.id = a.capture_id LEFT JOIN portals p ON p.id = a.portal_id
        WHERE (c.record_type = 'revisit') = {int(revisits)} ORDER BY c.warc_file, c.warc_offset"""  # noqa: S608
    for number, home_url, _, *values in connection.execute(sql):
        yield Drawn(number, Capture(*values), home_url)


def _tasks(store: Store, home: Home) -> Iterator[Task]:
    for name, of_file in groupby(
        _drawn(store.connection, revisits=False), key=lambda one: one.held.warc_file
    ):
        path = home.warc_path(name)
        some: list[Drawn] = []
        for one in of_file:
            some.append(one)
            if len(some) == _READ:
                yield Task(path, (some,))
                some = []
        if some:
            yield Task(path, (some,))


def _embodied(store: Store, home: Home, one: Drawn) -> Article | str:
    try:
        stored = stored_of(home.warc_path(one.held.warc_file), one.held)
        return told_by(whole(store, home, page_of(stored, one.held), Refers.of(stored.record)), one)
    except RecordError as error:
        return _unreadable(error, one.held)


def _compared(
    connection: sqlite3.Connection, losses: _Losses, number: int, capture: int, read: Article | str
) -> Iterator[Problem]:
    cursor = connection.execute(
        """SELECT a.*, c.warc_file, c.warc_offset FROM articles a JOIN captures c ON c.id = a.capture_id
        WHERE a.id = ?""",
        (number,),
    )
    names = [column[0] for column in cursor.description]
    row = dict(zip(names, cursor.fetchone(), strict=True))
    if row["capture_id"] != capture:
        return  # a crawl beside this has found it changed since it was drawn
    if isinstance(read, Lost):
        losses.meet(Problem("article", read, url=row["url"]), row["warc_file"])
        return
    if isinstance(read, str):
        yield Problem("article", read, url=row["url"])
        return
    told = rows.article_row(read, portal_id=0, section_id=None, capture_id=0)
    left = _PLACES
    if row["byline_from"] not in ("page", None) or (row["byline_from"] is None and told["byline"] is None):
        left |= _BYLINE
    different = sorted(name for name in told if name not in left and told[name] != row[name])
    different += different_parts(connection, number, read)
    if different:
        what = f"read again from {row['warc_file']}@{row['warc_offset']}, {', '.join(different)} differ"
        yield Problem("article", f"{what}; `quynhon rebuild` brings it level", url=row["url"])


def _unreadable(error: RecordError, held: Capture) -> Lost:
    place = f"{error.file}@{error.offset}"
    why = str(error).removeprefix(f"{place}: ")
    if error.file == held.warc_file:  # the reader counts from where it began
        place = f"{held.warc_file}@{held.warc_offset}"
    return Lost(f"its capture cannot be read: {place}: {why}")


class _Losses:
    """Articles by the file that their captures should be in: few are told one by one, many in one line."""

    def __init__(self) -> None:
        self._by_file: dict[str, list[Problem]] = {}
        self._more: Counter[str] = Counter()

    def meet(self, problem: Problem, file: str) -> None:
        told = self._by_file.setdefault(file, [])
        if len(told) < _FEW:
            told.append(problem)
        else:
            self._more[file] += 1

    def told(self) -> Iterator[Problem]:
        for file, problems in self._by_file.items():
            if not self._more[file]:
                yield from problems
                continue
            count = len(problems) + self._more[file]
            yield Problem("article", f"{plural(count, 'article')} cannot be read again from this file", file)
