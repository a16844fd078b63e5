"""What an export holds must fit the takedowns of the moment at which it is put in its place.

One begun before a takedown would stand there afterwards with the item inside, and nobody were told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
    def still(self, output: Path) -> Iterator[None]:
        """To put what was made in its place at ``output``, while nobody can take anything down.

        Raises Overtaken when somebody did since.
        """
        with held(self._journal.parent):
            if decisions(self._journal) != self._decided:
                raise Overtaken(
                    f"{output}: not made: meanwhile something was taken down or shown again; run it again"
                )
            yield
