"""A Dask cluster of the tests: a scheduler and workers, each a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCHEDULER = """
import asyncio, sys
from distributed import Scheduler
async def main():
    async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()
asyncio.run(main())
"""
NANNYLESS = """
import asyncio, sys
from distributed import Worker
async def main():
    async with Worker(sys.argv[1], nthreads=1, dashboard=False, local_directory=sys.argv[2]) as worker:
        print(worker.address, flush=True)
        await worker.finished()
asyncio.run(main())
"""


class Cluster:
    """A scheduler, and workers that die when they are killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[str]] = []
        self.address = self._run(SCHEDULER)

    def worker(self) -> subprocess.Popen[str]:
        self._run(NANNYLESS, self.address, str(self.folder))
        return self.processes[-1]

    def _run(self, code: str, *arguments: str) -> str:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", code, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "false"},
        )
        self.processes.append(process)
        assert process.stdout is not None
        return process.stdout.readline().strip()

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
