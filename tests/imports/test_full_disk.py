"""An import on a disk that fills up: the line says what lies where, and what it says to do mends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from quynhon_crawler.audit import verify
from quynhon_crawler.home import Home
from tests.crawl.disk import make_room, small_disk
from tests.crawl.run_crawl import quynhon
from tests.imports.files import packed, page, write
from tests.imports.test_import import ask

PAGES = 400


@pytest.mark.parametrize(("kilobytes", "kept"), [(1200, 1), (150, 0)], ids=["database", "copy"])
def test_no_room(tmp_path: Path, kilobytes: int, kept: int) -> None:
    source = write(tmp_path / "a.warc.gz", packed(*(page(number) for number in range(PAGES))))
    home = Home(tmp_path / "disk")
    with small_disk(home.root, kilobytes):
        home.config.write_text("")
        ended = quynhon("import", source, "--archive", home.root)
        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
        assert ended.stderr.startswith(
            f"quynhon: {home.root}: no room; the files that were taken until then lie"
        )
        lying = list(home.warc.glob("*"))
        assert len(lying) == kept
        assert all(path.read_bytes() == source.read_bytes() for path in lying)
        assert not list(home.state.glob("importing/*"))
        make_room(home.root)
        ended = quynhon("import", source, "--archive", home.root)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert ask(home, "SELECT count(*) FROM captures") == [(PAGES,)]
        assert verify(home).ok
