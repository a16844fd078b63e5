"""Processes of this machine. A pipe each: a reader waits for a writer that is slower.

A reader that dies (killed for want of memory) is seen at once, and named with its file.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.spread.packed import pack, unpack
from quynhon_crawler.spread.work import R, Spread, Task, Unread, Work, alone, done


def over_processes(workers: int) -> Spread:
    """A Spread over that many; over one is here."""
    return partial(_over, workers=workers) if workers > 1 else alone


def _over(
    work: Work[R], tasks: Iterable[Task], *, workers: int, whole: bool = False
) -> Iterator[tuple[int, R | Unread | None]]:
    waiting = enumerate(tasks)
    # Started anew, not forked: a copy of this process would hold its database and its threads' locks.
    start = multiprocessing.get_context("spawn")
    readers: dict[Connection, tuple[SpawnProcess, int, Path]] = {}
    try:
        while len(readers) < workers and (turn := next(waiting, None)):
            with _interrupted_later():
                ours, theirs = start.Pipe()
                process = start.Process(target=_serve, args=(theirs, work, whole), daemon=True)
                process.start()
                theirs.close()
                readers[ours] = (process, *_hand(ours, turn))
        while readers:
            for pipe in wait(list(readers)):
                assert isinstance(pipe, Connection)
                process, number, path = readers[pipe]
                part = _received(pipe, path)
                if part is not None:
                    yield from ((number, each) for each in (unpack(part) if whole else [part]))
                    continue
                if turn := next(waiting, None):  # it reads while what it gave is written
                    readers[pipe] = (process, *_hand(pipe, turn))
                else:
                    del readers[pipe]
                    pipe.close()
                    process.join()
                yield number, None
    finally:
        for pipe, (process, _, _) in readers.items():
            pipe.close()
            process.terminate()
            process.join()


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Ctrl-C waits, and what is started meanwhile never gets it: it would die with a traceback of its own.

    Ignoring it in the new process comes too late, since that imports for a second first; a mask is inherited.
    """
    resource_tracker.ensure_running()  # starting, it would lift the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _hand(pipe: Connection, turn: tuple[int, Task]) -> tuple[int, Path]:
    number, task = turn
    pipe.send(task)
    return number, task.path


def _received(pipe: Connection, path: Path) -> Any:
    try:
        return pipe.recv()
    except (EOFError, ConnectionError) as error:
        raise ArchiveError(
            f"{path}: the process that read it ended (for want of memory?); run it again with fewer workers"
        ) from error


def _serve(pipe: Connection, work: Work[Any], whole: bool) -> None:
    """Reads what it is told until the pipe is closed. Ctrl-C is the writer's to handle."""
    try:
        while True:
            parts = done(work, pipe.recv())
            for part in [pack(parts)] if whole else parts:
                pipe.send(part)
            pipe.send(None)
    except (EOFError, OSError):
        return
