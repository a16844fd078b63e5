"""``/bai/<article>/so-sanh?tu=1&den=2``: two versions side by side, the differences marked."""

from __future__ import annotations

import difflib
import re
import sqlite3
from dataclasses import dataclass
from itertools import groupby

from datasette import Response
from markupsafe import Markup, escape

from quynhon_crawler.publish import answer, lookup
from quynhon_crawler.publish.screens import message
from quynhon_crawler.publish.short import lengthen
from quynhon_crawler.publish.site import Visit

_FIELDS = ("title", "lead", "byline", "published_at")
_WORD = re.compile(r"\w+|\W")
# Comparing is quadratic at worst: past this many words a paragraph is shown whole.
_MOST_WORDS = 600
_MOST_PARAGRAPHS = 400


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the old version beside the one of the new; ``same`` when nothing changed."""

    old: Markup
    new: Markup
    same: bool


async def show(visit: Visit) -> Response:
    article_id = lengthen(visit.request.url_vars["article"])
    if article_id is None:
        return message.not_found(visit)

    def read(connection: sqlite3.Connection) -> tuple[lookup.Row | None, list[lookup.Row]]:
        return lookup.withdrawn_article(connection, article_id), lookup.versions(connection, article_id)

    takedown, versions = await visit.site.ask(read)
    if takedown is not None:
        return message.gone(visit, takedown)
    numbers = {row["version"]: row for row in versions}
    newest = max(numbers, default=0)
    new = numbers.get(visit.number("den", least=1) if visit.text("den") else newest)
    old = numbers.get(visit.number("tu", least=1) if visit.text("tu") else newest - 1)
    if new is None or old is None:
        return message.not_found(visit)
    fields = [(name, compare(old[name] or "", new[name] or "")) for name in _FIELDS]
    body = visit.render(
        "compare.html",
        old=old,
        new=new,
        versions=versions,
        fields=[(name, line) for name, line in fields if not line.same],
        # What is the same for long is folded: the difference may be at the end of a long body.
        runs=[
            list(run)
            for _, run in groupby(
                paragraphs(old["body"] or "", new["body"] or ""), key=lambda line: line.same
            )
        ],
        short=visit.request.url_vars["article"],
    )
    return answer.page(visit.request, body)


def compare(old: str, new: str) -> Line:
    """Two texts, their different words in ``<del>`` and ``<ins>``."""
    if old == new:
        return Line(escape(old), escape(new), True)
    first, second = _WORD.findall(old), _WORD.findall(new)
    if len(first) > _MOST_WORDS or len(second) > _MOST_WORDS:
        return Line(_marked("del", old), _marked("ins", new), False)
    left, right = Markup(), Markup()
    for kind, a, b, c, d in difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        was, became = "".join(first[a:b]), "".join(second[c:d])
        left += escape(was) if kind == "equal" else _marked("del", was)
        right += escape(became) if kind == "equal" else _marked("ins", became)
    return Line(left, right, False)


def paragraphs(old: str, new: str) -> list[Line]:
    """Two bodies, paragraph by paragraph."""
    first = [part for part in old.split("\n\n") if part.strip()][:_MOST_PARAGRAPHS]
    second = [part for part in new.split("\n\n") if part.strip()][:_MOST_PARAGRAPHS]
    lines: list[Line] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [compare(part, part) for part in first[a:b]]
            continue
        for number in range(max(b - a, d - c)):
            was = first[a + number] if a + number < b else ""
            became = second[c + number] if c + number < d else ""
            lines.append(compare(was, became))
    return lines


def _marked(name: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(name, text) if text else Markup()
