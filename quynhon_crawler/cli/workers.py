"""Options of the commands that read all WARC files: who reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from quynhon_crawler.errors import UsageError

if TYPE_CHECKING:
    from quynhon_crawler.spread import Spread


def workers_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--workers``, ``--dask`` and ``--dask-files``: given to the command as ``spread``."""

    @click.option(
        "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that read."
    )
    @click.option(
        "--dask", metavar="ADDRESS", help="Read on the cluster with this scheduler: tcp://host:8786."
    )
    @click.option(
        "--dask-files",
        metavar="URL",
        default="",
        help="Where its workers find warc/, when not under the same path: s3://bucket/warc.",
    )
    @wraps(function)
    def command(*args: Any, workers: int, dask: str | None, dask_files: str, **options: Any) -> Any:
        return function(*args, spread=_spread(workers, dask, dask_files), **options)

    return command


def _spread(workers: int, dask: str | None, dask_files: str) -> Spread:
    from quynhon_crawler.spread import over_cluster, over_processes

    if dask is None:
        if dask_files:
            raise UsageError("--dask-files says where the workers of --dask find the files; give --dask too")
        return over_processes(workers)
    if workers > 1:
        raise UsageError("--workers are processes here, --dask is a cluster: give one of them")
    return over_cluster(dask, dask_files)
