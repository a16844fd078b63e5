"""What tables and columns mean, for the site (Vietnamese) and for developers (English)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Description:
    """Of one table or view. Pairs are (Vietnamese, English); ``label`` is the column that names a row."""

    caption: str
    text: tuple[str, str]
    columns: dict[str, tuple[str, str]]
    label: str | None


@cache
def descriptions() -> dict[str, Description]:
    """By table, in the order in which a reader best meets them."""
    said = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {
        table: Description(
            caption=entry["caption"],
            text=(entry["description"][0], entry["description"][1]),
            columns={name: (pair[0], pair[1]) for name, pair in entry["columns"].items()},
            label=entry.get("label"),
        )
        for table, entry in said.items()
    }


def table_metadata() -> dict[str, dict[str, Any]]:
    """For Datasette, by table: Vietnamese title, description and columns, and the column that names a row."""
    tables: dict[str, dict[str, Any]] = {}
    for table, said in descriptions().items():
        columns = {name: pair[0] for name, pair in said.columns.items()}
        tables[table] = {"title": said.caption, "description": said.text[0], "columns": columns}
        if said.label:
            tables[table]["label_column"] = said.label
    # The one that the full-text index reads, of no use to anyone else.
    tables["articles_search"] = {"hidden": True}
    return tables
