"""`quynhon export`: open data, and packages for other archives."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click

from quynhon_crawler.cli.options import (
    NamedPath,
    archive_option,
    existing_database,
    existing_home,
    json_option,
    outside,
    print_json,
)
from quynhon_crawler.cli.progress import progress
from quynhon_crawler.home import Home
from quynhon_crawler.plural import plural

_DATA = ("dump", "jsonl", "csv", "parquet")
_DEPOSITS = ("cdxj", "wacz", "bagit")


@click.command(
    epilog="""\b
Examples:
  quynhon export dump --output public-data
  quynhon export wacz --output quynhon.wacz
  quynhon export bagit --output /media/disk/quynhon-2026"""
)
@click.argument("form", type=click.Choice(_DATA + _DEPOSITS))
@archive_option
@click.option(
    "--output",
    required=True,
    type=NamedPath(path_type=Path),
    help="The folder (or .wacz, .cdxj file) to make.",
)
@json_option
@click.pass_context
def export(ctx: click.Context, form: str, archive: str | None, output: Path, as_json: bool) -> None:
    """Write the archive in a form that others can use.

    \b
    dump, jsonl, csv, parquet   the tables, as open data (docs/queries.md)
    cdxj                        an index of every answer in the WARC files
    wacz                        WARC files, index and pages in one file, for ReplayWeb.page
    bagit                       everything, to deposit and to restore from (docs/preservation.md)

    A consistent copy, made while a crawl may go on. What was taken down is in none of them, but for bagit: a
    bag is for keeping, not for publishing. The same archive gives the same bytes (a bag, but for its date).
    """
    home = existing_home(archive)
    outside(home, output)
    existing_database(home)
    if form in _DATA:
        from quynhon_crawler.store import export as forms

        made: Any = getattr(forms, f"export_{form}")(home.database, output)
        text = f"what is in it and how to ask it: {output / 'README.md'}"
    else:
        made, text = _deposit(home, form, output)
    problems = getattr(made, "problems", [])
    if as_json:
        print_json(dataclasses.asdict(made))
    else:
        files = [path for path in (output, *output.rglob("*")) if path.is_file()]
        click.echo(f"{output}: {sum(path.stat().st_size for path in files) / 1e6:,.1f} MB; {text}")
        for problem in problems:
            click.echo(f"  not all of it: {problem}", err=True)
    ctx.exit(1 if problems else 0)


def _deposit(home: Home, form: str, output: Path) -> tuple[Any, str]:
    """Make a package; returns what was made, and its description."""
    if form == "cdxj":
        from quynhon_crawler.deposit.index import export_cdxj

        index = export_cdxj(home, output, on_file=progress("Indexing"))
        return index, plural(index.captures, "capture")
    if form == "bagit":
        from quynhon_crawler.deposit.bag import export_bag

        bag = export_bag(home, output, on_file=progress("Indexing"))
        return bag, f"{plural(bag.files, 'file')}, content digest {bag.content_digest}"
    from quynhon_crawler.deposit.wacz import export_wacz

    wacz = export_wacz(home, output, on_file=progress("Indexing"))
    indexed = f"{plural(wacz.captures, 'capture')} indexed (all but answers of 304, not modified)"
    return wacz, f"{indexed}, {plural(wacz.pages, 'page')}"
