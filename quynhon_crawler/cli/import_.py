"""`quynhon import`."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import click

from quynhon_crawler.cli.options import (
    archive_option,
    existing_home,
    json_option,
    plain,
    print_json,
    print_problems,
)
from quynhon_crawler.cli.progress import progress
from quynhon_crawler.cli.workers import workers_options
from quynhon_crawler.errors import UsageError
from quynhon_crawler.plural import plural

if TYPE_CHECKING:
    from quynhon_crawler.imports import FileReport
    from quynhon_crawler.spread import Spread

_SHOWN = 5
_HOST = re.compile(r"[\w.-]+(:\d+)?")


@click.command("import", epilog="Example: quynhon import old-portal/ 'crawls/*.wacz' --dry-run")
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER|GLOB|ADDRESS...")
@archive_option
@click.option("--dry-run", is_flag=True, help="Tell what is in the files; change nothing, ask no workers.")
@click.option("--host", "hosts", multiple=True, help="Read pages of this host too; '*' for every host.")
@click.option("--source", help="Where the files came from, for the record: an address, or words.")
@workers_options
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    files: tuple[str, ...],
    archive: str | None,
    dry_run: bool,
    hosts: tuple[str, ...],
    source: str | None,
    spread: Spread,
    as_json: bool,
) -> None:
    """Take WARC, ARC and WACZ files that others made: checked, copied as they are, recorded, read.

    Pages of the hosts in archive.toml are read, and of those named with --host; an archive without portals
    reads all. A broken part does not spoil the rest. A file that is here already is seen. Addresses
    (https://, s3://) are of other storage, which the extra "storage" of the package reads.
    """
    from quynhon_crawler.imports import import_files

    wanted = tuple(map(_host, hosts))
    report = import_files(
        existing_home(archive),
        files,
        dry_run=dry_run,
        hosts=wanted,
        source=source,
        spread=spread,
        on_file=progress("Taking files:"),
    )
    if as_json:
        print_json({**dataclasses.asdict(report), "ok": report.ok})
    else:
        for each in report.files:
            _tell(each)
        for line in report.problems:
            click.echo(f"  {plain(line)}", err=True)
        if report.unresolved:
            click.echo(f"{report.unresolved:,} revisits stand for records that are not in the archive (yet)")
    ctx.exit(0 if report.ok else 1)


def _host(said: str) -> str:
    """As addresses have it. Raises UsageError for what is no host."""
    from quynhon_crawler.urls import host_of

    if said == "*":
        return said
    host = host_of(said.lower() if "://" in said else f"http://{said.lower()}/")
    if not _HOST.fullmatch(host):
        raise UsageError(f"--host {said!r}: is no host; write it as quynhon.gov.vn, or '*' for every host")
    return host


def _tell(each: FileReport) -> None:
    source, file = plain(each.source), plain(each.file)
    if each.status == "refused":
        click.echo(f"refused: {plain(each.why or '')}", err=True)
        return
    if each.status == "known":
        click.echo(f"{source}: here already as {', '.join(each.files)}")
        print_problems(each.problems)
        return
    span = f", {each.first} to {each.last}" if each.first else ""
    types = ", ".join(f"{count:,} {name}" for name, count in each.types.items())
    of = "" if file == source else f" ({file})"
    records, articles = plural(each.records, "record"), plural(each.articles, "article")
    click.echo(f"{source}{of}: {records} ({types}){span}; {articles}")
    for what, counts in (("hosts", each.hosts), ("media types", each.media_types)):
        first = ", ".join(f"{name} {count:,}" for name, count in list(counts.items())[:_SHOWN])
        more = f", and {len(counts) - _SHOWN:,} more" if len(counts) > _SHOWN else ""
        if first:
            click.echo(f"  {what}: {first}{more}")
    if each.status == "taken":
        click.echo(f"  kept as {', '.join(each.files)}")
    if each.out_of_scope:
        count, host = sum(each.out_of_scope.values()), next(iter(each.out_of_scope))
        click.echo(
            f"  {plural(count, 'page')} of other hosts kept and not read; --host {host} reads those of {host}"
        )
    print_problems(each.problems)
