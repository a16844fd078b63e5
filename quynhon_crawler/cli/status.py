"""`quynhon status`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quynhon_crawler.cli.options import (
    NamedPath,
    archive_option,
    existing_database,
    existing_home,
    json_option,
    known_name,
    print_json,
)
from quynhon_crawler.errors import ArchiveError, SchemaError
from quynhon_crawler.home import Home
from quynhon_crawler.plural import are, plural

if TYPE_CHECKING:
    from quynhon_crawler.watch.problems import Problem
    from quynhon_crawler.watch.state import PortalState, State

_SHOWN = 5


@click.command(epilog="Example: quynhon status --archive my-archive")
@click.argument("portal", required=False)
@archive_option
@click.option("--failures", is_flag=True, help="All addresses that failed in the last crawls, one a line.")
@click.option(
    "--prometheus", type=NamedPath(dir_okay=False, path_type=Path), help="Write figures for Prometheus here."
)
@json_option
@click.pass_context
def status(
    ctx: click.Context,
    portal: str | None,
    archive: str | None,
    failures: bool,
    prometheus: Path | None,
    as_json: bool,
) -> None:
    """Is it running, when next, what failed, what is incomplete, how full is the disk. Status 1: problems.

    Many portals are summed up; name one to see all of it. Status 2: the database is not of this version of
    the program.
    """
    from quynhon_crawler.watch.figures import state_record, write_prometheus
    from quynhon_crawler.watch.problems import ARCHIVE, problems_of
    from quynhon_crawler.watch.state import state_of

    home = existing_home(archive)
    if failures:
        _list_failures(home, portal, as_json=as_json)
        return
    state, counted = state_of(home, datetime.now(UTC)), {}
    if home.database.exists() and not state.database_error:
        try:
            counted = _counts(home, all=as_json)
        except ArchiveError as error:  # damaged where nobody looked before
            state.database_error = error
    problems = problems_of(state)
    if prometheus is not None:
        write_prometheus(state, problems, prometheus)
    if portal is not None:
        known_name(portal, (one.name for one in state.portals))
        state.portals = [one for one in state.portals if one.name == portal]
        problems = [one for one in problems if one.subject in (portal, ARCHIVE)]
    if as_json:
        print_json(counted | state_record(state, problems))
    else:
        _print(state, problems, counted)
    if isinstance(state.database_error, SchemaError):  # not for this program to read: wrong use, as elsewhere
        ctx.exit(2)
    ctx.exit(1 if problems else 0)


def _counts(home: Home, *, all: bool) -> dict[str, Any]:
    """What the database holds."""
    from quynhon_crawler import store
    from quynhon_crawler.store.database import told
    from quynhon_crawler.store.remembered import remembered_digest

    with told(home.database), closing(store.Store.open(home.database, readonly=True)) as opened:
        counted = store.status if all else _rows
        return counted(opened.connection) | {
            "content_digest": remembered_digest(
                opened.connection, home.database, home.state / "content-digest.json"
            ),
        }


def _rows(connection: sqlite3.Connection) -> dict[str, Any]:
    from quynhon_crawler.store import table_counts

    return {"counts": table_counts(connection)}


def _print(state: State, problems: list[Problem], counted: dict[str, Any]) -> None:
    from quynhon_crawler.schedule.words import tell_turns
    from quynhon_crawler.watch.summary import MANY, shorter, sums

    disk = state.disk
    click.secho(f"Archive {state.home.root}", bold=True)
    if state.running:
        click.echo(f"  Running: process {state.running}")
    for subject, text in shorter(problems):
        click.echo(f"  Problem ({subject}): {text}", err=True)
    for name, unread in state.unread.items():
        rest = (
            f"{unread:,} bytes of it are not in the database yet"
            if unread
            else "all of it is in the database"
        )
        click.echo(f"  {name} was left open by a crawl that was killed; {rest}; the next crawl mends it")
    click.echo(
        f"  {plural(disk.warc_files, 'WARC file')}, {_size(disk.warc_bytes)}; "
        f"database {_size(disk.database_bytes)}; {_size(disk.free_bytes)} free{_growth(state)}"
    )
    if counted:
        counts = ", ".join(
            plural(number, table.replace("_", " ").removesuffix("s"))
            for table, number in counted["counts"].items()
        )
        click.echo(f"  {counts}")
        click.echo(f"  content digest {counted['content_digest']}")
    elif state.database_error:
        pass
    else:
        click.echo("  nothing crawled yet")
    if len(state.portals) <= MANY:
        for portal in state.portals:
            _print_portal(portal, state)
        return
    turns = sorted((one.next for one in state.portals if one.next), key=lambda turn: turn.at)
    for line in (*tell_turns(turns, state.at), *sums(state.portals)):
        click.echo(f"  {line}")
    click.echo("  One of them: quynhon status PORTAL; all: --json")


def _print_portal(one: PortalState, state: State) -> None:
    from quynhon_crawler.schedule.words import clock, tell_turn

    click.secho(f"Portal {one.name}, {one.url}", bold=True)
    if one.rest and (one.next is None or one.next.why == "rest"):
        click.echo(f"  rests until {clock(one.rest.until)}: {one.rest.why} (quynhon crawl --now ends that)")
    elif one.next:
        click.echo(f"  next: {tell_turn(one.next, state.at).partition(': ')[2]}")
    elif state.config is not None:
        click.echo("  next: no timetable (quynhon schedule --help)")
    if one.last is None:
        return
    last = one.last
    begun = clock(datetime.fromisoformat(last["started_at"]))
    if last["outcome"] is None:
        how = "running" if state.running else "without an end: the disk was full, or it was killed"
        click.echo(
            f"  last: {last['mode']}, begun {begun}, {how}; {plural(last['requests'], 'answer')}, "
            f"{_size(last['bytes'])} so far"
        )
    else:
        click.echo(
            f"  last: {last['mode']}, begun {begun}, {last['outcome']}; "
            f"{plural(last['requests'] or 0, 'request')}, {_size(last['bytes'] or 0)}, "
            f"{plural(last['articles_new'] or 0, 'new article')}, "
            f"{last['articles_changed'] or 0:,} changed, {last['articles_gone'] or 0:,} gone"
        )
    if one.lists and not one.short:
        click.echo(f"  complete: every item of {plural(one.lists, 'list')} is here")
    for row in one.short[:_SHOWN]:
        missing = row["listed_total"] - row["captured"]
        of = plural(row["listed_total"], "item")
        click.echo(f"  incomplete: {missing:,} of {of} {are(missing)} missing: {row['url']}")
    if len(one.short) > _SHOWN:
        click.echo(f"  incomplete: {plural(len(one.short) - _SHOWN, 'more list')} (--json)")
    if one.failures:
        click.echo(f"  failed: {plural(len(one.failures), 'address')}")
    for failure in one.failures[:_SHOWN]:
        click.echo(f"    {failure.url}: {failure.error}")
    if len(one.failures) > _SHOWN:
        click.echo("    all of them: quynhon status --failures")
    if one.dead:
        click.echo(f"  {plural(one.dead, 'link')} to nowhere (404)")


def _list_failures(home: Home, portal: str | None, *, as_json: bool) -> None:
    """All of each portal's last crawl, dead links too; tab-separated: address, stage, what, when."""
    from quynhon_crawler.config import load
    from quynhon_crawler.model import stable_id
    from quynhon_crawler.store import Store
    from quynhon_crawler.store.unmended import last_failures
    from quynhon_crawler.urls import url_key

    with closing(Store.open(existing_database(home).database, readonly=True).connection) as connection:
        if portal is not None:
            ids = dict(connection.execute("SELECT name, id FROM portals WHERE name IS NOT NULL").fetchall())
            ids |= {one.name: stable_id(url_key(one.url)) for one in load(home.config).portals}
            found = last_failures(connection, ids[known_name(portal, ids)])
        else:
            found = last_failures(connection)
    if as_json:
        print_json(
            [
                {"url": one.url, "stage": one.stage, "error": one.error, "seen_at": one.seen_at}
                for one in found
            ]
        )
    else:
        for one in found:
            click.echo("\t".join((one.url, one.stage, one.error, one.seen_at)))


def _growth(state: State) -> str:
    if not state.disk.growth:
        return ""
    left = state.disk.days_left()
    assert left is not None
    full = f"in {left:,.0f} days" if left < 730 else f"in {left / 365:,.0f} years"
    if left < 60:
        full += f" ({state.at + timedelta(days=left):%Y-%m-%d})"
    return f"; grows by {_size(state.disk.growth)} a week, full {full}"


def _size(number: int) -> str:
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if number >= size or unit == "MB":
            return f"{number / size:,.1f} {unit}"
    return ""
