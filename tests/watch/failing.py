"""An archive folder with one portal, whose last crawl a test decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from quynhon_crawler.home import Home
from quynhon_crawler.store import Store
from quynhon_crawler.watch.alarms import sound
from quynhon_crawler.watch.problems import Problem
from quynhon_crawler.watch.state import state_of
from tests.schedule.test_history import answer

PORTAL = '[[portals]]\nname = "a"\nurl = "http://a.example/"\nevery = "6h"\n'


@dataclass
class Archive:
    """An archive folder with one portal, whose last crawl a test decides."""

    root: Path
    watch: str = ""
    number: int = field(default=0)

    def __post_init__(self) -> None:
        self.root.mkdir()
        self.configure(self.watch)
        with Store.open(self.root / "quynhon.db", create=True) as store:
            self.portal = store.put_portal(name="a", home_url="http://a.example/", system=None, rights=None)
        (self.root / "warc").mkdir()
        (self.root / "warc" / "x.warc.gz").touch()  # where the answers of tests say that they lie

    def configure(self, watch: str) -> None:
        (self.root / "archive.toml").write_text(f"[crawl]\nmin_free = 0\n[watch]\n{watch}\n{PORTAL}")

    def crawl(self, failures: int = 0, outcome: str | None = "finished") -> None:
        """One more crawl, which went like this."""
        self.number += 1
        begun = f"2026-11-23T{self.number:02d}:00:00.000000Z"
        with Store.open(self.root / "quynhon.db") as store:
            store.start_crawl(id=begun, portal_id=self.portal, mode="update", started_at=begun)
            if outcome:
                ended = begun.replace(":00:00.", ":30:00.")
                store.finish_crawl(begun, finished_at=ended, outcome=outcome, failures=failures, requests=99)
                store.add_capture(answer(begun, 200))

    def sound(self, *more: Problem) -> list[str]:
        """Looked at a quarter of an hour after the last crawl's end."""
        now = datetime(2026, 11, 23, self.number, 45, tzinfo=UTC)
        return sound(state_of(Home(self.root), now), more=more)
