"""Saved pages with what must be read from them: tests/pages/<portal>/<case>.html and .json.

A case's JSON holds the address, how it was asked for, and the expected reading. Only the keys that it names
are checked; of images, listing items and documents only the keys that are given. The pages follow real markup
with text of our own; only the seed article's text is real.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from quynhon_crawler.model import Page, Reading

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One page. ``name`` is ``vhv/seed``; ``expected`` the JSON."""

    name: str
    page: Page
    expected: dict[str, Any]

    @property
    def profile(self) -> str:
        return self.name.split("/")[0]


@dataclass(frozen=True)
class Check:
    """One field of one page."""

    field: str
    wanted: object
    got: object

    @property
    def right(self) -> bool:
        return self.wanted == self.got


def load(path: Path) -> Case:
    expected = json.loads(path.read_text("utf-8"))
    content_type = expected.get("content_type", "text/html; charset=utf-8")
    page = Page(
        url=expected["url"],
        status=200,
        headers=(("Content-Type", content_type),),
        content=path.with_suffix(".html").read_bytes(),
        method=expected.get("method", "GET"),
        request_body=urlencode([tuple(pair) for pair in expected.get("form", [])]).encode(),
        referer=expected.get("referer"),
    )
    return Case(f"{path.parent.name}/{path.stem}", page, expected)


def cases() -> list[Case]:
    """All cases, sorted by name."""
    return [load(path) for path in sorted(FOLDER.glob("*/*.json"))]


def checks(case: Case, reading: Reading) -> Iterator[Check]:
    """What the case names, beside what the reading says."""
    expected = case.expected
    for field in ("profile", "kind"):
        if field in expected:
            yield Check(field, expected[field], getattr(reading, field))
    if "problem_has" in expected:
        yield Check("problem", True, expected["problem_has"] in (reading.problem or ""))
    if "article" in expected:
        yield from _article(expected["article"], reading)
    if "listing" in expected:
        yield from _listing(expected["listing"], reading)
    if "documents" in expected:
        got = [asdict(document) for document in reading.documents]
        yield Check("documents", expected["documents"], got)
    if "posts" in expected:
        yield from _posts(expected["posts"], reading)
    for purpose, urls in expected.get("follow", {}).items():
        followed = {fetch.url for fetch in reading.follow if purpose in ("never", fetch.purpose)}
        wanted = [] if purpose == "never" else urls
        yield Check(f"follow-{purpose}", wanted, [url for url in urls if url in followed])


def _article(expected: dict[str, Any] | None, reading: Reading) -> Iterator[Check]:
    if expected is None or reading.article is None:
        yield Check("article", expected is None, reading.article is None)
        return
    got = asdict(reading.article)
    for field, wanted in expected.items():
        if field == "notes_include":
            yield Check("notes", wanted, [note for note in wanted if note in got["notes"]])
        elif isinstance(wanted, list):
            yield Check(field, wanted, _narrow(wanted, list(got[field])))
        else:
            yield Check(field, wanted, got[field])


def _listing(expected: dict[str, Any], reading: Reading) -> Iterator[Check]:
    if reading.listing is None:
        yield Check("listing", True, False)
        return
    got = asdict(reading.listing)
    for field, wanted in expected.items():
        yield Check(f"listing-{field}", wanted, list(got[field]) if field == "items" else got[field])


def _posts(expected: dict[str, Any], reading: Reading) -> Iterator[Check]:
    posts = [fetch for fetch in reading.follow if fetch.method == "POST"]
    yield Check("posts-count", expected["count"], len(posts))
    if "url" in expected:
        yield Check("posts-url", expected["url"], posts[0].url if posts else None)
    if "first_form" in expected:
        wanted = [tuple(pair) for pair in expected["first_form"]]
        yield Check("posts-form", wanted, list(posts[0].form) if posts else None)
    if "headers" in expected:
        yield Check("posts-headers", expected["headers"], dict(posts[0].headers) if posts else None)


def _narrow(wanted: list[Any], got: list[Any]) -> list[Any]:
    """Of each thing only the keys that are expected; as many things as there are."""
    if len(wanted) != len(got):
        return got
    return [
        {key: have.get(key) for key in want} if isinstance(want, dict) else have
        for want, have in zip(wanted, got, strict=True)
    ]
