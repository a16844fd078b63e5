"""`quynhon report`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from quynhon_crawler.cli.options import NamedPath, archive_option, existing_home, json_option, print_json


@click.command(epilog="Example: quynhon report --output report/")
@archive_option
@click.option(
    "--output", type=NamedPath(file_okay=False, path_type=Path), help="The folder; else state/reports/."
)
@click.option(
    "--failed", is_flag=True, help="For systemd (OnFailure=): tell by webhook and mail what is wrong."
)
@json_option
@click.pass_context
def report(ctx: click.Context, archive: str | None, output: Path | None, failed: bool, as_json: bool) -> None:
    """The last crawl of each portal: report.html with charts, in one file, and report.txt for a mail."""
    from quynhon_crawler.watch.alarms import failed_service, sound
    from quynhon_crawler.watch.figures import state_record
    from quynhon_crawler.watch.problems import problems_of
    from quynhon_crawler.watch.report import write_report
    from quynhon_crawler.watch.state import state_of

    home = existing_home(archive)
    state = state_of(home, datetime.now(UTC), thorough=True)
    more = failed_service(os.environ) if failed else []
    problems = problems_of(state) + more
    troubles = sound(state, more=more) if failed else []
    files, text = write_report(state, problems, output or home.state / "reports")
    if as_json:
        print_json(
            state_record(state, problems) | {"files": [str(path) for path in files], "not_told": troubles}
        )
    else:
        click.echo(text, nl=False)
        click.echo(f"\nWrote {files[0]} and {files[1].name}")
    for line in troubles:
        click.echo(f"Could not tell: {line}", err=True)
    ctx.exit(1 if problems or troubles else 0)
