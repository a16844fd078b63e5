"""SQL statements made from a row's columns. Tables and columns are named in rows.py, never by input."""

from __future__ import annotations

from collections.abc import Iterable


def insert(table: str, columns: Iterable[str], *, ignore: bool = False) -> str:
    """``INSERT INTO table(a, b) VALUES (:a, :b)``; ``ignore``: a row that is there stays as it is."""
    names = list(columns)
    verb = "INSERT OR IGNORE INTO" if ignore else "INSERT INTO"
    return f"{verb} {table}({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"


def update(table: str, columns: Iterable[str]) -> str:
    """``UPDATE table SET a = :a WHERE id = :id``."""
    changing = ", ".join(f"{name} = :{name}" for name in columns if name != "id")
    return f"UPDATE {table} SET {changing} WHERE id = :id"
