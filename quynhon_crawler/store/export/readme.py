"""README.md of an export."""

from __future__ import annotations

import sqlite3

from quynhon_crawler.store.content import public_tables
from quynhon_crawler.store.descriptions import descriptions
from quynhon_crawler.store.recipes import recipes, searching
from quynhon_crawler.store.visible import condition

_SHOWN = 10
_FORMS = {
    "dump": "One SQLite file, `quynhon.db`, with its full-text index: `sqlite3 quynhon.db`,"
    " `datasette quynhon.db`, any SQLite of 2018 or later.",
    "csv": "One CSV file a table: UTF-8 with a byte order mark, comma, CRLF. A cell that a spreadsheet would"
    " run as a formula begins with an apostrophe; JSON Lines and the dump hold it as it is.",
    "jsonl": "One JSON Lines file a table: one object a line, UTF-8, LF;"
    " `pandas.read_json('articles.jsonl', lines=True)`.",
    "parquet": "One Parquet file a table, compressed with Zstandard;"
    " `pandas.read_parquet('articles.parquet')`, `duckdb -c \"SELECT title FROM 'articles.parquet'\"`.",
}


def readme(connection: sqlite3.Connection, form: str) -> str:
    """What is in the folder, what it means, and ten queries."""
    parts = [
        "# Kho lưu trữ cổng thông tin, dữ liệu mở\n",
        "Dữ liệu đọc từ bản lưu WARC của các cổng thông tin nêu dưới đây. Mỗi dòng đọc từ một trang đều"
        " chỉ tới bản lưu của trang đó (`capture_id`), và bản lưu chỉ tới tệp WARC, vị trí và độ dài.\n",
        "Open data of a web archive. Every row that was read from a page points to its capture"
        " (`capture_id`), and a capture names WARC file, offset and length.\n",
        f"{_FORMS[form]} `sha256sum -c SHA256SUMS` checks the files; `datapackage.json` (Frictionless)"
        " describes them for programs, `SCHEMA.md` for people.\n",
        *_portals(connection),
        "| bảng / table | dòng / rows | nội dung |\n|---|---:|---|",
    ]
    for table in public_tables(connection):
        sql = f"SELECT count(*) FROM {table} WHERE {condition(table)}"
        count = connection.execute(sql).fetchone()[0]
        parts.append(f"| `{table}` | {count:,} | {descriptions()[table].text[0]} |")
    if form == "dump":
        parts.append("\n# Ten queries\n")
        parts += [recipe.markdown(recipe.values_in(connection)) for recipe in recipes()[:_SHOWN]]
        parts.append(searching())
    return "\n".join(parts)


def _portals(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT coalesce(name, home_url), home_url, rights FROM portals ORDER BY home_url"
    )
    return [f"- {name}: {url}{f' ({rights})' if rights else ''}" for name, url, rights in found] + [""]
