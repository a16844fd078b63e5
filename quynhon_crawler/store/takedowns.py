"""Decisions to hide an item, and to show it again: ``takedowns.jsonl`` beside the database.

The file is the truth: one JSON object a line, only ever added to, forced to disk before a decision counts.
The table ``takedowns`` follows from it and holds what is hidden now, so that a database that was deleted and
made again hides the same. Who decided stands in the file alone: the table is public, as tombstones are.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import TAKEDOWNS
from quynhon_crawler.store.rows import url_id

Action = Literal["takedown", "lift"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the file. ``by`` is who decided, as the command was told; may be empty."""

    at: str
    action: Action
    url: str
    reason: str
    by: str = ""


def journal_of(database: Path) -> Path:
    """The file that belongs to a database: in the same folder, also while a new one is being made."""
    return database.with_name(TAKEDOWNS)


def decisions(journal: Path) -> list[Decision]:
    """All of them, oldest first. Raises ArchiveError that names the line which cannot be read."""
    try:
        text = journal.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ArchiveError(f"{journal}: cannot be read: {error.strerror}") from error
    # What stands behind the last line break was being written when its process died: it never counted.
    return [_read(journal, number, line) for number, line in enumerate(text.split(b"\n")[:-1], 1)]


def _read(journal: Path, number: int, line: bytes) -> Decision:
    try:
        said: Any = json.loads(line)
        texts = [said[name] for name in ("at", "action", "url", "reason")] + [said.get("by", "")]
        if texts[1] in ("takedown", "lift") and all(isinstance(text, str) for text in texts):
            return Decision(*texts)
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise ArchiveError(
        f"{journal}: line {number} is not a decision about a takedown; restore the file from a copy, or mend "
        "the line: without it what was withdrawn could be shown"
    )


def in_force(journal: Path) -> list[Decision]:
    """The takedowns that hold now, oldest first."""
    last: dict[int, Decision] = {}
    for decision in decisions(journal):
        last.pop(url_id(decision.url), None)
        last[url_id(decision.url)] = decision
    return [decision for decision in last.values() if decision.action == "takedown"]


def write(journal: Path, *made: Decision) -> None:
    """Add a line for each and force them to disk; within ``held``. Raises ArchiveError."""
    texts = (json.dumps(asdict(decision), ensure_ascii=False) for decision in made)
    line = b"".join(text.encode("utf-8", "replace") + b"\n" for text in texts)
    try:
        journal.touch()
        with journal.open("rb+") as file:
            whole = file.read().rfind(b"\n") + 1
            file.seek(whole)
            file.truncate()
            try:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.truncate(journal, whole)
                raise
        folder = os.open(journal.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise ArchiveError(f"{journal}: cannot be written: {error.strerror}; nothing was decided") from error
