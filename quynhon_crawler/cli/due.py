"""`quynhon crawl --due`: what the timer calls."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from quynhon_crawler.cli.options import print_json
from quynhon_crawler.errors import UsageError
from quynhon_crawler.home import Home

if TYPE_CHECKING:
    from quynhon_crawler.schedule.service import Result


def crawl_due(home: Home, *, as_json: bool) -> int:
    """Crawl what is due; the exit status: 0 done, or nothing to do; 1 problems.

    Raises UsageError (status 2) when archive.toml is wrong or names no timetable.
    """
    from quynhon_crawler.config import load
    from quynhon_crawler.schedule.logfile import crawl_log
    from quynhon_crawler.schedule.service import Service, due_turns
    from quynhon_crawler.schedule.words import tell_result, tell_turn
    from quynhon_crawler.watch.figures import turn_record

    with crawl_log(home, load(home.config).watch) as log:
        service = Service(home, log)
        try:
            alone = service.run()
            now = datetime.now(UTC)
            following = due_turns(home, load(home.config), now)
        except UsageError:
            # archive.toml was edited while a crawl ran: what was done is told before what is wrong
            for result in service.results:
                click.echo("\n".join(tell_result(result)), err=True)
            raise
    if as_json:
        results = [_record(result) for result in service.results]
        print_json({"busy": not alone, "results": results, "next": [turn_record(turn) for turn in following]})
    else:
        for result in service.results:
            click.echo("\n".join(tell_result(result)))
        if not alone:
            click.echo("Another crawl of this archive is at work; nothing to do")
        else:
            begin = "Next: " if service.results else "Nothing is due. Next: "
            click.echo(begin + "; ".join(tell_turn(turn, now) for turn in following))
    return int(any(result.ending in ("problems", "failed", "stopped") for result in service.results))


def _record(result: Result) -> dict[str, Any]:
    from quynhon_crawler.watch.figures import turn_record

    record = dataclasses.asdict(result)
    return record | {"turn": turn_record(result.turn)}
