"""`quynhon export`: open data."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from quynhon_crawler.cli.options import (
    archive_option,
    existing_database,
    existing_home,
    json_option,
    print_json,
)

_FORMS = ("dump", "jsonl", "csv", "parquet")


@click.command(epilog="Example: quynhon export dump --output public-data")
@click.argument("form", type=click.Choice(_FORMS))
@archive_option
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The folder to make.")
@json_option
def export(form: str, archive: str | None, output: Path, as_json: bool) -> None:
    """Write the public part of the archive as a SQLite dump, JSON lines, CSV or Parquet.

    A consistent copy, made while a crawl may go on, with SHA-256 sums, a datapackage.json and a README. What
    was taken down is not in it. The same archive gives the same bytes.
    """
    from quynhon_crawler.store import export as forms

    home = existing_database(existing_home(archive))
    made = getattr(forms, f"export_{form}")(home.database, output)
    if as_json:
        print_json(dataclasses.asdict(made))
    else:
        size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
        click.echo(f"{output}: {size / 1e6:,.1f} MB; what is in it and how to ask it: {output / 'README.md'}")
