"""The content digest is counted again whenever the database has changed, and only then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quynhon_crawler.store import Store
from quynhon_crawler.store.content import content_digest
from quynhon_crawler.store.remembered import remembered_digest
from tests.store.test_opening import made
from tests.store.world import HOME


def asked(path: Path) -> str:
    with Store.open(path, readonly=True) as store:
        return remembered_digest(store.connection, path, path.with_name("note.json"))


def counted(path: Path) -> str:
    with Store.open(path, readonly=True) as store:
        return content_digest(store.connection)


def test_the_same_file_is_not_counted_again(tmp_path: Path) -> None:
    path = made(tmp_path / "quynhon.db")
    assert asked(path) == counted(path)
    note = path.with_name("note.json")
    note.write_text(json.dumps(json.loads(note.read_text()) | {"digest": "as noted"}))
    assert asked(path) == "as noted"


def test_a_changed_file_is(tmp_path: Path) -> None:
    path = made(tmp_path / "quynhon.db")
    before = asked(path)
    with Store.open(path) as store:
        store.put_portal(name="Tên khác", home_url=HOME, system=None, rights=None)
        store.commit()
        assert asked(path) != before  # in its log
        during = asked(path)
    assert asked(path) == during == counted(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"state": 1}'])
def test_a_note_that_is_none_is_made_anew(tmp_path: Path, text: str) -> None:
    path = made(tmp_path / "quynhon.db")
    path.with_name("note.json").write_text(text)
    assert asked(path) == counted(path)
    assert json.loads(path.with_name("note.json").read_text())["digest"] == counted(path)
