"""WARC files read by the workers of a Dask cluster: the same function over files, the writer stays here.

A file is one task. A worker that dies loses nothing: the scheduler gives its files to another. Needs the
extra ``dask``. Dask moves results as pickles, so a cluster is for machines that trust each other.
"""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.rebuild.batches import Batch, read_batches
from quynhon_crawler.rebuild.scope import Scope
from quynhon_crawler.rebuild.workers import Task

# How long a scheduler may take to answer; how often a file is tried on another worker.
_PATIENCE, _RETRIES = 10, 3
# Files under way for each thread of the cluster: one that is read, one that waits for the writer.
_AHEAD = 2
_COPY = 1 << 20


def read_on_cluster(tasks: list[Task], *, address: str, source: str = "") -> Iterator[Batch | None]:
    """As workers.read_all, on the cluster whose scheduler is at ``address`` (``tcp://host:8786``).

    Workers open the files under the same paths as here, or at ``source``, a folder on any storage that fsspec
    knows (``s3://bucket/warc``). Raises ArchiveError when the cluster cannot be used.
    """
    try:
        from distributed import as_completed
    except ImportError:
        raise ArchiveError(
            "--dask: a cluster needs one more package: pip install 'quynhon-crawler[dask]'"
        ) from None
    client = _connected(address)
    try:
        threads = sum(client.nthreads().values())
        waiting = list(reversed(tasks))
        names: dict[Any, str] = {}
        done = as_completed(loop=client.loop)  # type: ignore[no-untyped-call]

        def submit() -> None:
            path, scope = waiting.pop()
            where = f"{source.rstrip('/')}/{path.name}" if source else str(path)
            future = client.submit(read_there, where, scope, retries=_RETRIES, pure=False)
            names[future] = path.name
            done.add(future)  # type: ignore[no-untyped-call]

        for _ in range(min(len(tasks), threads * _AHEAD)):
            submit()
        for future in done:
            name = names.pop(future)
            try:
                batches: list[Batch] = future.result()
            except (
                Exception
            ) as error:  # whatever a worker may raise; what it could read wrong, it tells itself
                raise ArchiveError(f"{name}: the cluster could not read it: {_line(error)}") from error
            future.release()
            if waiting:
                submit()
            yield from batches
            yield None
    finally:
        client.close()


def read_there(where: str, scope: Scope) -> list[Batch]:
    """On a worker: a file's batches. One that is not there is a problem that is told, with its address."""
    if "://" not in where:
        return _read(Path(where), scope, where)
    import fsspec

    name = where.rsplit("/", 1)[-1]
    with tempfile.TemporaryDirectory(prefix="quynhon-") as folder:
        copy = Path(folder) / name
        try:
            with fsspec.open(where, "rb") as there, copy.open("wb") as here:
                while part := there.read(_COPY):
                    here.write(part)
        except FileNotFoundError:
            return [Batch(name, {}, problems=[f"{where}: missing"])]
        return _read(copy, scope, where)


def _read(path: Path, scope: Scope, where: str) -> list[Batch]:
    if not path.is_file():
        return [Batch(path.name, {}, problems=[f"{where}: missing on the worker; see --source"])]
    return list(read_batches(path, scope))


def _connected(address: str) -> Any:
    """A client of a cluster whose workers run this version."""
    from distributed import Client

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
