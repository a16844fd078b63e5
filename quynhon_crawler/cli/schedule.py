"""`quynhon schedule`: crawl on a timetable."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quynhon_crawler.cli.options import (
    NamedPath,
    archive_option,
    existing_home,
    json_option,
    known_name,
    print_json,
)

if TYPE_CHECKING:
    from quynhon_crawler.schedule.install import Installed

_EXAMPLE = "Example: quynhon schedule install --archive my-archive"
_where = click.option(
    "--user/--system", "user", default=None, help="This user's systemd, or the machine's (default for root)."
)


@click.group(epilog=_EXAMPLE)
def schedule() -> None:
    """Crawl on the timetable of archive.toml: a systemd timer, else a line of crontab."""


@schedule.command(epilog="Example: quynhon schedule show quynhon")
@click.argument("portal", required=False)
@archive_option
@json_option
def show(portal: str | None, archive: str | None, as_json: bool) -> None:
    """When each portal is crawled next, and what calls it then; of many the first, or one by its name."""
    from quynhon_crawler.config import load, plan_of
    from quynhon_crawler.schedule import crontab
    from quynhon_crawler.schedule.install import installed_files
    from quynhon_crawler.schedule.service import due_turns
    from quynhon_crawler.schedule.words import tell_turn, tell_turns
    from quynhon_crawler.watch.figures import turn_record
    from quynhon_crawler.watch.summary import MANY

    home = existing_home(archive)
    config = load(home.config)
    now = datetime.now(UTC)
    turns = due_turns(home, config, now)
    if portal is not None:
        known_name(portal, (one.name for one in config.portals))
        turns = [turn for turn in turns if turn.portal.name == portal]
        if not turns and not as_json:
            click.echo(f"{portal}: no timetable (quynhon schedule --help)")
    files = [path for system in (True, False) for path in installed_files(home, system=system)]
    cron = crontab.cron_line(home) if crontab.has_line(home) else None
    if as_json:
        told = {"now": now.isoformat(), "next": [turn_record(turn) for turn in turns]}
        print_json(told | {"installed": [str(path) for path in files], "cron": cron})
        return
    if len(turns) > MANY:
        for line in tell_turns(turns, now):
            click.echo(line)
        click.echo(
            f"{len(turns):,} of {len(config.portals):,} portals have a timetable; "
            "times are of Việt Nam (+07:00)"
        )
        click.echo("One of them: quynhon schedule show PORTAL; all: --json")
    for turn in turns if len(turns) <= MANY else ():
        plan = plan_of(config, turn.portal)
        click.echo(tell_turn(turn, now))
        words = [f'every "{plan.every.text}"', f'kind "{plan.kind}"']
        words += [f'full_every "{plan.full_every.text}"'] if plan.full_every else []
        words += [f'hours "{plan.hours}"'] if plan.hours.spans else []
        click.echo(f"  {', '.join(words)}; times are of Việt Nam (+07:00)")
    for path in files:
        click.echo(f"Installed: {path}")
    if cron:
        click.echo(f"Installed in crontab: {cron}")
    if not files and not cron:
        click.echo("Nothing calls it yet: quynhon schedule install")


@schedule.command(epilog="Example: quynhon schedule install --output units/")
@archive_option
@_where
@click.option(
    "--output",
    type=NamedPath(file_okay=False, path_type=Path),
    help="Write the units here; install nothing.",
)
def install(archive: str | None, user: bool | None, output: Path | None) -> None:
    """Have the timetable called every quarter of an hour: systemd units, else a crontab line with flock."""
    from quynhon_crawler.config import load
    from quynhon_crawler.schedule import crontab
    from quynhon_crawler.schedule import install as installing
    from quynhon_crawler.schedule.service import due_turns

    home = existing_home(archive)
    config = load(home.config)
    due_turns(home, config)  # a timetable, and a database that can be read, before anything is installed
    if output is not None:
        made = installing.write(home, config, output, system=_system(user))
        (output / "crontab.txt").write_text(crontab.cron_line(home) + "\n", "utf-8")
        made.files.append(output / "crontab.txt")
    else:
        made = installing.install(home, config, system=_system(user))
    _tell(made, "Wrote")
    if output is None:
        click.echo("Take a look: quynhon schedule show")


@schedule.command(epilog="Example: quynhon schedule remove")
@archive_option
@_where
@click.pass_context
def remove(ctx: click.Context, archive: str | None, user: bool | None) -> None:
    """Take the timer away. The archive and its timetable stay as they are."""
    from quynhon_crawler.schedule import install as installing

    gone = installing.remove(existing_home(archive), system=_system(user))
    _tell(gone, "Removed")
    if not gone.files and not gone.cron:
        click.echo("Nothing was installed for this archive", err=True)
        ctx.exit(1)


def _system(user: bool | None) -> bool:
    return os.geteuid() == 0 if user is None else not user


def _tell(what: Installed, verb: str) -> None:
    for path in what.files:
        click.echo(f"{verb}: {path}")
    if what.cron:
        click.echo(f"{verb} in crontab: {what.cron}")
    for note in what.notes:
        click.echo(f"Note: {note}", err=True)
