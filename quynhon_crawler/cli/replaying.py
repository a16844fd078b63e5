"""`quynhon replay`: archived pages as they were, in ReplayWeb.page or in pywb."""

from __future__ import annotations

from pathlib import Path

import click

from quynhon_crawler.cli.options import NamedPath, archive_option, existing_database, existing_home
from quynhon_crawler.cli.progress import progress
from quynhon_crawler.cli.serving import address, check_port


class _PywbByDefault(click.Group):
    """`quynhon replay --port 8080` means `quynhon replay pywb --port 8080`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in (*self.commands, "-h", "--help"):
            args = ["pywb", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_PywbByDefault,
    epilog="""\b
Examples:
  quynhon replay --pywb ~/pywb       pywb, with Memento and the CDX API
  quynhon replay install             ReplayWeb.page, for `quynhon serve`
  quynhon replay web --port 8002     ReplayWeb.page alone""",
)
def replay() -> None:
    """Replay archived pages. Without a subcommand: `quynhon replay pywb` (docs/replay.md)."""


@replay.command()
@click.argument("package", required=False, type=NamedPath(dir_okay=False, path_type=Path))
def install(package: Path | None) -> None:
    """Fetch ReplayWeb.page from the npm registry, or take the PACKAGE (.tgz) that was fetched elsewhere.

    One pinned version, checked by its SHA-512. It is under the AGPL and no part of this program.
    """
    from quynhon_crawler.replay import player

    click.echo(f"ReplayWeb.page {player.VERSION} is in {player.install(package)}")


@replay.command()
@archive_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 for all.")
@click.option("--port", default=8002, show_default=True, type=click.IntRange(1, 65535))
@click.option("--site", default="", help="Public address of the site, to lead readers back.")
@click.option("--site-port", type=click.IntRange(1, 65535), hidden=True)
def web(archive: str | None, host: str, port: int, site: str, site_port: int | None) -> None:
    """Replay in the reader's browser, until Ctrl-C: `quynhon serve` starts this beside the site."""
    import uvicorn

    from quynhon_crawler.replay import player
    from quynhon_crawler.replay.server import Replay
    from quynhon_crawler.replay.shelf import Shelf

    home = existing_database(existing_home(archive))
    check_port(host, port)
    files = player.find()
    shelf = Shelf(home, on_file=progress("Indexing"))
    try:
        for problem in shelf.current().wacz.problems:
            click.echo(f"quynhon: not all of it: {problem}", err=True)
        if site_port is None:
            click.echo(f"Replaying {home.root} at {address(host, port)} (Ctrl-C ends it)")
        app = Replay(shelf, files, site=site.rstrip("/"), site_port=site_port)
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)
    finally:
        shelf.close()


@replay.command("pywb")
@archive_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 for all.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--pywb", type=NamedPath(path_type=Path), help="pywb's environment, or its `wayback` command.")
def with_pywb(archive: str | None, host: str, port: int, pywb: Path | None) -> None:
    """Replay with pywb, until Ctrl-C: Memento and the CDX API. pywb is installed apart (docs/replay.md)."""
    from quynhon_crawler.replay import pywb as room

    home = existing_database(existing_home(archive))
    command = room.find(pywb)
    check_port(host, port)
    folder = room.prepare(home, on_file=progress("Indexing"))
    click.echo(f"pywb replays {home.root} at {address(host, port)}{room.COLLECTION}/ (Ctrl-C ends it)")
    room.start(command, folder, host, port)
