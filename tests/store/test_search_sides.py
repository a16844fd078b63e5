"""``lễ hội OR hội nghị``: either side is enough, and either as typed comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from quynhon_crawler.store import Store
from quynhon_crawler.store.search import search
from tests.store.test_search import asked
from tests.store.world import HOME, capture, reading

FAIRS = ("Chợ Đầm", "Chợ Hòa Bình", "Chợ hoa", "Lễ hội", "Hội nghị", "Hỏi thăm")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("đầm OR nghị", {"Chợ Đầm", "Hội nghị"}),
        ("chợ dam OR le hoi", {"Chợ Đầm", "Lễ hội"}),
        ('"hoa binh" OR ngh* OR tham', {"Chợ Hòa Bình", "Hội nghị", "Hỏi thăm"}),
        ("chợ OR hội -hoa", {"Chợ Đầm", "Lễ hội", "Hội nghị", "Hỏi thăm"}),
        ("-đầm OR -nghi", {"Chợ Đầm", "Hội nghị"}),
        ("đầm or nghị", set()),
        ('"đầm OR nghị"', set()),
        ("OR đầm", {"Chợ Đầm"}),
        ("đầm OR", {"Chợ Đầm"}),
        ("đầm OR OR nghị", {"Chợ Đầm", "Hội nghị"}),
        ("OR", set()),
    ],
)
async def test_either_side_of_or_is_enough(tmp_path: Path, typed: str, found: set[str]) -> None:
    path = tmp_path / "quynhon.db"
    with fairs(path) as store:
        hits = store.search(typed)
        assert ({hit.title for hit in hits.hits}, hits.total) == (found, len(found))
        for hit in hits.hits:
            assert any(piece.found for piece in hit.title_segments)
        # Also where so many are found that only titles count.
        assert {hit.title for hit in search(store.connection, typed, most=1).hits} <= found
    assert set(await asked(path, _search=typed)) == found


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("hội OR đầm", {"Chợ Đầm", "Lễ hội", "Hội nghị"}),  # but not Hỏi thăm
        ("hội OR dam", {"Chợ Đầm", "Lễ hội", "Hội nghị"}),  # a side without marks is spelt so anyhow
        ("hội le OR đám", {"Lễ hội"}),
        ("hoi OR dam", set()),
    ],
)
def test_either_side_as_typed_comes_first(tmp_path: Path, typed: str, first: set[str]) -> None:
    with fairs(tmp_path / "quynhon.db") as store:
        hits = store.search(typed).hits
        assert {hit.title for hit in hits if hit.exact} == {hit.title for hit in hits[: len(first)]} == first
        # Also where so many are found that only titles count.
        most = search(store.connection, typed, most=len(hits) - 1).hits
        assert [hit.exact for hit in most] == sorted((hit.title in first for hit in most), reverse=True)


def fairs(path: Path) -> Store:
    store = Store.open(path, create=True)
    portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system=None, rights=None)
    for number, title in enumerate(FAIRS):
        page = reading(f"{HOME}{number}", title=title, lead=None, body="Sáng nay đông khách.")
        store.add_reading(capture(f"{HOME}{number}"), page, portal_id=portal_id)
    store.commit()
    return store
