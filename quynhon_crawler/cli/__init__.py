"""The command line: parse, call one function, print. Exit status 0 done, 1 problems listed, 2 wrong use."""

from __future__ import annotations

import sqlite3
from difflib import get_close_matches
from typing import Any

import click

from quynhon_crawler import __version__
from quynhon_crawler.cli import (
    archive,
    crawling,
    extract,
    import_,
    look,
    opendata,
    report,
    schedule,
    serving,
    status,
    takedown,
    verify,
)
from quynhon_crawler.cli.options import DATABASE, plain
from quynhon_crawler.cli.replaying import replay
from quynhon_crawler.cli.restoring import restore
from quynhon_crawler.errors import QuynhonError, UsageError

# As a shell has it: 128 and the number of SIGINT.
_INTERRUPTED = 130
# What Ctrl-C left, told after "stopped". A crawl has an orderly end of its own, servers end by it.
_LEFT = {
    "export": "nothing was exported",
    "extract": "nothing was changed",
    "import": "what was taken is whole; run it again, and it goes on",
    "rebuild": "the old database stays",
    "report": "nothing was changed",
    "restore": "nothing was restored",
    "search": "nothing was changed",
    "status": "nothing was changed",
    "verify": "nothing was changed",
}
_EPILOG = """\b
Examples:
  quynhon demo                                   see it all on this machine
  quynhon crawl https://quynhon.gov.vn/          keep a portal
  quynhon serve                                  read what was kept
"""


class _Group(click.Group):
    """Errors that a user can cause come out as one line; a traceback only with --debug."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Guesses closer than click's, and options among them: "versoin" does not mean "verify"."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            known = {"version": "--version", "help": "--help"} | {name: name for name in self.commands}
            alike = get_close_matches(args[0], known, n=1, cutoff=0.7)
            meant = f"; meant: {known[alike[0]]}?" if alike else ""
            raise click.UsageError(f"no command {args[0]!r}{meant}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except QuynhonError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"quynhon: {plain(str(error))}", err=True)
            ctx.exit(2 if isinstance(error, UsageError) else 1)
        except click.exceptions.NoArgsIsHelpError:  # not wrong: they want to know
            raise
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else "quynhon"
            said = " ".join(error.format_message().split()).rstrip(".")
            click.echo(f"quynhon: {said}; see: {path} --help", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:  # what is half made is made beside what is kept, and is gone by now
            left = _LEFT.get(ctx.invoked_subcommand or "", "nothing is lost; it can be run again")
            click.echo(f"\nquynhon: stopped; {left}", err=True)
            ctx.exit(_INTERRUPTED)
        except sqlite3.Error as error:  # a page of the database is damaged, which only its reading shows
            if ctx.params.get("debug") or DATABASE not in ctx.meta:
                raise
            from quynhon_crawler.store.database import translated

            click.echo(f"quynhon: {translated(error, ctx.meta[DATABASE])}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            ctx.exit(1)
        except OSError as error:
            if ctx.params.get("debug") or error.filename is None:
                raise
            click.echo(f"quynhon: {plain(str(error.filename))}: {error.strerror}", err=True)
            ctx.exit(1)


@click.group(cls=_Group, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="quynhon")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Keep the public memory of a Vietnamese city portal: crawl, archive, read, publish."""


for command in (
    archive.init,
    crawling.crawl,
    crawling.demo,
    extract.extract,
    import_.import_,
    look.rebuild,
    look.search,
    opendata.export,
    report.report,
    schedule.schedule,
    replay,
    restore,
    serving.serve,
    status.status,
    takedown.takedown,
    verify.verify,
):
    main.add_command(command)
