"""What an article's life looks like, folded from what was seen of it. Pure: values in, values out.

Events come in any order; ``fold`` sorts them, so that the result is a function of the set. ``step`` is the
same fold by one event, for events that arrive in the order of time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

EventState = Literal["seen", "unchanged", "gone"]
ChangeKind = Literal["new", "changed", "gone", "back"]


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """One answer that says something of an article. ``url_id`` is the address that answered.

    ``seen``: the page held the article, ``text_digest`` tells its text. ``unchanged``: 304. ``gone``: 404,
    410, a soft 404 or a redirect home, as ``reason`` says.
    """

    at: str
    capture_id: int
    url_id: int = field(compare=False)
    state: EventState = field(compare=False)
    text_digest: int = field(default=0, compare=False)
    reason: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Version:
    """A run of equal texts: its number from 1 and the event that began it."""

    number: int
    at: str
    capture_id: int
    text_digest: int


@dataclass(frozen=True, slots=True)
class Change:
    """Something that readers may want to know of, and the capture that shows it."""

    kind: ChangeKind
    at: str
    capture_id: int
    version: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where a life stands after its last event. ``version`` 0: nothing was seen yet."""

    article_id: int
    last: tuple[str, int] = ("", 0)
    seen: tuple[str, int] = ("", 0)
    seen_url_id: int = 0
    first_seen_at: str = ""
    last_seen_at: str = ""
    changed_at: str | None = None
    gone_at: str | None = None
    version: int = 0
    text_digest: int = 0


@dataclass(slots=True)
class Life:
    """A whole fold: the last state, and what happened on the way."""

    state: State
    versions: list[Version] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def fold(article_id: int, events: Iterable[Event]) -> Life:
    """Everything from the beginning. There must be an event of state ``seen``."""
    life = Life(State(article_id))
    for event in sorted(events):
        life.state = step(life.state, event, life.versions, life.changes)
    return life


def step(state: State, event: Event, versions: list[Version], changes: list[Change]) -> State:
    """The state after an event that is later than all before it; appends what it brought about."""
    last = (event.at, event.capture_id)
    # Other addresses of an article (a print view, an old domain) may vanish without the article vanishing:
    # only its own address counts, and the one that it was last seen at.
    if event.state != "seen" and (
        not state.version or event.url_id not in (state.article_id, state.seen_url_id)
    ):
        return replace(state, last=last)
    if event.state == "gone":
        if state.gone_at is None:
            changes.append(Change("gone", event.at, event.capture_id, state.version, event.reason))
        return replace(state, last=last, gone_at=state.gone_at or event.at)
    if state.gone_at is not None:
        changes.append(Change("back", event.at, event.capture_id, state.version))
    if event.state == "unchanged":
        return replace(state, last=last, last_seen_at=event.at, gone_at=None)
    after = replace(
        state, last=last, last_seen_at=event.at, gone_at=None, seen=last, seen_url_id=event.url_id
    )
    if state.version and event.text_digest == state.text_digest:
        return after
    number = state.version + 1
    versions.append(Version(number, event.at, event.capture_id, event.text_digest))
    changes.append(Change("changed" if state.version else "new", event.at, event.capture_id, number))
    return replace(
        after,
        version=number,
        text_digest=event.text_digest,
        first_seen_at=state.first_seen_at or event.at,
        changed_at=event.at if state.version else None,
    )
