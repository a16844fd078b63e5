"""A store in a temporary folder, and ways to look into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from quynhon_crawler.model import Capture, Reading
from quynhon_crawler.store import Store
from tests.store.world import HOME


@dataclass
class Archive:
    """A store with one portal; ``see`` puts a page and commits."""

    store: Store
    portal_id: int

    def see(self, capture: Capture, reading: Reading) -> None:
        self.store.add_reading(capture, reading, portal_id=self.portal_id)
        self.store.commit()

    def answered(self, capture: Capture) -> None:
        self.store.add_capture(capture)
        self.store.commit()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.store.connection.execute(sql, values).fetchall()

    def one(self, column: str, table: str = "articles") -> Any:
        ((value,),) = self.rows(f"SELECT {column} FROM {table}")
        return value


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Store.open(tmp_path / "quynhon.db", create=True) as store:
        yield Archive(store, store.put_portal(name="Quy Nhơn", home_url=HOME, system="vhv", rights=None))
