"""The files that make plain ``datasette archive/`` serve the site: made from one description, so in step.

Datasette 0.65 reads metadata.yaml and settings.json, Datasette 1.0 datasette.yaml (and titles from
metadata.yaml). This module does not import Datasette: ``quynhon init`` must be quick.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quynhon_crawler.home import Home
from quynhon_crawler.store import fulltext
from quynhon_crawler.store.descriptions import table_metadata

DATABASE = "quynhon"
PLUGIN = "quynhon-crawler"

# Measured on 20,000 articles, one process: table pages 4 a second by default, 81 with the first two.
SETTINGS: dict[str, Any] = {
    "suggest_facets": False,
    "default_page_size": 20,
    "max_returned_rows": 1000,
    "sql_time_limit_ms": 1000,
    "facet_time_limit_ms": 200,
    "num_sql_threads": 3,
    "default_cache_ttl": 60,
    "allow_download": False,
    "max_csv_mb": 100,
    "truncate_cells_html": 160,
}

# The table's index, and what it calls the table's key; sorted by what readers ask for.
_SEARCH = {"articles": {"fts_table": "articles_fts", "fts_pk": "id", "sort_desc": "published_at"}}
# Datasette writes what a page of rows ends with into the address of the next: of a body that is 6 kB.
_LONG = frozenset(("lead", "body", "body_html", "abstract", "field_stamps"))
# What only the program itself needs; readers cannot open these, by page or by SQL.
PRIVATE = ("_article_state", "_batch", "_sqlite_migrations", "takedowns", "hidden_articles")
# The insides of the full-text indexes: words and places of every text, also of withdrawn ones. The indexes
# themselves stay open: Datasette 1.0 searches for those only who may see them.
INDEX_TABLES = tuple(
    f"{index}_{part}" for index in fulltext.NAMES for part in ("data", "idx", "docsize", "config")
)


def write(home: Home, *, title: str = "", contact: str = "", address: str = "") -> list[Path]:
    """Put the three files into an archive folder; a file that is there already stays as it is.

    ``title`` is the archive's name, ``contact`` who runs it, ``address`` the public ``https://host`` of the
    site, for permanent addresses behind a proxy. Returns the files written.
    """
    own = {
        key: value for key, value in (("title", title), ("contact", contact), ("address", address)) if value
    }
    texts = {
        "metadata.yaml": metadata(own),
        "settings.json": json.dumps(SETTINGS, indent=2) + "\n",
        "datasette.yaml": configuration(own),
    }
    written: list[Path] = []
    for name, text in texts.items():
        path = home.root / name
        if not path.exists():
            path.write_text(text, "utf-8")
            written.append(path)
    return written


def metadata(own: dict[str, str]) -> str:
    """metadata.yaml, for Datasette 0.65: titles, descriptions, who may see what."""
    head = "# Datasette 0.65 đọc tệp này và settings.json; Datasette 1.0 đọc datasette.yaml.\n"
    database = {
        "description": "Kho lưu trữ cổng thông tin điện tử, đọc từ các tệp WARC.",
        "tables": _merge(_merge(_merge(table_metadata(), _closed()), _SEARCH), _sortable()),
    }
    content = {
        "title": own.get("title") or "Kho lưu trữ",
        "plugins": {PLUGIN: own},
        "databases": {DATABASE: database},
    }
    return head + _yaml(content)


def configuration(own: dict[str, str]) -> str:
    """datasette.yaml, for Datasette 1.0: the same settings and permissions."""
    head = "# Datasette 1.0 đọc tệp này; Datasette 0.65 đọc metadata.yaml và settings.json.\n"
    content = {
        "settings": SETTINGS,
        "plugins": {PLUGIN: own},
        "databases": {
            DATABASE: {"tables": _merge(_merge(_merge(_behaviour(), _closed()), _SEARCH), _sortable())}
        },
    }
    return head + _yaml(content)


def _merge(tables: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {name: {**tables.get(name, {}), **more.get(name, {})} for name in {**tables, **more}}


def _behaviour() -> dict[str, Any]:
    """Datasette 1.0 takes from metadata.yaml what describes, and wants here what it acts upon."""
    acts = ("label_column", "hidden")
    return {
        name: {key: said[key] for key in acts if key in said}
        for name, said in table_metadata().items()
        if any(key in said for key in acts)
    }


def _sortable() -> dict[str, Any]:
    """Of tables with long texts, what they may be sorted by: everything else."""
    found = {}
    for name, said in table_metadata().items():
        columns = list(said.get("columns", ()))
        if not _LONG.isdisjoint(columns):
            found[name] = {"sortable_columns": [column for column in columns if column not in _LONG]}
    return found


def _closed() -> dict[str, Any]:
    return {name: {"allow": False, "hidden": True} for name in (*PRIVATE, *INDEX_TABLES)}


def _yaml(value: dict[str, Any], indent: str = "") -> str:
    """Nested tables of plain values as YAML; strings in JSON's quotes, which YAML reads alike."""
    lines = []
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            lines.append(f"{indent}{key}:\n{_yaml(inner, indent + '  ')}")
        else:
            lines.append(f"{indent}{key}: {json.dumps(inner, ensure_ascii=False)}\n")
    return "".join(lines)
