"""Batches into the store. The order of files does not matter: the database is a function of the records."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from quynhon_crawler.config import Config, Portal, portal_for
from quynhon_crawler.errors import RecordError
from quynhon_crawler.home import Home
from quynhon_crawler.ingest import Understood, ingest_fetch_error, put
from quynhon_crawler.manifest import Manifest, sum_of
from quynhon_crawler.model import Capture, Page, stable_id
from quynhon_crawler.rebuild.batches import Batch, is_damaged, understood_of
from quynhon_crawler.rebuild.revisits import Refers, Spool
from quynhon_crawler.rebuild.revisits import whole as whole_page
from quynhon_crawler.store import Store
from quynhon_crawler.store.rows import CRAWL_OUTCOME
from quynhon_crawler.urls import url_key

IMPORTED = "imported"


class Learner:
    """``write`` each batch, then ``settle`` the revisits, which waits for all that they can refer to."""

    def __init__(self, home: Home, store: Store, config: Config, manifest: Manifest) -> None:
        self._home, self._store, self._config, self._manifest = home, store, config, manifest
        self._portals: dict[str, int] = {}
        self._crawls: set[str] = set()
        aside = home.state if home.state.is_dir() else home.root
        self._revisits = Spool[tuple[str | None, Page, Refers]](aside)
        self._altered = Spool[Batch](aside)
        self._damaged: dict[str, bool] = {}
        self._summed: set[str] = set()
        self.unresolved = 0
        self.problems: list[str] = []
        #: Files whose SHA-256 is not the recorded one.
        self.other_sums: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._revisits.close()
        self._altered.close()

    def write(self, batch: Batch) -> None:
        """All but the revisits' bodies, and records that are not what their digest was made of."""
        self._damaged[batch.name] = self._damaged.get(batch.name, False) or batch.damaged
        self.problems += batch.problems
        if batch.other_sum:
            self.other_sums.add(batch.name)
        if batch.altered:
            self._altered.add(batch)
        else:
            self._put_batch(batch)

    def _put_batch(self, batch: Batch) -> None:
        self._begin(batch)
        for home_url, understood in batch.understood:
            self._put(home_url, understood)
        for capture in batch.captures:
            self._store.add_capture(capture)
        for item in batch.revisits:
            if item[1].capture is not None:
                self._store.add_capture(item[1].capture)
            self._revisits.add(item)
        for error in batch.errors:
            ingest_fetch_error(self._store, error)
        for end in batch.ends:
            columns = {name: end[name] for name in end if name in CRAWL_OUTCOME}
            self._store.finish_crawl(str(end["id"]), **columns)

    def settle(self) -> None:
        """Altered records that no file holds as they were; the revisits, with the bodies that they stand for;
        rows into whole files."""
        for batch in self._altered:
            batch.understood = [it for it in batch.understood if self._is_new(it[1].capture)]
            batch.captures = [it for it in batch.captures if self._is_new(it)]
            batch.revisits = [it for it in batch.revisits if it[1].capture and self._is_new(it[1].capture)]
            self._put_batch(batch)
        for home_url, page, refers in self._revisits:
            self.settle_one(home_url, page, refers)
        self._store.choose_places(self._is_damaged)

    def _is_new(self, capture: Capture) -> bool:
        return not self._store.has_capture(capture.id)

    def _is_damaged(self, name: str) -> bool:
        """Of a file that was not read now it is found out here; a missing one is no place for a row."""
        path, entry = self._home.warc_path(name), self._manifest.of_warc(name)
        if not path.exists() or (entry is not None and path.stat().st_size != entry.bytes):
            return True
        if name not in self._damaged:
            self._damaged[name] = is_damaged(path)
        if not self._damaged[name] and entry is not None and name not in self._summed:
            self._damaged[name] = sum_of(path)[1] != entry.sha256  # a record without a digest shows nothing
            self._summed.add(name)
        return self._damaged[name]

    def settle_one(self, home_url: str | None, page: Page, refers: Refers) -> None:
        """One that stands for nothing that is here stays a row of ``captures``."""
        try:
            whole = whole_page(self._store, self._home, page, refers)
        except RecordError as error:
            self.problems.append(f"{error} (the body of a revisit of {page.url})")
            return
        if whole is None or whole.capture is None:
            self.unresolved += 1
            return
        understood = understood_of(whole, home_url)
        if understood is None:
            self._store.add_capture(whole.capture)
        else:
            self._put(home_url, understood)

    def _begin(self, batch: Batch) -> None:
        """The crawl that the records are of."""
        crawl_id, own = batch.info.get("ispartof"), batch.own_portal
        if own:
            portal_id = self._portal(own, told=True)
            if crawl_id:
                mode, started = batch.info.get("mode", "import"), batch.info.get("started", "")
                self._store.start_crawl(id=crawl_id, portal_id=portal_id, mode=mode, started_at=started)
        elif crawl_id and crawl_id not in self._crawls:
            self._store.finish_crawl(crawl_id, outcome=IMPORTED)
        if crawl_id:
            self._crawls.add(crawl_id)

    def _put(self, home_url: str | None, understood: Understood) -> None:
        reading = understood.reading
        tells = bool(reading.article or reading.listing or reading.documents)
        portal_id = self._portal(home_url) if home_url and tells else 0
        put(self._store, understood, portal_id=portal_id)

    def _portal(self, home_url: str, *, told: bool = False) -> int:
        """Its id. ``told``: by our own crawl; what only an address tells must not overwrite that."""
        if home_url not in self._portals:
            configured = self._config.find_portal(home_url)
            portal = configured or portal_for(home_url)
            number = stable_id(url_key(portal.url))
            derived = configured is None and not told and self._store.has_portal(number)
            self._portals[home_url] = number if derived else self._put_portal(portal)
        return self._portals[home_url]

    def _put_portal(self, portal: Portal) -> int:
        return self._store.put_portal(
            name=portal.title or portal.name,
            home_url=portal.url,
            system=portal.system or None,
            rights=portal.rights or self._config.archive.rights or None,
            chosen=portal in self._config.portals,
        )
