"""Full-text search over ``articles``: FTS5 indexes that store no text, and what keeps them right.

``articles_fts`` holds both spellings, as printed and with d for đ, so that ``đảng viên`` and ``dang vien``
both match in tools that know nothing of Vietnamese; a phrase needs all its words in one of them. The comment
in its SQL is what Datasette and sqlite-utils look for when they ask which index belongs to ``articles``.
``articles_exact`` tells exact spelling from folded; only whether a word occurs matters there.
``articles_heads`` holds titles and leads again: ``articles_fts`` reads every place of a word to tell them.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

_TEXTS = ("title", "lead", "body")
_INDEXED = ", ".join([*_TEXTS, *(f"{name}_d" for name in _TEXTS)])
#: The indexes, each a table.
NAMES = ("articles_fts", "articles_exact", "articles_heads")


def _folded(column: str) -> str:
    # remove_diacritics 2 folds every Vietnamese mark but the bar of đ.
    return f"replace(replace({column}, 'đ', 'd'), 'Đ', 'D')"


HEADS = """CREATE VIRTUAL TABLE articles_heads USING fts5(title_d, lead_d, content='articles_search',
    content_rowid='id', tokenize='unicode61 remove_diacritics 2')"""
# A large hash and automerge 16: a quarter less indexing time than the defaults, on articles of 6 KB.
INDEXES = (
    f"""CREATE VIEW articles_search AS SELECT id, title, lead, body,
        {", ".join(f"{_folded(name)} AS {name}_d" for name in _TEXTS)} FROM articles""",
    f"""CREATE VIRTUAL TABLE articles_fts USING fts5({_INDEXED}, /* content="articles" */
        content='articles_search', content_rowid='id', tokenize='unicode61 remove_diacritics 2')""",
    """CREATE VIRTUAL TABLE articles_exact USING fts5(title, lead, body, content='articles_search',
        content_rowid='id', detail=none, tokenize='unicode61 remove_diacritics 0')""",
    HEADS,
    "INSERT INTO articles_fts(articles_fts, rank) VALUES ('hashsize', 8000000)",
    "INSERT INTO articles_fts(articles_fts, rank) VALUES ('automerge', 16)",
    "INSERT INTO articles_fts(articles_fts, rank) VALUES ('rank', 'bm25(10, 4, 1, 10, 4, 1)')",
    "INSERT INTO articles_exact(articles_exact, rank) VALUES ('hashsize', 4000000)",
    "INSERT INTO articles_exact(articles_exact, rank) VALUES ('automerge', 16)",
    # Holds a row while Store writes a batch, which it indexes itself; never in what is committed.
    "CREATE TABLE _batch (writing INTEGER)",
)
REBUILD = tuple(f"INSERT INTO {name}({name}) VALUES ('rebuild')" for name in NAMES)


def _statements(row: str, *, delete: bool) -> list[str]:
    """Index or forget a row, whose columns are called ``row`` + name."""
    plain = ", ".join(f"{row}{name}" for name in _TEXTS)
    folded = ", ".join(_folded(f"{row}{name}") for name in _TEXTS)
    made = []
    for index, columns, values in (
        ("articles_fts", _INDEXED, f"{plain}, {folded}"),
        ("articles_exact", ", ".join(_TEXTS), plain),
        ("articles_heads", "title_d, lead_d", f"{_folded(f'{row}title')}, {_folded(f'{row}lead')}"),
    ):
        if delete:
            made.append(
                f"INSERT INTO {index}({index}, rowid, {columns}) VALUES ('delete', {row}id, {values})"
            )
        else:
            made.append(f"INSERT INTO {index}(rowid, {columns}) VALUES ({row}id, {values})")
    return made


def triggers(*, guarded: bool = True) -> tuple[str, ...]:
    """For writers other than Store. ``guarded`` ones stand back while Store writes a batch."""
    when = "WHEN NOT EXISTS (SELECT 1 FROM _batch)" if guarded else ""
    add, forget = "; ".join(_statements("new.", delete=False)), "; ".join(_statements("old.", delete=True))
    return (
        f"CREATE TRIGGER articles_ai AFTER INSERT ON articles {when} BEGIN {add}; END",
        f"CREATE TRIGGER articles_ad AFTER DELETE ON articles {when} BEGIN {forget}; END",
        f"""CREATE TRIGGER articles_au AFTER UPDATE OF id, title, lead, body ON articles {when}
            BEGIN {forget}; {add}; END""",
    )


class Indexed(NamedTuple):
    """The texts of an article, as parameters of the statements below."""

    id: int
    title: str | None
    lead: str | None
    body: str


class Indexing:
    """Gathers what a batch changes, and indexes it in one go, in ascending order of ids.

    A trigger's write makes SQLite open a statement journal, and FTS5 then writes out what it gathered: for
    every article anew. In one go and in order it takes a third of the time (0.35 instead of 1.1 ms).
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._old: dict[int, Indexed | None] = {}
        self._new: dict[int, Indexed] = {}

    def begin(self) -> None:
        """Until ``finish``, within one transaction, the triggers leave indexing to this."""
        self._connection.execute("INSERT INTO _batch VALUES (1)")

    def changes(self, old: Indexed | None, new: Indexed) -> None:
        """``old`` is what the index holds of the article now."""
        self._old.setdefault(new.id, old)
        self._new[new.id] = new

    def finish(self) -> None:
        """Write to the indexes."""
        old = [self._old[number] for number in sorted(self._old) if self._old[number] is not None]
        new = [self._new[number] for number in sorted(self._new)]
        for delete, texts in ((True, old), (False, new)):
            for statement in _statements(":", delete=delete):
                self._connection.executemany(statement, [item._asdict() for item in texts if item])
        self.clear()
        self._connection.execute("DELETE FROM _batch")

    def clear(self) -> None:
        """Give up what waits."""
        self._old.clear()
        self._new.clear()
