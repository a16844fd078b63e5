"""`quynhon init`."""

from __future__ import annotations

import shlex

import click

from quynhon_crawler.cli.options import NamedPath
from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import find_home


@click.command(epilog="Example: quynhon init ~/quynhon-archive")
@click.argument("folder", metavar="[DIR]", required=False, type=NamedPath(file_okay=False))
def init(folder: str | None) -> None:
    """Make a new archive folder with an archive.toml to fill in."""
    from quynhon_crawler.crawl.choose import make_archive

    home = find_home(folder)
    if home.config.exists():
        raise ArchiveError(f"{home.root}: an archive already; nothing was changed")
    make_archive(home)
    click.echo(
        f"New archive in {home.root}. Fill in {home.config}, "
        f"then: quynhon crawl --archive {shlex.quote(str(home.root))}"
    )
