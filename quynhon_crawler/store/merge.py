"""Rows that many pages each tell a part of: for every column the newest page that tells it wins.

A listing knows a document's number and a detail page its signer; neither may blank what the other said,
in whatever order they arrive. ``field_stamps`` remembers when each column was told.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

Stamp = tuple[str, int]
_TIMES = ("first_seen_at", "seen_at")


def merge(connection: sqlite3.Connection, table: str, row: dict[str, Any], stamp: Stamp) -> set[str]:
    """Put what one page tells into the row with its id; returns the columns that it is the newest to tell.

    ``stamp`` is (captured_at, capture id). None means that the page does not tell. Columns ``seen_at`` and
    ``capture_id`` follow the newest page, ``first_seen_at`` (where the table has it) the oldest.
    """
    cursor = connection.execute(f"SELECT * FROM {table} WHERE id = ?", (row["id"],))
    found = cursor.fetchone()
    names = [column[0] for column in cursor.description]
    old: dict[str, Any] = dict(zip(names, found, strict=True)) if found else {"field_stamps": "{}"}
    stamps: dict[str, list[Any]] = json.loads(old["field_stamps"])
    new, told_newest = dict(old), set()
    for name, value in row.items():
        # Two readings of one capture tell the same; the value breaks a tie all the same.
        told = (*stamp, str(value))
        if value is None or (name in stamps and told <= (*stamps[name], str(old[name]))):
            continue
        stamps[name] = list(stamp)
        new[name] = value
        told_newest.add(name)
    new["field_stamps"] = json.dumps({name: stamps[name] for name in sorted(stamps)}, separators=(",", ":"))
    if found is None or stamp > (old["seen_at"], old["capture_id"]):
        new["seen_at"], new["capture_id"] = stamp
    if "first_seen_at" in names:
        new["first_seen_at"] = min(old.get("first_seen_at") or stamp[0], stamp[0])
    if new != old:
        columns = [name for name in names if name in new]
        marks = ", ".join("?" * len(columns))
        told_now = ", ".join(f"{name} = excluded.{name}" for name in columns)
        connection.execute(
            f"INSERT INTO {table}({', '.join(columns)}) VALUES ({marks})"
            f" ON CONFLICT(id) DO UPDATE SET {told_now}",
            [new[name] for name in columns],
        )
    return told_newest


def stamp_of(field_stamps: str, column: str) -> Stamp:
    """When a column was told."""
    at, capture_id = json.loads(field_stamps)[column]
    return at, capture_id
