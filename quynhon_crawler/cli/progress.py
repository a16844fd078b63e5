"""How far long work has come: one line on a terminal, elsewhere a plain line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

_EVERY = 10.0  # seconds between two plain lines


def progress(doing: str) -> Callable[[int, int], None]:
    """Tells (done, all) of one thing."""
    step = steps()
    return lambda done, total: step(doing, done, total)


def steps() -> Callable[[str, int, int], None]:
    """Tells (what, done, all) of several things, one after the other."""
    told = time.monotonic()

    def tell(doing: str, done: int, total: int) -> None:
        nonlocal told
        if sys.stderr.isatty():
            click.echo(f"\r{doing} {done:,} of {total:,}\x1b[K", err=True, nl=done == total)
        elif time.monotonic() - told > _EVERY:
            told = time.monotonic()
            click.echo(f"{doing} {done:,} of {total:,}", err=True)

    return tell
