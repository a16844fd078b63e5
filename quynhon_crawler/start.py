"""Where the command `quynhon` begins: Ctrl-C while the rest is still imported ends it without a word."""

from __future__ import annotations

import sys


def main() -> None:
    """As ``quynhon_crawler.cli.main``."""
    try:
        from quynhon_crawler.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()
