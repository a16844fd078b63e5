"""One test for each field of each saved page, so that a failure names the field."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from quynhon_crawler.portals import read
from tests.pages.cases import Case, Check, cases, checks

CASES = {case.name: case for case in cases()}


@cache
def checked(name: str) -> dict[str, Check]:
    case: Case = CASES[name]
    return {check.field: check for check in checks(case, read(case.page))}


FIELDS = [(name, field) for name in CASES for field in checked(name)]


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=[f"{name}-{field}" for name, field in FIELDS])
def test_field(name: str, field: str) -> None:
    check = checked(name)[field]
    assert check.got == check.wanted


@pytest.mark.parametrize("name", CASES)
def test_a_page_read_without_its_links_says_the_same(name: str) -> None:
    page = CASES[name].page
    assert read(page, follow=False) == replace(read(page), follow=())
