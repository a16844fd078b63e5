"""The words of the site and the way it writes days, numbers and sizes; short addresses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quynhon_crawler.publish
from quynhon_crawler.publish.language import CODES, language
from quynhon_crawler.publish.short import lengthen, shorten

FOLDER = Path(quynhon_crawler.publish.__file__).parent


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("vi", "2019-08-27T15:04:00+07:00", "Thứ Ba, 27/08/2019, 15:04"),
        ("en", "2019-08-27T15:04:00+07:00", "Tuesday, 27 August 2019, 15:04"),
        ("vi", "2019-08-27T20:30:00Z", "Thứ Tư, 28/08/2019, 03:30"),
        ("vi", "2019-08-27", "Thứ Ba, 27/08/2019"),
        ("vi", "hôm qua", "hôm qua"),
        ("vi", None, ""),
    ],
)
def test_moments(code: str, text: str | None, expected: str) -> None:
    assert language(code).moment(text) == expected


@pytest.mark.parametrize(
    ("code", "count", "expected"),
    [
        ("vi", 69, "69 B"),
        ("vi", 1_250_000, "1,2 MB"),
        ("en", 1_250_000, "1.2 MB"),
        ("vi", 999_999, "1.000 kB"),
        ("vi", None, ""),
    ],
)
def test_sizes(code: str, count: int | None, expected: str) -> None:
    assert language(code).size(count) == expected


def test_one_and_many() -> None:
    words = language("en")
    assert (words("search.found", n=1), words("search.found", n=1234)) == ("1 result", "1,234 results")


# Plurals; and reasons, which are in English to begin with.
OWN = re.compile(r"\.one$|^reason\.")


def test_catalogues_have_the_same_words() -> None:
    keys = [{key for key in language(code).phrases if not OWN.search(key)} for code in CODES]
    assert keys[0] == keys[1]


def test_places_in_phrases_are_the_same() -> None:
    for key, phrase in language("vi").phrases.items():
        if not key.startswith(("format.", "reason.")):
            other = language("en").phrases[key]
            assert set(re.findall(r"{\w+", phrase)) == set(re.findall(r"{\w+", other)), key


def test_templates_ask_for_words_that_are_there() -> None:
    asked = set()
    for path in FOLDER.rglob("*.html"):
        asked |= set(re.findall(r'words\("([a-z_.]+)"[,)]', path.read_text("utf-8")))
    assert len(asked) > 50
    assert asked <= set(language("vi").phrases)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("answered 404", "máy chủ trả lời 404"),
        ("cut short (length) after 12 bytes", "bị cắt giữa chừng (length) after 12 bytes"),
        ("something new {0} {rest}", "something new {0} {rest}"),
    ],
)
def test_reasons_in_vietnamese(error: str, said: str) -> None:
    assert (language("vi").reason(error), language("en").reason(error)) == (said, error)


def test_the_programs_own_words_in_both_languages() -> None:
    said = [language(code).known("state.outcome", "finished") for code in CODES]
    assert (said, language("vi").known("state.outcome", "unheard-of")) == (["xong", "finished"], "unheard-of")


@given(st.integers(1, (1 << 53) - 1))
def test_short_addresses_come_back(number: int) -> None:
    assert lengthen(shorten(number)) == number
    assert lengthen(shorten(number).upper().replace("0", "O").replace("1", "L")) == number


@pytest.mark.parametrize("address", ["", "0", "u0000000000", "zzzzzzzzzzz", "0000000000é", "00000000000000"])
def test_what_is_no_short_address(address: str) -> None:
    assert lengthen(address) is None
