"""Useful queries, as data: printed into docs/queries.md and the README of a dump, and run by tests."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_HEAD = """# Questions to ask of quynhon.db

Printed from the code: `python -m quynhon_crawler.store.recipes > docs/queries.md`. Each runs as a test.
Run them with `sqlite3 quynhon.db`, `sqlite-utils query quynhon.db "..."` or in the site under `/quynhon`;
what the tables mean stands in [schema.md](schema.md).
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """``values`` are examples for the query's named parameters."""

    vietnamese: str
    english: str
    sql: str
    values: dict[str, str] = field(default_factory=dict)

    def markdown(self) -> str:
        """As a section; values stand in the query as text, ready to be changed."""
        sql = self.sql
        for name, value in self.values.items():
            sql = sql.replace(f":{name}", f"'{value}'")
        return f"## {self.english}\n\n{self.vietnamese}.\n\n```sql\n{sql}\n```\n"


@cache
def recipes() -> tuple[Recipe, ...]:
    """In order of use."""
    said = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return tuple(
        Recipe(entry["title"][0], entry["title"][1], entry["sql"].strip(), entry.get("with", {}))
        for entry in said["recipe"]
    )


def page() -> str:
    """docs/queries.md."""
    return "\n".join((_HEAD, *(recipe.markdown() for recipe in recipes())))


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
