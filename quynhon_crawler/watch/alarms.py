"""Who is told, and when: on failure and on recovery, once each, by every way that archive.toml names.

``state/alarms.json`` remembers what each way was told, so that a message which did not arrive is sent again
at the next call. It is lost without harm: what is wrong then is told once more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from quynhon_crawler.config import Watch
from quynhon_crawler.errors import ArchiveError, QuynhonError
from quynhon_crawler.home import Home
from quynhon_crawler.watch.mail import mail
from quynhon_crawler.watch.message import Message
from quynhon_crawler.watch.problems import ARCHIVE, Problem, problems_of
from quynhon_crawler.watch.state import State
from quynhon_crawler.watch.webhook import post


@dataclass(slots=True)
class Book:
    """``told``: codes by way and subject. ``watch`` is the last ``[watch]`` that was understood: a mistake in
    archive.toml can still be told.
    """

    told: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)

    @classmethod
    def read(cls, home: Home) -> Book:
        try:
            said = json.loads(_path(home).read_bytes())
            book = msgspec.convert(said, cls)
        except (OSError, ValueError, msgspec.ValidationError):
            return cls()
        return book

    def write(self, home: Home) -> None:
        """Raises ArchiveError."""
        path = _path(home)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f"{path.name}.{os.getpid()}")
            temporary.write_bytes(msgspec.json.encode(self))
            temporary.replace(path)
        except OSError as error:
            raise ArchiveError(f"{path}: cannot be written: {error.strerror}") from error


def sound(state: State, more: Iterable[Problem] = ()) -> list[str]:
    """Tell what is new since the last time. Returns a line for each way that failed; it is tried again."""
    book = Book.read(state.home)
    if state.config is not None:
        book.watch = state.config.watch
    problems = [*problems_of(state), *more]
    if not _sees_portals(state):
        problems = [problem for problem in problems if problem.subject == ARCHIVE]
    trouble = []
    for way, send in _ways(book.watch):
        told = book.told.setdefault(way, {})
        message = _message(state, problems, told)
        try:
            if message.new or message.recovered:
                send(book.watch, message)
        except QuynhonError as error:
            trouble.append(f"{way}: {error}; it is tried again at the next call")
            continue
        for name in message.recovered:
            del told[name]
        told |= _codes(problems)
    book.write(state.home)
    return trouble


def _sees_portals(state: State) -> bool:
    """Not without archive.toml and database, nor while a crawl runs: what was told of them stays."""
    return state.config is not None and state.database_error is None and state.running is None


def _message(state: State, problems: list[Problem], told: dict[str, list[str]]) -> Message:
    new = tuple(problem for problem in problems if problem.code not in told.get(problem.subject, ()))
    wrong = {problem.subject for problem in problems}
    seen = set(told) if _sees_portals(state) else {ARCHIVE}
    recovered = tuple(sorted((set(told) & seen) - wrong))
    return Message(state.home, state.at, tuple(problems), new, recovered)


def _codes(problems: list[Problem]) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for problem in problems:
        codes.setdefault(problem.subject, []).append(problem.code)
    return codes


def _ways(watch: Watch) -> list[tuple[str, Callable[[Watch, Message], None]]]:
    ways: list[tuple[str, Callable[[Watch, Message], None]]] = []
    if watch.webhook:
        ways.append(("webhook", post))
    if watch.smtp:
        ways.append(("mail", mail))
    return ways


def _path(home: Home) -> Path:
    return home.state / "alarms.json"


def failed_service(environment: dict[str, str] | Any) -> list[Problem]:
    """What systemd says of a service that failed (systemd.exec(5), MONITOR_SERVICE_RESULT).

    Nothing when the program ended by itself with 1 or 2: then it has told its problems.
    """
    result = environment.get("MONITOR_SERVICE_RESULT", "")
    status = environment.get("MONITOR_EXIT_STATUS", "")
    if not result or (result == "exit-code" and status in ("1", "2")):
        return []
    plain = {
        "oom-kill": "it needed more memory than [schedule] memory allows",
        "timeout": "it took longer than it may, and did not end when told to",
        "signal": f"it was killed ({status})",
        "core-dump": f"it crashed ({status})",
    }
    return [
        Problem(
            ARCHIVE,
            "service",
            f"the crawl's service failed: {plain.get(result, f'{result} {status}'.strip())}",
        )
    ]
