"""A rebuild meets what it cannot read, and a database that somebody is reading."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from quynhon_crawler.home import Home
from quynhon_crawler.imports import import_files
from quynhon_crawler.rebuild import rebuild
from tests.imports.files import packed, page, write
from tests.imports.test_import import ask, home

__all__ = ["home"]


def test_a_file_that_cannot_be_opened_is_a_line_and_the_others_are_read(home: Home, tmp_path: Path) -> None:
    import_files(home, (str(write(tmp_path / "a.warc.gz", packed(page(1)))),))
    (home.warc / "gone.warc.gz").symlink_to(tmp_path / "nowhere")
    result = rebuild(home)
    (line,) = result.broken
    assert line == "gone.warc.gz@0: cannot be read: No such file or directory"
    assert result.captures == 1


def test_what_waits_in_the_old_log_never_comes_into_the_new_database(home: Home, tmp_path: Path) -> None:
    import_files(home, (str(write(tmp_path / "a.warc.gz", packed(page(1)))),))
    reader = sqlite3.connect(home.database)
    writer = sqlite3.connect(home.database)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("UPDATE articles SET title = 'wrong'")
    writer.commit()
    assert home.database.with_name("quynhon.db-wal").stat().st_size > 0
    rebuild(home)
    assert reader.execute("SELECT title FROM articles").fetchone() == ("wrong",)  # the old one, still open
    assert ask(home, "SELECT title FROM articles") == [("việc số 1",)]
    assert ask(home, "PRAGMA integrity_check") == [("ok",)]
    reader.close()
    writer.close()
