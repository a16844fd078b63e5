"""What is spread: a function that reads one file and gives what it finds, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

R = TypeVar("R")
#: A function of a module, found by its name elsewhere; called with a task's path and what goes with it.
Work = Callable[..., Iterator[R]]


@dataclass(frozen=True, slots=True)
class Task:
    """A file, and what the function is told beside it."""

    path: Path
    more: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """In place of what a file holds, when it cannot be opened; ``where`` is its name, path or address."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


class Spread(Protocol):
    """Gives (number of the task, what the function gave), and (number, None) when that file is done.

    Tasks are taken as there is somebody to do them. Files come in any order, and their parts between each
    other's unless ``whole``; the parts of one file keep their order. Raises ArchiveError when nobody can go
    on. Whoever lets go of the iterator ends the work.
    """

    def __call__(
        self, work: Work[R], tasks: Iterable[Task], *, whole: bool = False
    ) -> Iterator[tuple[int, R | Unread | None]]: ...


def done(work: Work[R], task: Task) -> Iterator[R | Unread]:
    """One task; what this machine cannot open is given as Unread."""
    try:
        yield from work(task.path, *task.more)
    except FileNotFoundError:
        yield Unread(task.path.name, "missing")
    except OSError as error:
        yield Unread(task.path.name, f"cannot be read: {error.strerror or error}")


def alone(
    work: Work[R], tasks: Iterable[Task], *, whole: bool = False
) -> Iterator[tuple[int, R | Unread | None]]:
    """A Spread over nobody: here, one file after the other."""
    for number, task in enumerate(tasks):
        for part in done(work, task):
            yield number, part
        yield number, None
