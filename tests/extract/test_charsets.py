"""Declared charsets checked against the bytes; texts typed in the fonts of the years before Unicode."""

from __future__ import annotations

import codecs

import pytest

from quynhon_crawler.extract import legacy
from quynhon_crawler.extract.text import decode

SENTENCE = "Hội nghị tổng kết công tác Đảng năm 2005, phương hướng nhiệm vụ"
# windows-1258 writes a letter and then its tone: 0xCC huyền, 0xD2 hỏi, 0xDE ngã, 0xEC sắc, 0xF2 nặng.
WINDOWS = (
    b"H\xf4\xf2i nghi\xf2 t\xf4\xd2ng k\xea\xect c\xf4ng ta\xecc \xd0a\xd2ng n\xe3m 2005, "
    b"ph\xfd\xf5ng h\xfd\xf5\xecng nhi\xea\xf2m vu\xf2"
)
TCVN3 = "Héi nghÞ tæng kÕt c«ng t¸c §¶ng n¨m 2005, ph­¬ng h­íng nhiÖm vô"
VNI = "Hoäi nghò toång keát coâng taùc Ñaûng naêm 2005, phöông höôùng nhieäm vuï"


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1258", "nonsense", "idna", ""])
def test_valid_utf_8_is_utf_8_whatever_is_declared(declared: str) -> None:
    found = decode(SENTENCE.encode(), f"text/html; charset={declared}")
    assert (found.text, found.encoding) == (SENTENCE, "utf-8")


def test_a_wrong_declaration_is_noted() -> None:
    assert decode(SENTENCE.encode(), "text/html; charset=iso-8859-1").note == "declared iso8859-1, is utf-8"


@pytest.mark.parametrize("declared", ["windows-1258", "utf-8", "iso-8859-1", None])
def test_windows_1258(declared: str | None) -> None:
    media = f"text/html; charset={declared}" if declared else "text/html"
    found = decode(WINDOWS, media)
    assert (found.text, found.encoding) == (SENTENCE, "cp1258")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a_byte_order_mark_decides(mark: bytes, encoding: str) -> None:
    found = decode(mark + SENTENCE.encode(encoding), "text/html; charset=windows-1258")
    assert (found.text, found.encoding) == (SENTENCE, encoding)


def test_a_cut_letter_at_the_end_is_still_utf_8() -> None:
    found = decode(SENTENCE.encode()[:-1])
    assert found.encoding == "utf-8"
    assert found.text.endswith("nhiệm v\ufffd")


def test_the_declaration_in_the_markup_counts() -> None:
    page = b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15"><p>caf\xe9 \xa4'
    assert decode(page).text.endswith("café €")


@pytest.mark.parametrize(("typed", "font"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
def test_old_fonts(typed: str, font: str) -> None:
    assert legacy.convert(typed) == (SENTENCE, font)


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "Le préfet a présidé la réunion à l'hôtel de ville, où les élèves étaient déjà arrivés.",
        "Die Bürger der Stadt hörten über die schönen Straßen für Fußgänger und Fährgäste.",
        "El niño mañana cumplirá años según la señora del pueblo, que está más allá.",
        "plain English words",
    ],
)
def test_other_languages_stay(text: str) -> None:
    assert legacy.convert(text) == (text, None)


def test_only_the_pasted_article_of_a_unicode_page_is_converted() -> None:
    html = f"<ul><li>Trang chủ</li></ul><p>{TCVN3}</p><p>µ¸¶·¹</p>"
    converted, font = legacy.convert_markup(html)
    assert font == "TCVN3"
    assert converted == f"<ul><li>Trang chủ</li></ul><p>{SENTENCE}</p><p>àáảãạ</p>"
