"""The newsroom: every article of the portal, made from the seed of the random numbers and its own number."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from ..model import ArticleKind
from .blocks import Block, File, Picture
from .bylines import Signature, signature
from .composer import compose
from .moments import MIGRATION, event, meta_time, printed_time
from .photos import Paper, Photo, again_uploaded
from .sections import BRANCHES, EXTRAS, Branch, hex_id
from .seed_article import seed_story_parts
from .words import Speech, slugged

# how the body is marked up, and which of the CMS's article layouts is used; every mix comes round
STYLES = ("plain", "spans", "word", "div", "br", "font")
LAYOUTS = ("type-2", "type-2", "type-1")


@dataclass(frozen=True, slots=True)
class Story:
    """One article as the newsroom knows it. ``title`` is NFC; ``nfd`` says that the page spells it in NFD."""

    number: int
    kind: ArticleKind
    branch: Branch
    title: str
    slug: str
    lead: str | None
    blocks: tuple[Block, ...]
    sign: Signature
    printed: datetime
    meta: datetime
    event_date: str | None
    tags: tuple[str, ...]
    style: str
    layout: str
    nfd: bool = False
    views: int = 0
    revision: int = 0
    modified: datetime | None = None

    @property
    def id(self) -> str:
        """The CMS's itemId."""
        return hex_id(f"item {self.number} {self.slug}")

    @property
    def path(self) -> str:
        return f"{self.branch.path}/{self.slug}.html"

    @property
    def changed(self) -> datetime:
        return self.modified or self.meta

    @property
    def photos(self) -> tuple[Photo, ...]:
        return tuple(block.photo for block in self.blocks if isinstance(block, Picture))

    @property
    def papers(self) -> tuple[Paper, ...]:
        return tuple(block.paper for block in self.blocks if isinstance(block, File))


def newsroom(seed: int, articles: int) -> list[Story]:
    """``articles`` stories in the six sections, the seed article first, and those of the extra sections."""
    taken: set[str] = set()
    stories = [_seed_story()]
    taken.add(stories[0].slug)
    plan = [branch for branch in BRANCHES for _ in range(branch.share)]
    Random(f"{seed} plan").shuffle(plan)
    for number in range(1, articles):
        branch = plan[number % len(plan)]
        stories.append(make_story(seed, number, branch, number / articles, taken))
    number = 1_000_000
    for branch, count in EXTRAS:
        for position in range(count):
            stories.append(make_story(seed, number, branch, (position + 0.5) / count, taken))
            number += 1
    return carried_over(stories)


def carried_over(stories: list[Story]) -> list[Story]:
    """Now and then a story of today shows a picture of the old portal again: other address, same bytes."""
    old = [photo for story in stories if story.printed.year == 2019 for photo in story.photos]
    for place, story in enumerate(stories):
        if story.printed > MIGRATION and story.photos and story.number % 14 == 3 and old:
            photo = old[story.number % len(old)]
            again = replace(again_uploaded(photo, story.printed), caption=story.photos[0].caption)
            again = replace(again, form=story.photos[0].form)
            first = next(step for step, block in enumerate(story.blocks) if isinstance(block, Picture))
            blocks = (*story.blocks[:first], Picture(again), *story.blocks[first + 1 :])
            stories[place] = replace(story, blocks=blocks)
    return stories


def make_story(seed: int, number: int, branch: Branch, position: float, taken: set[str]) -> Story:
    """Story ``number``; its slug is one that ``taken`` does not hold, and is added to it."""
    rng = Random(f"{seed} {number}")
    printed = printed_time(rng, position)
    topic = rng.choice(branch.topics)
    speech = Speech(rng, topic, printed.year)
    when, event_date = event(rng, number, printed)
    if branch.kind != "article":
        event_date = None
    title, pattern = speech.draft()
    for attempt in range(60):
        if slugged(title) not in taken:
            break
        # the headline is taken: another draft, and when all are, a series as a real desk would make it
        speech.forget()
        title, pattern = speech.draft()
        if attempt >= 20:
            title = speech.fill("{first} - Kỳ {n:2:999}", first=title)
    nfd = number % 29 == 7
    lead = speech.fill(pattern, when=when)
    if number % 37 == 11:
        lead, event_date = "", None
    slug = slugged(unicodedata.normalize("NFD", title) if nfd else title)
    taken.update((slug, slugged(title)))
    sign = signature(rng, number)
    return Story(
        number=number,
        kind=branch.kind,
        branch=branch,
        title=title,
        slug=slug,
        lead=lead or None,
        blocks=compose(rng, speech, number, branch.kind, printed),
        sign=sign,
        printed=printed,
        meta=meta_time(rng, printed),
        event_date=event_date,
        tags=tuple(rng.sample(speech.list_of("tags"), k=min(len(speech.list_of("tags")), number % 4))),
        style=STYLES[number % len(STYLES)],
        layout=LAYOUTS[(number // 2) % len(LAYOUTS)],
        nfd=nfd,
        views=rng.randint(12, 4800),
    )


def _seed_story() -> Story:
    title, lead, blocks, sign, printed, meta, branch = seed_story_parts()
    return Story(
        number=0,
        kind="article",
        branch=branch,
        title=title,
        slug=slugged(title),
        lead=lead,
        blocks=blocks,
        sign=sign,
        printed=printed,
        meta=meta,
        event_date="2019-08-27",
        tags=("xây dựng Đảng",),
        style="plain",
        layout="type-2",
        views=412,
    )
