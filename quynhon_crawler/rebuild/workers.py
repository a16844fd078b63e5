"""The processes that read WARC files. A pipe each: a reader waits for a writer that is slower.

A reader that dies (killed for want of memory) is seen at once, and named with its file.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.rebuild.batches import Batch, read_batches
from quynhon_crawler.rebuild.scope import Scope

Task = tuple[Path, Scope]
#: Gives the batches of all files; None when another file is done.
Reader = Callable[[list[Task]], Iterator[Batch | None]]


def read_all(tasks: list[Task], workers: int) -> Iterator[Batch | None]:
    """The batches of all files; None when another file is done. Raises ArchiveError when a reader died."""
    if workers == 1 or len(tasks) == 1:
        for path, scope in tasks:
            yield from read_batches(path, scope)
            yield None
        return
    waiting = list(reversed(tasks))
    # Started anew, not forked: a copy of this process would hold its database and its threads' locks.
    start = multiprocessing.get_context("spawn")
    readers: dict[Connection, tuple[SpawnProcess, Path]] = {}
    try:
        for _ in range(min(workers, len(tasks))):
            ours, theirs = start.Pipe()
            process = start.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            readers[ours] = (process, _next(ours, waiting))
        while readers:
            for pipe in wait(list(readers)):
                assert isinstance(pipe, Connection)
                process, path = readers[pipe]
                try:
                    batch = pipe.recv()
                except (EOFError, ConnectionError) as error:
                    raise ArchiveError(
                        f"{path}: the process that read it ended (for want of memory?); "
                        "run it again with fewer workers"
                    ) from error
                yield batch
                if batch is None and waiting:
                    readers[pipe] = (process, _next(pipe, waiting))
                elif batch is None:
                    del readers[pipe]
                    pipe.close()
                    process.join()
    finally:
        for pipe, (process, _) in readers.items():
            pipe.close()
            process.terminate()
            process.join()


def _next(pipe: Connection, waiting: list[Task]) -> Path:
    task = waiting.pop()
    pipe.send(task)
    return task[0]


def _serve(pipe: Connection) -> None:
    """Reads what it is told until the pipe is closed. Ctrl-C is the writer's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            path, scope = pipe.recv()
            for batch in read_batches(path, scope):
                pipe.send(batch)
            pipe.send(None)
    except (EOFError, OSError):
        return
