"""Many portals in a few lines: what is wrong and how often, what is next, how the last crawls went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from quynhon_crawler.plural import plural
from quynhon_crawler.watch.problems import Problem
from quynhon_crawler.watch.state import PortalState

#: More portals than these are summed up; each can be asked for by its name.
MANY = 20
_EACH = 3


def shorter(problems: Sequence[Problem], *, most: int = MANY) -> list[tuple[str, str]]:
    """(Whose, what) of each problem; of more than ``most`` the first of each kind, and how many more."""
    if len(problems) <= most:
        return [(one.subject, one.text) for one in problems]
    often = Counter(one.code for one in problems)
    lines: list[tuple[str, str]] = []
    for code, number in often.most_common():
        alike = [one for one in problems if one.code == code]
        lines += [(one.subject, one.text) for one in alike[:_EACH]]
        if number > _EACH:
            lines.append((plural(number - _EACH, "more portal"), code))
    return lines


def sums(portals: Sequence[PortalState]) -> list[str]:
    """How the last crawls of many portals went, and what they brought."""
    lasts = [one.last for one in portals if one.last is not None]
    ends = Counter(last["outcome"] or "without an end" for last in lasts)
    told = ", ".join(f"{number:,} {outcome}" for outcome, number in ends.most_common())
    never = len(portals) - len(lasts)
    told += f"{', ' if told else ''}{never:,} never crawled" if never else ""
    new, changed, gone = (
        sum(last[f"articles_{kind}"] or 0 for last in lasts) for kind in ("new", "changed", "gone")
    )
    lines = [
        f"{plural(len(portals), 'portal')}; last crawls: {told}",
        f"they brought {plural(new, 'new article')}, {changed:,} changed, {gone:,} gone",
    ]
    listed = [one for one in portals if one.lists]
    if listed:
        short = sum(bool(one.short) for one in listed)
        lines.append(
            f"complete: {len(listed) - short:,} of {plural(len(listed), 'portal')} whose lists have totals"
        )
    if failed := [len(one.failures) for one in portals if one.failures]:
        lines.append(
            f"failed: {plural(sum(failed), 'address')} of {plural(len(failed), 'portal')} "
            "(quynhon status --failures)"
        )
    return lines
