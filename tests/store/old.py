"""Databases that earlier code really wrote, in ``databases/``: what each holds is told by ``fill``.

``schema-1`` has no search yet; ``schema-2-first`` numbers versions and changes, ``schema-2-last`` does not;
``schema-3`` has no indexes by portal, ``schema-4`` none of titles, ``schema-5`` none of leads.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from quynhon_crawler.model import Listing, ListingItem, Reading
from quynhon_crawler.store import Store
from tests.store.world import HOME, OLD, capture, reading

NAMES = ("schema-1", "schema-2-first", "schema-2-last", "schema-3", "schema-4", "schema-5")
_FOLDER = Path(__file__).with_name("databases")


def unpack(name: str, path: Path) -> Path:
    """One of them, where a test may change it."""
    path.write_bytes(gzip.decompress((_FOLDER / f"{name}.db.gz").read_bytes()))
    return path


def fill(store: Store) -> None:
    """What each of them was given: four articles, an edit, a removal, a pair, a list and a file."""
    portal_id = store.put_portal(name="Quy Nhơn", home_url=HOME, system="vhv", rights=None)
    store.start_crawl(id="thu-nghiem", portal_id=portal_id, mode="full", started_at="2026-01-01T00:00:00Z")
    urls = [f"{HOME}tin-tuc/bai-{number}.html" for number in range(3)]
    for number, url in enumerate(urls):
        store.add_reading(capture(url, day=1), reading(url, title=f"Bài {number}"), portal_id=portal_id)
    edited = reading(urls[0], title="Bài 0, đã sửa")
    store.add_reading(capture(urls[0], day=2), edited, portal_id=portal_id)
    store.add_capture(capture(urls[1], day=3, status=404))
    moved = f"{OLD}bai-2.aspx"
    store.add_reading(capture(moved, day=2), reading(moved, title="Bài 2"), portal_id=portal_id)
    listing = Listing(f"{HOME}tin-tuc", "25", 1, (ListingItem(urls[0], "Bài 0"),), 3)
    seen = capture(f"{HOME}tin-tuc", method="POST")
    store.add_reading(seen, Reading("vhv", "listing", listing=listing), portal_id=portal_id)
    picture = capture(f"{HOME}upload/a.jpg", media_type="image/jpeg")
    store.add_file(picture, width=600, height=400)
    store.commit()
