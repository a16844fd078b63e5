"""Lists of names are in the order of Vietnamese dictionaries."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import pytest

from quynhon_crawler.model import Author, Section
from quynhon_crawler.publish.alphabet import order
from tests.publish import archive
from tests.publish.conftest import address
from tests.publish.test_pages import read
from tests.publish.test_state import site

NAMES = [
    "2 tháng 9", "A", "An", "Ăn", "Ân", "Ba", "Dân", "Dũng", "Đ.H", "Đài Truyền thanh", "Đình Cường", "Đức",
    "Em", "Êm", "Hội nghị", "Linh", "Ly", "ma", "Mà", "mả", "Mã", "má", "Mạ", "Mai", "O", "Ô", "Ơ", "Ủy ban",
    "Ưng", "Văn phòng", "Xuân Yến", "Ý Nhi", "Züri", "Яна",
]  # fmt: skip


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_are_in_the_order_of_dictionaries(form: str) -> None:
    mixed = random.Random(7).sample(NAMES, len(NAMES))
    found = sorted((unicodedata.normalize(form, name) for name in mixed), key=order)
    assert [unicodedata.normalize("NFC", name) for name in found] == NAMES


@pytest.mark.parametrize("odd", ["", None, "\u0301", "\u0301a", "²", "٣", "…", "İ", "ﬀ", "\x00"])
def test_any_text_has_a_place(odd: str | None) -> None:
    assert sorted(["b", odd, "ab"], key=order)


async def test_writers_and_units_are_in_the_order_of_dictionaries(tmp_path: Path) -> None:
    made = archive.Archive(tmp_path / "archive")
    units = ("Văn phòng", "Đài Truyền thanh", "Ủy ban nhân dân", "Ban Dân vận", "Da liễu")
    names = ("Xuân Yến", "Đình Cường", "Ân", "Dũng", "An")
    for number, (unit, name) in enumerate(zip(units, names, strict=True)):
        made.article(archive.article(2 * number, byline=name, author=Author(name, name=name)))
        author = Author(f"Lan_{number}", name="Lan", unit_code=str(number), unit_name=unit)
        made.article(archive.article(2 * number + 1, byline=f"Lan_{number}", author=author))
    made.article(archive.article(99, byline="Zung", author=Author("Zung", name="Zung")))
    made.article(archive.article(98, byline="Zung", author=Author("Zung", name="Zung")))
    async with site(made.done()) as web:
        page = await read(web, "/tac-gia")
    shown = [node.text() for node in page.css("h2 a")]
    assert shown == ["Ban Dân vận", "Da liễu", "Đài Truyền thanh", "Ủy ban nhân dân", "Văn phòng"]
    alone = [node.text(deep=False).strip() for node in page.css("h2")[-1].next.next.css("a")]  # type: ignore[union-attr]
    # The most productive first, then by name.
    assert alone == ["Zung", "An", "Ân", "Dũng", "Đình Cường", "Xuân Yến"]


async def test_tags_sections_and_portals_are_too(tmp_path: Path) -> None:
    made = archive.Archive(tmp_path / "archive")
    names = ("Xã hội", "Đô thị", "Ẩm thực", "Du lịch", "An ninh")
    for number, name in enumerate(names):
        made.portal = made.store.put_portal(
            name=name, home_url=f"http://p{number}.test/", system=None, rights=None
        )
        section = Section(name, f"{archive.HOST}/muc-{number}")
        made.article(archive.article(number, sections=(section,), tags=names))
    home = made.done()
    right = ["An ninh", "Ẩm thực", "Du lịch", "Đô thị", "Xã hội"]
    async with site(home) as web:
        tags = [node.text() for node in (await read(web, address(home, "/bai-1.html"))).css(".tags a")]
        portals = [node.text() for node in (await read(web, "/cong?xep=ten")).css(".portals a")]
        results = await read(web, "/tim?q=bien")
    assert tags == right
    assert portals == [*right[:-1], "Trang thử nghiệm", right[-1]]
    chips = [node.text(deep=False).strip() for node in results.css(".filters > .chips a > span[lang]")]
    assert chips == right + right
