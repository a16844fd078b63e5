"""The desk: the stories as they stand now. Editing is possible while the server runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from .blocks import Paragraph
from .laws import Law, make_laws
from .moments import HANOI
from .sections import ALL_BRANCHES, BRANCHES, Branch
from .stories import Story, make_story, newsroom

# edits and additions happen after the newest story, one minute apart: their times tell their order
_EDITING_SINCE = datetime(2025, 6, 28, 8, 0, tzinfo=HANOI)


class Desk:
    """All stories and legal documents. ``generation`` grows with every change; listings depend on it."""

    def __init__(self, seed: int, articles: int) -> None:
        self._seed = seed
        self._lock = threading.RLock()
        self._stories = {story.path: story for story in newsroom(seed, articles)}
        self._slugs = {story.slug for story in self._stories.values()}
        self._added = 0
        self.generation = 0
        # what side bars and related lists show: made when the server started, as a cache would
        self.first_edition = _newest_first(self._stories.values())
        self.shelves = make_laws(seed)
        self._laws = {law.path: law for laws in self.shelves.values() for law in laws}
        self._sorted: tuple[int, tuple[Story, ...]] = (0, self.first_edition)
        self._lists: dict[str, tuple[int, tuple[Story, ...]]] = {}

    def stories(self) -> tuple[Story, ...]:
        """Every story, newest first."""
        with self._lock:
            if self._sorted[0] != self.generation:
                self._sorted = (self.generation, _newest_first(self._stories.values()))
            return self._sorted[1]

    @property
    def newest(self) -> datetime:
        """When the lists changed last."""
        if self.generation:
            return _EDITING_SINCE + timedelta(minutes=self.generation)
        return max(story.changed for story in self.stories())

    def story(self, path: str) -> Story | None:
        return self._stories.get(path)

    def story_by_id(self, item_id: str) -> Story | None:
        return next((story for story in self.stories() if story.id == item_id), None)

    def law(self, path: str) -> Law | None:
        return self._laws.get(path)

    def law_by_id(self, item_id: str) -> Law | None:
        return next((law for law in self._laws.values() if law.id == item_id), None)

    def in_branch(self, branch: Branch) -> tuple[Story, ...]:
        """The stories of a section and of the sections below it, newest first."""
        with self._lock:
            generation, found = self._lists.get(branch.path, (-1, ()))
            if generation != self.generation:
                found = tuple(story for story in self.stories() if branch in story.branch.trail)
                self._lists[branch.path] = (self.generation, found)
            return found

    @staticmethod
    def branch(path: str) -> Branch | None:
        return next((branch for branch in ALL_BRANCHES if branch.path == path), None)

    def tagged(self, tag: str) -> tuple[Story, ...]:
        return tuple(story for story in self.stories() if tag in story.tags)

    def edit(self, path: str, *, title: str | None, lead: str | None, append: str | None) -> Story:
        """Change a story in place: its address stays, its text and its Last-Modified change. KeyError."""
        with self._lock:
            story = self._stories[path]
            self._stories[path] = changed = replace(
                story,
                title=title or story.title,
                lead=lead or story.lead,
                blocks=(*story.blocks, Paragraph(append)) if append else story.blocks,
                revision=story.revision + 1,
                modified=self._now(),
            )
            return changed

    def remove(self, path: str) -> Story:
        """Take a story away. KeyError when there is none at ``path``."""
        with self._lock:
            story = self._stories.pop(path)
            self._now()
            return story

    def add(self, branch_path: str | None) -> Story:
        """A new story on top of its section, some section when none is named. KeyError: no such section."""
        with self._lock:
            number = 2_000_000 + self._added
            rng = Random(f"{self._seed} added {number}")
            branch = self.branch(branch_path) if branch_path else rng.choice(BRANCHES)
            if branch is None:
                raise KeyError(branch_path)
            self._added += 1
            now = self._now()
            made = make_story(self._seed, number, branch, 0.0, self._slugs)
            story = replace(made, printed=now, meta=now + timedelta(seconds=75))
            self._stories[story.path] = story
            return story

    def _now(self) -> datetime:
        self.generation += 1
        return _EDITING_SINCE + timedelta(minutes=self.generation)


def _newest_first(stories: Iterable[Story]) -> tuple[Story, ...]:
    return tuple(sorted(stories, key=lambda story: (story.printed, story.number), reverse=True))
