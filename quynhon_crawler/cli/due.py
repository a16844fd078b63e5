"""`quynhon crawl --due`: what the timer calls."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quynhon_crawler.cli.options import print_json
from quynhon_crawler.errors import QuynhonError, UsageError
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
    from quynhon_crawler.schedule.words import tell_result, tell_turns
    from quynhon_crawler.watch.figures import turn_record

    try:
        config = load(home.config)
    except UsageError:
        for line in _watch(home):
            click.echo(f"Could not tell: {line}", err=True)
        raise
    with crawl_log(home, config.watch) as log:
        service = Service(home, log)
        try:
            alone = service.run()
            now = datetime.now(UTC)
            following = due_turns(home, load(home.config), now)
        except UsageError:
            # archive.toml was edited while a crawl ran: what was done is told before what is wrong
            for result in service.results:
                click.echo("\n".join(tell_result(result)), err=True)
            _watch(home)
            raise
        lines = [line for result in service.results for line in tell_result(result)]
        for line in lines:
            log.info("%s", line)
        troubles = _watch(home) if alone else []
        for line in troubles:
            log.info("%s", line)
    if as_json:
        results = [_record(result) for result in service.results]
        record = {"busy": not alone, "results": results, "next": [turn_record(turn) for turn in following]}
        print_json(record | {"not_told": troubles})
    else:
        for line in lines:
            click.echo(line)
        if not alone:
            click.echo("Another crawl of this archive is at work; nothing to do")
        else:
            begin = "Next: " if service.results else "Nothing is due. Next: "
            click.echo(begin + "; ".join(tell_turns(following, now)))
        for line in troubles:
            click.echo(f"Could not tell: {line}", err=True)
    bad = any(result.ending in ("problems", "failed", "stopped") for result in service.results)
    return int(bad or bool(troubles))


def _watch(home: Home) -> list[str]:
    """Alarms, and the figures for Prometheus; what could not be told or written."""
    from quynhon_crawler.watch.alarms import sound
    from quynhon_crawler.watch.figures import write_prometheus
    from quynhon_crawler.watch.problems import problems_of
    from quynhon_crawler.watch.state import state_of

    troubles: list[str] = []
    try:
        state = state_of(home, datetime.now(UTC))
        troubles += sound(state)
        if state.config is not None and state.config.watch.prometheus:
            write_prometheus(state, problems_of(state), Path(state.config.watch.prometheus).expanduser())
    except QuynhonError as error:
        troubles.append(str(error))
    return troubles


def _record(result: Result) -> dict[str, Any]:
    from quynhon_crawler.watch.figures import turn_record

    record = dataclasses.asdict(result)
    return record | {"turn": turn_record(result.turn)}
