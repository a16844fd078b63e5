"""`quynhon restore`."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from quynhon_crawler.cli.options import NamedPath, archive_option, json_option, print_json, print_problems
from quynhon_crawler.home import find_home
from quynhon_crawler.plural import plural


@click.command(epilog="Example: quynhon restore /media/disk/quynhon-2026 --archive restored")
@click.argument("bag", type=NamedPath(exists=True, file_okay=False, path_type=Path))
@archive_option
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@json_option
@click.pass_context
def restore(ctx: click.Context, bag: Path, archive: str | None, workers: int, as_json: bool) -> None:
    """Make an archive again from a BAG alone: check every sum, copy, and build the database.

    The archive's folder must be empty or not there. Exit status 1 when the database does not say what it said
    when the bag was made.
    """
    from quynhon_crawler.deposit.restore import restore as make

    made = make(bag, find_home(archive), workers=workers)
    if as_json:
        print_json(dataclasses.asdict(made))
    else:
        click.echo(f"{made.root}: {plural(made.files, 'file')}, {plural(made.captures, 'capture')}")
        click.echo(
            f"Content digest {made.content_digest}{', as when the bag was made' if made.as_bagged else ''}"
        )
        print_problems(made.problems)
    ctx.exit(1 if made.problems else 0)
