"""Options that several commands share, and how they print."""

from __future__ import annotations

import json
import re
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
# What would break a line in two, turn it around, or cannot be printed: names of files hold any byte.
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_F = TypeVar("_F", bound=Callable[..., Any])


class NamedPath(click.Path):
    """A path that is not empty. As ``Path("")`` it would be the folder that one happens to be in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuses an empty word."""
        if value == "":
            self.fail("an empty path (a variable of the shell that is not set?)", param, ctx)
        return super().convert(value, param, ctx)


def archive_option(function: _F) -> _F:
    """``--archive DIR``: given to the command as ``archive``."""
    return click.option(
        "--archive",
        type=NamedPath(file_okay=False),
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
    from quynhon_crawler.store.decided import catch_up, write_again

    if not home.database.exists():
        if any(home.warc.glob("*.warc*")):
            command = f"quynhon rebuild --archive {shlex.quote(str(home.root))}"
            raise ArchiveError(f"{home.database}: missing; the WARC files make it again: {command}")
        raise ArchiveError(f"{home.database}: not there yet; `quynhon crawl` makes it")
    Store.open(home.database, readonly=True).close()
    for line in (write_again(home.database), catch_up(home.database)):
        if line:
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
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    click.echo(text.encode("utf-8", "backslashreplace").decode())  # of a lone surrogate, as JSON has it


def plain(text: str) -> str:
    """In one line that any terminal prints: a line feed in a name as ``\\n``, a byte as ``\\xe9``."""
    return _UNPRINTED.sub(lambda found: _escaped(found[0]), text)


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else repr(letter)[1:-1]


def print_problems(lines: list[str]) -> None:
    """The first of them: a file can have one in each record."""
    for line in lines[:_LINES]:
        click.echo(f"  {plain(line)}", err=True)
    if len(lines) > _LINES:
        click.echo(f"  and {len(lines) - _LINES:,} lines more; --json has them", err=True)
