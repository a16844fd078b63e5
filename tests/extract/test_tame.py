"""Hostile markup is cut down; ordinary markup is left alone."""

from __future__ import annotations

import pytest

from quynhon_crawler.extract.tame import harmless, shorten, tame
from tests.pages.cases import cases


@pytest.mark.parametrize(
    "case", [case for case in cases() if case.profile == "vhv"], ids=lambda case: case.name
)
def test_pages_of_portals_are_harmless(case: object) -> None:
    assert harmless(case.page.content)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("markup", "note"),
    [
        ("<div>" * 500 + "x", "nested deeper than 400: read only up to there"),
        ("<p>x</p>" * 40_000, "more than 40,000 tags: only those were read"),
        (
            "<p " + "".join(f"a{n} " for n in range(5_000)) + ">x",
            "a tag with more than 300 attributes: left out",
        ),
        (
            "</p " + "".join(f"a{n} " for n in range(5_000)) + ">x",
            "a tag with more than 300 attributes: left out",
        ),
        (
            "".join(f"<body a{n}>" for n in range(20)),
            "more than 8 bodies: the later ones' tags were left out",
        ),
        (
            "".join(f"<font a{n}>" for n in range(300)) + "<p>x" * 3_000,
            "formatting tags left open: they were taken out",
        ),
    ],
)
def test_what_is_cut_is_said(markup: str, note: str) -> None:
    if note.startswith("nested"):
        markup += "<!-- -->" * 4_000
    tamed, said = tame(markup)
    assert said == note
    assert len(tamed) < len(markup)


@pytest.mark.parametrize("close", ["</font>", "<td></font></td>", "<!--</font>-->", '<p title="</font>">'])
def test_end_tags_that_close_nothing_are_not_believed(close: str) -> None:
    opened = "".join(f"<font a{n}>" for n in range(300))
    markup = opened + close * 300 + "<p>x" * 3_000
    assert (tame(markup)[1] is None) == (close == "</font>")


def test_texts_are_cut_before_the_cleaner_takes_long() -> None:
    text = "\u00b7x" * 40_000
    short, note = shorten(text)
    assert len(short) == 60_000
    assert note == "the text is too long: only the first 60,000 characters were read"
    assert shorten("\u1ea1x" * 40_000) == ("\u1ea1x" * 40_000, None)
