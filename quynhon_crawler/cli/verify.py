"""`quynhon verify`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from quynhon_crawler.cli.options import archive_option, existing_home, json_option, print_json
from quynhon_crawler.cli.progress import steps
from quynhon_crawler.cli.workers import workers_options
from quynhon_crawler.plural import plural

if TYPE_CHECKING:
    from quynhon_crawler.spread import Spread


@click.command(epilog="Example: quynhon verify --archive my-archive")
@archive_option
@click.option("--bytes-only", is_flag=True, help="Do not read the articles again; ten times as fast.")
@workers_options
@json_option
@click.pass_context
def verify(ctx: click.Context, archive: str | None, bytes_only: bool, spread: Spread, as_json: bool) -> None:
    """Check every file, record, row and article; list what is wrong with file@offset.

    Files against their recorded SHA-256, records against their digests, rows against records, articles
    against a new reading, revisits against what they stand for, lists against what was captured.
    """
    from quynhon_crawler.audit import verify as run

    found = run(existing_home(archive), articles=not bytes_only, spread=spread, on_step=steps())
    if as_json:
        print_json({"ok": found.ok, **dataclasses.asdict(found)})
    else:
        for problem in found.problems:
            click.echo(str(problem), err=True)
        click.echo(
            f"{plural(found.files, 'WARC file')}, {plural(found.records, 'record')}, "
            f"{plural(found.captures, 'capture')}, {plural(found.articles, 'article')} checked: "
            + ("all is well" if found.ok else plural(len(found.problems), "problem"))
        )
        if found.crawling:
            click.echo("A crawl is running: what it has yet to write was not asked for")
    ctx.exit(0 if found.ok else 1)
