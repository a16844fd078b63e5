"""Useful queries, as data: printed into docs/queries.md and the README of a dump, and run by tests."""

from __future__ import annotations

import sqlite3
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_HEAD = """# Questions to ask of quynhon.db

Printed from the code: `python -m quynhon_crawler.store.recipes > docs/queries.md`. Each runs as a test.
Run them with `sqlite3 quynhon.db`, `sqlite-utils query quynhon.db "..."` or in the site under `/quynhon`;
what the tables mean stands in [schema.md](schema.md). How to search for words is told at the end.
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """``values`` are examples for the query's named parameters; ``found`` are queries that find others."""

    vietnamese: str
    english: str
    sql: str
    values: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def values_in(self, connection: sqlite3.Connection) -> dict[str, str]:
        """Values that mean something in this database, where it has any."""
        rows = {name: connection.execute(sql).fetchone() for name, sql in self.found.items()}
        return self.values | {name: row[0] for name, row in rows.items() if row and row[0]}

    def markdown(self, values: dict[str, str] | None = None) -> str:
        """As a section; values stand in the query as text, ready to be changed."""
        sql = self.sql
        for name, value in (values or self.values).items():
            value = value.replace("'", "''")
            sql = sql.replace(f":{name}", f"'{value}'")
        return f"## {self.english}\n\n{self.vietnamese}.\n\n```sql\n{sql}\n```\n"


def searching() -> str:
    """How to search for words, as a section."""
    return str(_said()["searching"])


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@cache
def recipes() -> tuple[Recipe, ...]:
    """In order of use."""
    return tuple(
        Recipe(
            vietnamese=entry["title"][0],
            english=entry["title"][1],
            sql=entry["sql"].strip(),
            values=entry.get("with", {}),
            found=entry.get("from", {}),
        )
        for entry in _said()["recipe"]
    )


def page() -> str:
    """docs/queries.md."""
    return "\n".join((_HEAD, *(recipe.markdown() for recipe in recipes()), searching()))


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
