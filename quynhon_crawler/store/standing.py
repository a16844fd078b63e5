"""What an export holds must fit the takedowns of the moment at which it is put in its place.

One begun before a takedown would be offered afterwards (``publish/exports.py``), with the item inside.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from quynhon_crawler.errors import Overtaken
from quynhon_crawler.store.hold import held
from quynhon_crawler.store.takedowns import decisions, journal_of


class Standing:
    """The decisions as they stood when this was made: before anything is read for an export."""

    def __init__(self, database: Path) -> None:
        self._journal = journal_of(database.absolute())
        # Who decides just now is waited for, until the table has it too.
        with held(self._journal.parent):
            self._decided = decisions(self._journal)

    @contextmanager
    def still(self, made: Path, output: Path) -> Iterator[None]:
        """To put ``made`` in its place at ``output``, dated now, while nobody can take anything down.

        Raises Overtaken when somebody did since.
        """
        with held(self._journal.parent):
            if decisions(self._journal) != self._decided:
                raise Overtaken(
                    f"{output}: not made: meanwhile something was taken down or shown again; run it again"
                )
            self._wait()
            _date(made)
            yield

    def _wait(self) -> None:
        """Until the second of the last decision is over.

        Decisions are dated by the second: what bears the same could be from before it, and is not offered.
        """
        if self._decided:
            over = datetime.fromisoformat(self._decided[-1].at).timestamp() + 1
            left = over - time.time()
            # More would be a clock that was set, or a decision dated ahead.
            if 0 < left <= 1:
                time.sleep(left)


def _date(made: Path) -> None:
    # By the clock that dates decisions: the file system's own is some milliseconds behind.
    now = time.time()
    for path in (made, *made.rglob("*")):
        os.utime(path, (now, now), follow_symlinks=False)
