"""The workers of a Dask cluster. A file is one task; who writes stays here.

A worker that dies loses nothing: the scheduler gives its files to another. Needs the extra ``dask``. Dask
moves pickles, so a cluster is for machines that trust each other.
"""

from __future__ import annotations

import logging
import queue
import socket
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.spread.packed import pack, unpack
from quynhon_crawler.spread.work import R, Spread, Task, Unread, Work, done

logger = logging.getLogger(__name__)

# How long a scheduler may take to answer; how often a file is tried on another worker.
_PATIENCE, _RETRIES = 10, 3
# Files under way for each thread of the cluster: one that is read, one that waits for the writer.
_AHEAD = 2
# Seconds without an answer after which it is looked whether anybody is left.
_GLANCE = 10.0
_COPY = 1 << 20


def over_cluster(address: str, files_at: str = "") -> Spread:
    """A Spread over the cluster whose scheduler is at ``address`` (``tcp://host:8786``).

    Workers open files under the same paths as here, or in ``files_at``, a folder on any storage that fsspec
    knows (``s3://bucket/warc``). Raises ArchiveError, when it is used, if the cluster cannot be.
    """
    return partial(_over, address=address, files_at=files_at)


def _over(
    work: Work[R], tasks: Iterable[Task], *, address: str, files_at: str, whole: bool = False
) -> Iterator[tuple[int, R | Unread | None]]:
    client = _connected(address)
    try:
        waiting = enumerate(tasks)
        under_way: dict[Any, tuple[int, Path]] = {}
        finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
        while True:
            room = max(1, _threads(client, address) * _AHEAD)  # workers may come and go
            while len(under_way) < room and (turn := next(waiting, None)):
                number, task = turn
                where = f"{files_at.rstrip('/')}/{task.path.name}" if files_at else str(task.path)
                future = client.submit(read_there, work, where, task.more, retries=_RETRIES, pure=False)
                under_way[future] = number, task.path
                future.add_done_callback(finished.put)
            if not under_way:
                return
            future = _next(finished, client, address)
            number, path = under_way.pop(future)
            try:
                parts: list[bytes] = future.result()
            except CancelledError as error:
                raise _gone(address) from error
            except Exception as error:  # whatever a worker may raise; what it reads wrong, it tells itself
                raise ArchiveError(f"{path.name}: the cluster could not read it: {_line(error)}") from error
            future.release()
            for part in unpack(parts):
                yield number, part
            yield number, None
    finally:
        client.close()


def read_there(work: Work[R], where: str, more: tuple[Any, ...]) -> list[bytes]:
    """On a worker: what a file gives. One that is not there is given as Unread, with its address."""
    if "://" not in where:
        path = Path(where)
        if not path.is_file():
            return pack([Unread(where, "missing on the worker; see --dask-files")])
        return pack(done(work, Task(path, more)))
    import fsspec

    with tempfile.TemporaryDirectory(prefix="quynhon-") as folder:
        copy = Path(folder) / where.rsplit("/", 1)[-1]
        try:
            with fsspec.open(where, "rb") as there, copy.open("wb") as here:
                while part := there.read(_COPY):
                    here.write(part)
        except FileNotFoundError:
            return pack([Unread(where, "missing")])
        return pack(done(work, Task(copy, more)))


def _next(finished: queue.SimpleQueue[Any], client: Any, address: str) -> Any:
    """The next file that is done. While nobody is left to read, that is told, and a worker is waited for."""
    told = False
    while True:
        try:
            return finished.get(timeout=_GLANCE)
        except queue.Empty:
            if not _threads(client, address) and not told:
                told = True
                logger.warning("--dask %s: no worker is left; waiting for one", address)


def _threads(client: Any, address: str) -> int:
    try:
        return sum(client.nthreads().values())
    except OSError as error:
        raise _gone(address) from error


def _gone(address: str) -> ArchiveError:
    return ArchiveError(f"--dask {address}: the scheduler is gone; nothing is lost, start it and run again")


def _connected(address: str) -> Any:
    """A client of a cluster whose workers run this version."""
    try:
        from distributed import Client
    except ImportError:
        raise ArchiveError(
            "--dask: a cluster needs one more package: pip install 'quynhon-crawler[dask]'"
        ) from None
    try:
        # A client that finds nobody goes on trying, and ends with a traceback.
        parts = urlsplit(address if "//" in address else f"tcp://{address}")
        socket.create_connection((parts.hostname or "", parts.port or 8786), _PATIENCE).close()
        client: Any = Client(address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise ArchiveError(f"--dask {address}: no scheduler answers there: {_line(error)}") from None
    found = client.run(_version, on_error="return").values()
    lacking = next((each for each in found if isinstance(each, ImportError)), None)
    versions = {each for each in found if isinstance(each, str)}  # what died just now counts for nothing
    if lacking is None and versions == {_version()}:
        return client
    client.close()
    if lacking is not None:
        why = f"the workers lack quynhon_crawler: {_line(lacking)}"
    elif versions:
        why = f"workers have quynhon_crawler {', '.join(sorted(versions))}, here it is {_version()}"
    else:
        why = f"no workers; start one: dask worker {address}"
    raise ArchiveError(f"--dask {address}: {why}")


def _version() -> str:
    return version("quynhon-crawler")


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
