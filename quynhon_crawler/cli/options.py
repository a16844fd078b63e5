"""Options that several commands share, and how they print."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click

from quynhon_crawler.errors import ArchiveError, UsageError
from quynhon_crawler.home import ENVIRONMENT, Home, find_home

#: In click's context: the database of the command under way, for errors that SQLite raises without its name.
DATABASE = "quynhon.database"
_LINES = 10
# Folders of an archive for what is made from it.
_MADE = ("exports", "wacz", "cdx")
_F = TypeVar("_F", bound=Callable[..., Any])


def archive_option(function: _F) -> _F:
    """``--archive DIR``: given to the command as ``archive``."""
    return click.option(
        "--archive",
        type=click.Path(file_okay=False),
        help=f"The archive folder; else ${ENVIRONMENT}, else ./archive.",
    )(function)


def json_option(function: _F) -> _F:
    """``--json``: given to the command as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")(function)


def existing_home(archive: str | None) -> Home:
    """The archive that is meant. Raises ArchiveError when the folder is none."""
    home = find_home(archive)
    if not home.config.is_file():
        raise ArchiveError(
            f"{home.root}: no archive here (no archive.toml); name it with --archive, or make one with "
            "`quynhon init` or `quynhon crawl URL`"
        )
    if (context := click.get_current_context(silent=True)) is not None:
        context.meta[DATABASE] = home.database
    return home


def outside(home: Home, output: Path) -> None:
    """UsageError when ``output`` lies where the archive keeps its own: the next bag would pack it."""
    try:
        inside = output.resolve().relative_to(home.root.resolve()).parts
    except ValueError:
        return
    if len(inside) > 1 and inside[0] in _MADE:
        return
    raise UsageError(
        f"{output}: inside the archive folder, which keeps its own files there; name a place below "
        f"{home.exports}, or outside of {home.root}"
    )


def existing_database(home: Home) -> Home:
    """The same archive, its database brought up to date. Raises ArchiveError when there is none."""
    from quynhon_crawler.store import Store
    from quynhon_crawler.store.decided import write_again

    if not home.database.exists():
        if any(home.warc.glob("*.warc*")):
            command = f"quynhon rebuild --archive {shlex.quote(str(home.root))}"
            raise ArchiveError(f"{home.database}: missing; the WARC files make it again: {command}")
        raise ArchiveError(f"{home.database}: not there yet; `quynhon crawl` makes it")
    Store.open(home.database, readonly=True).close()
    if line := write_again(home.database):
        click.echo(line, err=True)
    return home


def known_name(wanted: str, names: Iterable[str]) -> str:
    """``wanted`` when it is one of ``names``. Raises UsageError with those that look alike."""
    known = list(names)
    if wanted in known:
        return wanted
    alike = ", ".join(get_close_matches(wanted, known, n=3))
    raise UsageError(
        f"{wanted}: no portal of this archive has this name" + (f"; meant: {alike}?" if alike else "")
    )


def print_json(value: Any) -> None:
    """As JSON that people can read too."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_problems(lines: list[str]) -> None:
    """The first of them: a file can have one in each record."""
    for line in lines[:_LINES]:
        click.echo(f"  {line}", err=True)
    if len(lines) > _LINES:
        click.echo(f"  and {len(lines) - _LINES:,} lines more; --json has them", err=True)
