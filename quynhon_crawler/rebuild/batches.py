"""What a WARC file holds, understood, some records at a time: memory is a batch, however long the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quynhon_crawler.config import check_address
from quynhon_crawler.errors import ConfigError
from quynhon_crawler.ingest import Understood, understand
from quynhon_crawler.manifest import sum_of
from quynhon_crawler.model import Capture, Page
from quynhon_crawler.rebuild.revisits import Refers
from quynhon_crawler.rebuild.scope import Scope
from quynhon_crawler.warc.answers import answer_of
from quynhon_crawler.warc.digests import is_altered
from quynhon_crawler.warc.info import crawl_end_of, warcinfo_of
from quynhon_crawler.warc.reader import Record, paired
from quynhon_crawler.warc.survey import survey
from quynhon_crawler.warc.walk import Fault

_RECORDS = 64
_BYTES = 4_000_000


@dataclass(slots=True)
class Batch:
    """Some records of one file, in order. ``info`` is the warcinfo that they stand under.

    ``understood`` has the home page of each answer's portal, ``captures`` are answers of other hosts,
    ``revisits`` are pages without their body. ``problems`` are lines with file@offset. ``damaged``: a part of
    the file is no whole record, or not what its digest was made of. ``altered``: all of these are the latter,
    or the file is not the one whose SHA-256 was recorded, which ``other_sum`` tells too.
    """

    name: str
    info: dict[str, str]
    understood: list[tuple[str | None, Understood]] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    revisits: list[tuple[str | None, Page, Refers]] = field(default_factory=list)
    errors: list[Record] = field(default_factory=list)
    ends: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    bytes: int = 0
    damaged: bool = False
    altered: bool = False
    other_sum: bool = False

    @property
    def answers(self) -> int:
        return len(self.understood) + len(self.captures) + len(self.revisits)

    @property
    def own_portal(self) -> str | None:
        """The portal that one of our crawls was of; None in files of others."""
        said = self.info.get("portal")
        if said is not None:
            with suppress(ConfigError):
                check_address(said)
                return said
        return None

    def is_full(self) -> bool:
        held = self.answers + len(self.errors) + len(self.problems)
        return held >= _RECORDS or self.bytes >= _BYTES


def read_batches(path: Path, scope: Scope, recorded: str | None = None) -> Iterator[Batch]:
    """All of a file; one batch at least. What cannot be read is told, what can is given.

    ``recorded`` is its SHA-256 in the manifest. Of a file with another one no record is sure to be what it
    was, whether it has a digest of its own or not. It is summed before it is read, since what a sound file
    holds goes before what this one does.
    """
    other = False
    with suppress(OSError):  # the survey tells what cannot be read
        other = recorded is not None and sum_of(path)[1] != recorded
    for batch in _batches(path, scope):
        if other:
            batch.damaged = batch.altered = batch.other_sum = True
        yield batch


def _batches(path: Path, scope: Scope) -> Iterator[Batch]:
    batch, altered = Batch(path.name, {}), _altered(path.name, {})
    for item in paired(survey(path)):
        if isinstance(item, Fault):
            batch.problems.append(str(item))
            batch.damaged |= item.length != 0
        elif isinstance(item, Record) and item.type == "warcinfo":
            yield from (batch, altered) if altered.answers else (batch,)
            batch = Batch(path.name, warcinfo_of(item))
            altered = _altered(path.name, batch.info)
        elif isinstance(item, Record) and (end := crawl_end_of(item)):
            batch.ends.append(end)
        elif isinstance(item, Record) and item.type == "metadata":
            if item.headers.get("content-type", "").startswith("application/json"):
                batch.errors.append(item)
        else:
            answer = answer_of(item, crawl_id=batch.info.get("ispartof"))
            if isinstance(answer, str):
                batch.problems.append(answer)
            elif answer is not None:
                if answer.remark:
                    batch.problems.append(answer.remark)
                into = altered if is_altered(answer.record) else batch
                into.bytes += answer.record.length
                _add(into, answer.page, answer.capture, answer.record, scope)
        if batch.is_full():
            yield batch
            batch = Batch(path.name, batch.info)
        if altered.is_full():
            yield altered
            altered = _altered(path.name, batch.info)
    yield from (batch, altered) if altered.answers else (batch,)


def is_damaged(path: Path) -> bool:
    """Whether a part of the file is no whole record, or not what its digest was made of. Raises OSError."""
    return any(item.length != 0 if isinstance(item, Fault) else is_altered(item) for item in survey(path))


def _altered(name: str, info: dict[str, str]) -> Batch:
    return Batch(name, info, damaged=True, altered=True)


def _add(batch: Batch, page: Page, capture: Capture, record: Record, scope: Scope) -> None:
    home = batch.own_portal or scope.home_url(page.url)
    if record.type == "revisit":
        batch.revisits.append((home, page, Refers.of(record)))
        return
    found = understood_of(page, home)
    if found is None:
        batch.captures.append(capture)
    else:
        batch.understood.append((home, found))


def understood_of(page: Page, home: str | None) -> Understood | None:
    """What it means; None for the pages of other hosts, of which only files are of use to our articles."""
    if home is None and page.media_type in (None, "text/html", "application/xhtml+xml"):
        return None
    # Links are for a crawl: hundreds a page, on their way to another process for nothing.
    found = understand(page, home_url=home or page.url, follow=False)
    if home is None and not found.is_file:
        return None
    return found
