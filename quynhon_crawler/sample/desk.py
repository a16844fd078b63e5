"""The desk: the stories as they stand now. Editing is possible while the server runs."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from .blocks import Paragraph
from .laws import Law, Shelf, make_laws
from .moments import HANOI
from .sections import ALL_BRANCHES, BRANCHES, Branch
from .stories import Story, make_story, newsroom

# edits and additions happen after the newest story; one minute apart, so that times tell their order
_EDITING_SINCE = datetime(2025, 6, 28, 8, 0, tzinfo=HANOI)


class Desk:
    """All stories and legal documents. ``generation`` grows with every change; listings depend on it."""

    def __init__(self, seed: int, articles: int) -> None:
        self._seed = seed
        self._lock = threading.RLock()
        self._stories = {story.path: story for story in newsroom(seed, articles)}
        self._slugs = {story.slug for story in self._stories.values()}
        self._by_id = {story.id: path for path, story in self._stories.items()}
        self._added = 0
        self.generation = 0
        # what side bars and related lists show: made when the server started, as a cache would
        self.first_edition = tuple(self._sorted(self._stories.values()))
        self.shelves: dict[Shelf, tuple[Law, ...]] = make_laws(seed)

    @staticmethod
    def _sorted(stories: object) -> list[Story]:
        listed: list[Story] = list(stories)  # type: ignore[call-overload]
        return sorted(listed, key=lambda story: (story.printed, story.number), reverse=True)

    def stories(self) -> tuple[Story, ...]:
        """Every story, newest first."""
        with self._lock:
            return tuple(self._sorted(self._stories.values()))

    def story(self, path: str) -> Story | None:
        with self._lock:
            return self._stories.get(path)

    def story_by_id(self, item_id: str) -> Story | None:
        with self._lock:
            return self._stories.get(self._by_id.get(item_id, ""))

    def in_branch(self, branch: Branch) -> tuple[Story, ...]:
        """The stories of a section and of the sections below it, newest first."""
        return tuple(story for story in self.stories() if branch in story.branch.trail)

    def branch(self, path: str) -> Branch | None:
        return next((branch for branch in ALL_BRANCHES if branch.path == path), None)

    def tagged(self, tag: str) -> tuple[Story, ...]:
        return tuple(story for story in self.stories() if tag in story.tags)

    def edit(
        self, path: str, *, title: str | None = None, lead: str | None = None, append: str | None = None
    ) -> Story:
        """Change a story in place: its address stays, its text and its Last-Modified change."""
        with self._lock:
            story = self._stories[path]
            blocks = (*story.blocks, Paragraph(append)) if append else story.blocks
            story = replace(
                story, title=title or story.title, lead=lead or story.lead, blocks=blocks,
                revision=story.revision + 1, modified=self._now(),
            )  # fmt: skip
            self._stories[path] = story
            return story

    def remove(self, path: str) -> Story:
        with self._lock:
            self._now()
            return self._stories.pop(path)

    def add(self, branch_path: str | None = None) -> Story:
        """A new story on top of its section (any of the six when none is named)."""
        with self._lock:
            now = self._now()
            self._added += 1
            number = 2_000_000 + self._added
            rng = Random(f"{self._seed} added {number}")
            branch = self.branch(branch_path) if branch_path else rng.choice(BRANCHES)
            if branch is None:
                raise KeyError(branch_path)
            made = make_story(self._seed, number, branch, 0.0, self._slugs)
            story = replace(made, printed=now, meta=now + timedelta(seconds=75), event_date=made.event_date)
            self._stories[story.path] = story
            self._by_id[story.id] = story.path
            return story

    def _now(self) -> datetime:
        self.generation += 1
        return _EDITING_SINCE + timedelta(minutes=self.generation)
