"""`quynhon crawl` and `quynhon demo`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from quynhon_crawler.cli.options import NamedPath, archive_option, existing_home, print_json
from quynhon_crawler.errors import UsageError
from quynhon_crawler.home import Home, find_home
from quynhon_crawler.plural import are, plural, tell_files

if TYPE_CHECKING:
    from quynhon_crawler.crawl.progress import Progress
    from quynhon_crawler.crawl.run import Outcome


@click.command(epilog="Example: quynhon crawl https://quynhon.gov.vn/ --delay 2")
@click.argument("portal", metavar="[PORTAL or URL]", default="")
@archive_option
@click.option(
    "--delay", type=click.FloatRange(min=0, max=86_400), help="Seconds between two requests to one host."
)
@click.option("--concurrency", type=click.IntRange(min=1, max=1_000_000), help="Requests under way at once.")
@click.option("--limit", type=click.IntRange(min=1), help="Stop after this many requests.")
@click.option("--full", is_flag=True, help="Ask for everything again, files too, with conditional requests.")
@click.option("--now", is_flag=True, help="End the rest that the portal asked for (Retry-After) or was left.")
@click.option("--due", is_flag=True, help="Crawl what the timetable of archive.toml says is due; for timers.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.pass_context
def crawl(
    ctx: click.Context,
    portal: str,
    archive: str | None,
    delay: float | None,
    concurrency: int | None,
    limit: int | None,
    full: bool,
    now: bool,
    due: bool,
    as_json: bool,
) -> None:
    """Crawl a portal of archive.toml, or an address straight away.

    What was interrupted is resumed. The second time, pages are asked for with conditional requests and files
    that are there already are left alone.
    """
    if due:
        if portal or delay is not None or concurrency or limit or full or now:
            raise UsageError("--due takes everything from archive.toml; leave the other options out")
        from quynhon_crawler.cli.due import crawl_due

        ctx.exit(crawl_due(existing_home(archive), as_json=as_json))
    home = find_home(archive)
    if not home.config.exists():
        from quynhon_crawler.crawl.choose import found_archive

        found_archive(home, portal)
        if not as_json:
            click.echo(f"New archive in {home.root}")
    outcome = crawl_with_progress(
        home,
        portal,
        delay=delay,
        concurrency=concurrency,
        limit=limit,
        full=full or None,
        now=now or None,
    )
    if as_json:
        print_json(
            {"crawl_id": outcome.crawl_id, **outcome.columns, "problems": outcome.problems.told}
            | {"files": outcome.problems.files, "trouble": outcome.trouble, "notes": outcome.notes}
        )
    else:
        _tell(outcome)
    ctx.exit(1 if outcome.problems or outcome.trouble or outcome.columns["outcome"] == "interrupted" else 0)


def crawl_with_progress(home: Home, wanted: str, **options: Any) -> Outcome:
    """Run a crawl with a progress bar on a terminal, with a plain line every ten seconds elsewhere."""
    from quynhon_crawler.crawl.run import run

    if not sys.stderr.isatty():
        return run(home, wanted, on_tick=_plain_lines(), **options)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(
        *columns, TextColumn("{task.fields[note]}"), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("Crawling", total=None, note="")

        def tick(now: Progress) -> None:
            note = f"{now.bytes / 1e6:,.1f} MB" + (f", {now.failures} failed" if now.failures else "")
            bar.update(task, completed=now.requests, total=now.requests + now.waiting, note=note)

        return run(home, wanted, on_tick=tick, **options)


def _plain_lines() -> Callable[[Progress], None]:
    last = time.monotonic()

    def tick(now: Progress) -> None:
        nonlocal last
        if time.monotonic() - last >= 10:
            last = time.monotonic()
            click.echo(
                f"{now.requests:,} asked, {now.waiting:,} waiting, {now.bytes / 1e6:,.1f} MB, "
                f"{now.failures:,} failed",
                err=True,
            )

    return tick


def _tell(outcome: Outcome) -> None:
    """The crawl's end in a few lines; the first problems, and where the others stand."""
    columns = outcome.columns
    if outcome.recovered:
        click.echo(outcome.recovered)
    click.echo(
        f"Crawl {outcome.crawl_id} {columns['outcome']}: {plural(columns['requests'], 'request')}, "
        f"{columns['bytes'] / 1e6:,.1f} MB, {plural(columns.get('articles_new', 0), 'new article')}, "
        f"{columns.get('articles_changed', 0):,} changed, {columns.get('articles_gone', 0):,} gone"
    )
    listed, captured = columns.get("listed_total"), columns.get("listed_captured")
    if listed is not None and captured is not None:
        lacking = listed - captured
        missing = f"; {lacking:,} {are(lacking)} missing" if captured < listed else ""
        click.echo(
            f"The portal's listings count {plural(listed, 'item')}, {captured:,} of them {are(captured)} here"
            + missing
        )
    if outcome.dead_links or outcome.forbidden:
        click.echo(
            f"{plural(outcome.dead_links, 'link')} to nowhere (404), "
            f"{outcome.forbidden:,} forbidden by robots.txt"
        )
    if outcome.unruled:
        were = "was" if outcome.unruled == 1 else "were"
        click.echo(f"{plural(outcome.unruled, 'address')} {were} not asked: robots.txt could not be had")
    if outcome.private:
        lead, were = ("lead", "were") if outcome.private > 1 else ("leads", "was")
        click.echo(f"{plural(outcome.private, 'address')} {lead} into a private network and {were} not asked")
    for note in outcome.notes:
        click.echo(note)
    if outcome.trouble:
        click.echo(f"Stopped: {outcome.trouble}", err=True)
    for line in tell_files(outcome.problems.files, outcome.problems.file_count):
        click.echo(line, err=True)
    if outcome.problems.count:
        click.echo(f"{plural(outcome.problems.count, 'address')} failed:", err=True)
        for url, why in outcome.problems.told[:10]:
            click.echo(f"  {url}: {why}", err=True)
        if outcome.problems.count > 10:
            click.echo("  the others: quynhon status, table failures of quynhon.db", err=True)


@click.command(epilog="Example: quynhon demo --port 8001")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port; else 8001 (portal alone: 8000) or a free one."
)
@click.option("--portal-only", is_flag=True, help="Only the sample portal, until Ctrl-C.")
@click.option("--check", is_flag=True, help="Exit after checking that the site answers.")
@click.option("--archive", type=NamedPath(file_okay=False), help="Keep the archive here; else a new folder.")
def demo(port: int | None, portal_only: bool, check: bool, archive: str | None) -> None:
    """The sample portal, a crawl of it, and the site, on this machine."""
    from quynhon_crawler.cli import demonstration

    if portal_only:
        demonstration.serve_portal(port)
    else:
        demonstration.demonstrate(port, check=check, archive=archive)
