"""`quynhon crawl --due`, which a timer calls: what is due, one portal after the other, and how it went.

Each crawl is a process of its own: Scrapy's reactor runs once in a process, memory goes back, and
archive.toml is read again before each, so that an edit holds from the next portal on, never inside a crawl.
"""

from __future__ import annotations

import logging
import signal
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FrameType
from typing import Any, Literal

from quynhon_crawler.config import Config, load, plan_of
from quynhon_crawler.config.unattended import run_time
from quynhon_crawler.errors import ArchiveError, ConfigError
from quynhon_crawler.home import Home
from quynhon_crawler.lock import Lock, crawl_lock, holder
from quynhon_crawler.schedule import process
from quynhon_crawler.schedule.due import Turn, turns
from quynhon_crawler.schedule.history import history
from quynhon_crawler.schedule.rests import after, rests
from quynhon_crawler.schedule.troubles import lasting, note, troubles
from quynhon_crawler.urls import host_of

Ending = Literal["done", "problems", "failed", "paused", "stopped"]


@dataclass(slots=True)
class Result:
    """How the crawl of one portal ended. ``columns`` are those of its row in ``crawls``, empty if none.

    done: nothing to tell. problems: listed in ``problems`` as (URL, why), and in ``files`` as (file or
    file@offset, why). failed: ``trouble`` says why. paused: its hours or its time were over, or the portal
    had enough for now, as ``notes`` say. stopped: this program was told to end.
    """

    turn: Turn
    ending: Ending
    columns: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    trouble: str | None = None
    files: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Service:
    """One call of `quynhon crawl --due`. ``log`` gets what the crawls print, ``results`` how they ended."""

    home: Home
    log: logging.Logger
    command: tuple[str, ...] = (sys.executable, "-m", "quynhon_crawler.cli")
    results: list[Result] = field(default_factory=list)
    told_to_stop: bool = False

    def run(self) -> bool:
        """Everything that is due now; False when another crawl or run is at work.

        Raises UsageError when archive.toml is wrong (it may become so on the way) or names no timetable, or
        the database cannot be read.
        """
        try:
            self.home.state.mkdir(parents=True, exist_ok=True)
            lock = Lock(self.home.state / "due.lock")
        except OSError as error:
            raise ArchiveError(f"{self.home.state}: cannot be written: {error.strerror}") from error
        except ArchiveError:
            return False
        with lock:
            before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
            try:
                return self._run_all()
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.told_to_stop = True

    def _run_all(self) -> bool:
        done: set[str] = set()
        while not self.told_to_stop:
            config = load(self.home.config)
            due = [turn for turn in due_turns(self.home, config) if turn.due]
            turn = next((turn for turn in due if turn.portal.name not in done), None)
            if turn is None:
                break
            if holder(crawl_lock(self.home)) is not None:
                return False
            done.add(turn.portal.name)
            self.results.append(self._crawl(config, turn))
            note(self.home, self.results[-1:])
        return True

    def _crawl(self, config: Config, turn: Turn) -> Result:
        self.log.info("%s: %s crawl begins (%s)", turn.portal.name, turn.kind, turn.why)
        arguments = ["crawl", turn.portal.name, "--archive", str(self.home.root), "--json"]
        arguments += ["--full"] if turn.kind == "full" else []
        longest = time.monotonic() + run_time(config.schedule).total_seconds()
        closes = plan_of(config, turn.portal).hours.closes_at(datetime.now(UTC))

        def is_over() -> bool:
            # The hours are the clock's, also when it is set meanwhile; the longest time is not.
            return time.monotonic() >= longest or (closes is not None and datetime.now(UTC) >= closes)

        ended = process.run(
            [*self.command, *arguments], self.log, is_over=is_over, is_told=lambda: self.told_to_stop
        )
        result = self._result(turn, ended)
        self.log.info("%s: %s", turn.portal.name, result.trouble or result.ending)
        return result

    def _result(self, turn: Turn, ended: process.Ended) -> Result:
        columns = dict(ended.said)
        problems = [(str(url), str(why)) for url, why in columns.pop("problems", [])]
        files = [(str(place), str(why)) for place, why in columns.pop("files", [])]
        trouble, notes = columns.pop("trouble", None), columns.pop("notes", [])
        result = Result(turn, "done", columns, problems, notes, trouble, files)
        if result.trouble or not columns:
            result.ending = "failed"
            result.trouble = result.trouble or ended.last_words()
        elif columns.get("outcome") == "finished":
            result.ending = "problems" if problems or ended.status else "done"
        elif self.told_to_stop:
            result.ending = "stopped"
        else:
            by_itself = columns.get("outcome") == "paused" and not (problems or files)
            result.ending = "paused" if ended.was_over or by_itself else "problems"
        return result


def due_turns(home: Home, config: Config, now: datetime | None = None) -> list[Turn]:
    """The next turn of every portal that has a timetable. Raises UsageError when there is none."""
    plans = [plan_of(config, portal) for portal in config.portals]
    if not any(plan.every or plan.full_every for plan in plans):
        if not config.portals:
            raise ConfigError(
                f"{home.config}: no portals yet, so none to crawl on a timetable; write [[portals]], name = "
                '"quynhon", url = "https://quynhon.gov.vn/" (a line each), and every under [schedule]'
            )
        raise ConfigError(
            f'{home.config}: no portal has a timetable; write every = "daily 02:30" under [schedule], '
            "or for a portal"
        )
    now = now or datetime.now(UTC)
    resting = rests(home, now)
    failed = lasting(troubles(home), home, config.crawl.min_free)
    found = turns(config, history(home, config.portals), now, failed)
    found = [after(resting.get(host_of(turn.portal.url)), turn) for turn in found]
    return sorted(found, key=lambda turn: (turn.at, turn.portal.name))
