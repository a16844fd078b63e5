"""Text as a person reads it."""

from __future__ import annotations

import unicodedata

import pytest

from quynhon_crawler.extract.text import clean, clean_lines, fold, word_count


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("  Hội \u00a0 nghị\n", "Hội nghị"),
        ("Hội ngh\u00adị", "Hội nghị"),
        ("\u200bHội\u200d nghị\ufeff", "Hội nghị"),
        (unicodedata.normalize("NFD", "Quy Nhơn đổi thay"), "Quy Nhơn đổi thay"),
        ("\uf0b7 Mục một", "• Mục một"),
        ("a\x00b\x08", "ab"),
        ("hòa hoà", "hòa hoà"),
        ("Linh_VPTU", "Linh_VPTU"),
        ("", ""),
    ],
)
def test_clean(raw: str, read: str) -> None:
    assert clean(raw) == read


def test_clean_lines_drops_empty_ones() -> None:
    assert clean_lines(" a \n\n \u200b \n b  c ") == "a\nb c"


@pytest.mark.parametrize(("text", "folded"), [("Đảng ủy", "dang uy"), ("ĐẶNG", "dang"), ("Nhơn", "nhon")])
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "count"), [("Hội nghị - 54,2% (54)", 4), ("", 0), ("- – …", 0), ("“Sạch”", 1)]
)
def test_word_count(text: str, count: int) -> None:
    assert word_count(text) == count
