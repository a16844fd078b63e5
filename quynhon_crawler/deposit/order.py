"""Lines in order, however many: sorted in runs, merged from files. As ``LC_ALL=C sort -u`` orders them."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

# What a run may hold in memory, and how many files are open at once.
_RUN_BYTES = 32_000_000
_OPEN_FILES = 200


def ordered(lines: Iterable[bytes], folder: Path) -> Iterator[bytes]:
    """Lines (each with its line break) sorted, doubles left out; ``folder`` holds the runs meanwhile."""
    run: list[bytes] = []
    size = 0
    runs: list[Path] = []
    for line in lines:
        run.append(line)
        size += len(line)
        if size > _RUN_BYTES:
            runs.append(_write(sorted(run), folder / f"run-{len(runs)}"))
            run, size = [], 0
    if not runs:
        yield from _once(sorted(run))
        return
    runs.append(_write(sorted(run), folder / f"run-{len(runs)}"))
    try:
        yield from merged(runs, folder)
    finally:
        for path in runs:
            path.unlink(missing_ok=True)


def merged(files: list[Path], folder: Path) -> Iterator[bytes]:
    """The lines of sorted files as one sorted stream, doubles left out."""
    level = 0
    made: list[Path] = []
    try:
        while len(files) > _OPEN_FILES:
            rest = iter(files)
            level += 1
            files = []
            while group := list(islice(rest, _OPEN_FILES)):
                files.append(_write(_merge(group), folder / f"merged-{level}-{len(files)}"))
            made += files
        yield from _once(_merge(files))
    finally:
        for path in made:
            path.unlink(missing_ok=True)


def _merge(files: list[Path]) -> Iterator[bytes]:
    with ExitStack() as stack:
        yield from heapq.merge(*(stack.enter_context(path.open("rb")) for path in files))


def _write(lines: Iterable[bytes], path: Path) -> Path:
    with path.open("wb") as file:
        file.writelines(lines)
    return path


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    last = None
    for line in lines:
        if line != last:
            yield line
        last = line
