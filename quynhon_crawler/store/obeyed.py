"""What an export obeys, written into it: a digest of the takedowns in force when it was made.

The site offers only what obeys the takedowns of now (``publish/exports.py``). When a file was made says
nothing about that: copying an old export dates it today.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

#: The property of datapackage.json, of a folder and of a WACZ alike; none where nothing is withdrawn.
FIELD = "takedowns"
#: What stands beside a file that has no place for it: NAME.datapackage.json.
DESCRIPTION = ".datapackage.json"


def obeyed(connection: sqlite3.Connection) -> str | None:
    """``sha256:`` and the digest of what this database hides; None: nothing.

    Of the address, reason and time that each tombstone shows to who asks for it, and of all of them together:
    nobody can find out from it more than by asking. Not of who decided, which could be guessed name by name.
    """
    rows = connection.execute("SELECT url, reason, at FROM main.takedowns ORDER BY url, at").fetchall()
    if not rows:
        return None
    said = json.dumps([list(row) for row in rows]).encode()
    return f"sha256:{hashlib.sha256(said).hexdigest()}"


def property_of(state: str | None) -> dict[str, Any]:
    """What to add to a datapackage.json."""
    return {FIELD: state} if state else {}
