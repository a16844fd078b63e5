"""Records that stand for an earlier one: is that one here?"""

from __future__ import annotations

from collections.abc import Iterator

from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.errors import RecordError
from quynhon_crawler.home import Home
from quynhon_crawler.model import Capture
from quynhon_crawler.rebuild.revisits import Refers, find_body
from quynhon_crawler.store import Store
from quynhon_crawler.warc.stored import stored_of


def check_revisits(store: Store, home: Home) -> Iterator[Problem]:
    """Revisits that stand for nothing that is here."""
    sql = "SELECT * FROM captures WHERE record_type = 'revisit' ORDER BY warc_file, warc_offset"
    for values in store.connection.execute(sql):
        held = Capture(*values[1:])
        try:
            refers = Refers.of(stored_of(home.warc_path(held.warc_file), held).record)
        except RecordError:
            continue  # told by the file
        if find_body(store, home, refers) is None:
            what = f"a revisit of {refers}, which is not in the archive"
            yield Problem("revisit", what, held.warc_file, held.warc_offset, held.url)
