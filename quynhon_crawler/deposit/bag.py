"""A bag (BagIt, RFC 8493): everything that an archive needs to live on, with sums, for a repository.

``data/archive`` is what ``restore`` puts back; ``data/wacz`` and ``data/dump`` are the same archive for those
who have no such program; ``data/metadata`` says in Dublin Core what it is. A bag is for keeping: what was
taken down is in ``data/archive``, with the decision, and must not be published.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import bagit

from quynhon_crawler import __version__
from quynhon_crawler.config import Config, load
from quynhon_crawler.deposit.catalogue import Entry, catalogue
from quynhon_crawler.deposit.dublin_core import dublin_core
from quynhon_crawler.deposit.gaps import refuse_gaps
from quynhon_crawler.deposit.output import fresh
from quynhon_crawler.deposit.wacz import put_together, write
from quynhon_crawler.deposit.withdrawn import Withdrawn
from quynhon_crawler.errors import ArchiveError
from quynhon_crawler.home import OPEN, Home
from quynhon_crawler.lock import lock_archive
from quynhon_crawler.manifest import read_manifest, sum_of
from quynhon_crawler.plural import are, plural
from quynhon_crawler.store.content import content_digest
from quynhon_crawler.store.database import connect
from quynhon_crawler.store.decided import write_again
from quynhon_crawler.store.export import export_dump

#: The field of bag-info.txt with the content digest of the database, which a restored archive must have.
DIGEST = "Quynhon-Content-Digest"
ARCHIVE = "data/archive"
# What quynhon.db and its copies, indexes and state are made from; the rest is made from these.
_FOLDERS = ("warc", "originals")
_ENDINGS = (".toml", ".yaml", ".json", ".jsonl")
_CHECKSUMS = ["sha256", "sha512"]
_README = """\
# {title}

Kho lưu trữ các cổng thông tin, đóng gói theo BagIt (RFC 8493). / A web archive, as a bag.

- `data/archive/`: WARC files and settings. Everything else can be made from these: `quynhon restore BAG`.
- `data/wacz/`: the same pages in one file; open it with any WACZ viewer, for example ReplayWeb.page.
- `data/dump/`: the articles as tables, in one SQLite file.
- `data/metadata/dublin-core.xml`: what this is.

To check it, today and every year: `bagit.py --validate BAG` (bagit-python),
or `sha256sum -c manifest-sha256.txt`.
{warning}
Made by quynhon_crawler {version}.
"""
_WARNING = """
NOT FOR PUBLICATION: {items} taken down (`data/archive/takedowns.jsonl`) {are} in `data/archive/`, not in
`data/wacz/` and `data/dump/`.
"""
# bagit tells of every fault in its log as well as in its exception; who runs us is told once.
logging.getLogger("bagit").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Bagged:
    """What was made. ``problems`` tell of WARC files that could not be indexed to their end."""

    output: Path
    files: int
    bytes: int
    content_digest: str
    problems: list[str]


def export_bag(home: Home, output: Path, on_file: Callable[[int, int], None] | None = None) -> Bagged:
    """Make a bag of an archive that is at rest. Raises ArchiveError."""
    config = load(home.config)
    with lock_archive(home, "export"):
        write_again(home.database)
        if left := sorted(home.warc.glob(f"*{OPEN}")):
            raise ArchiveError(f"{left[0]}: a crawl was interrupted; run `quynhon crawl`, which closes it")
        refuse_gaps(home)
        with fresh(output, database=home.database) as working:
            hidden, entries = Withdrawn.of(home.database), catalogue(home, on_file=on_file)
            if altered := [entry.problem for entry in entries if entry.altered]:
                raise ArchiveError(f"{altered[0]}; a bag is made of files that are what they were")
            for folder in ("archive", "wacz", "metadata"):
                (working / folder).mkdir(parents=True)
            _copy(home, entries, working / "archive")
            made = working / "made"
            made.mkdir()
            write(
                put_together(home, entries, hidden, made),
                working / "wacz" / f"{config.archive.prefix.lower()}.wacz",
            )
            shutil.rmtree(made)
            export_dump(home.database, working / "dump")
            connection = connect(home.database, readonly=True).conn
            try:
                digest = content_digest(connection)
                (working / "metadata" / "dublin-core.xml").write_bytes(dublin_core(connection, config))
                (working / "README.md").write_text(_readme(connection, config), "utf-8")
                info = _info(connection, config, digest)
            finally:
                connection.close()
            try:
                bag = bagit.make_bag(str(working), info, checksums=_CHECKSUMS)
            except bagit.BagError as error:
                raise ArchiveError(f"{output}: {error}") from error
            size, count = (int(part) for part in bag.info["Payload-Oxum"].split("."))
    problems = [entry.problem for entry in entries if entry.problem]
    return Bagged(output, count, size, digest, problems)


def _copy(home: Home, entries: list[Entry], target: Path) -> None:
    """The files that cannot be made again. Raises ArchiveError for one that is not what it was."""
    known = {home.root / file: entry.sha256 for file, entry in read_manifest(home).entries.items()}
    known |= {entry.path: entry.sums.sha256 for entry in entries}
    for path in _kept(home):
        copy = target / path.relative_to(home.root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        if path in known and sum_of(copy)[1] != known[path]:
            since = "it was indexed" if path.parent == home.warc else "its sum was recorded"
            raise ArchiveError(f"{path}: is not what it was when {since}; run: quynhon verify")


def _kept(home: Home) -> Iterator[Path]:
    yield from (path for path in sorted(home.root.iterdir()) if path.suffix in _ENDINGS and path.is_file())
    for folder in _FOLDERS:
        yield from (path for path in sorted((home.root / folder).rglob("*")) if path.is_file())


def _readme(connection: sqlite3.Connection, config: Config) -> str:
    count = connection.execute("SELECT count(*) FROM takedowns").fetchone()[0]
    warning = _WARNING.format(items=plural(count, "item"), are=are(count)) if count else ""
    return _README.format(title=config.archive.name, version=__version__, warning=warning)


def _info(connection: sqlite3.Connection, config: Config, digest: str) -> dict[str, str]:
    """bag-info.txt (RFC 8493, 2.2.2)."""
    first, last = connection.execute("SELECT min(captured_at), max(captured_at) FROM captures").fetchone()
    info = {
        "Source-Organization": config.archive.operator,
        "Contact-Email": config.archive.email,
        "External-Description": f"{config.archive.name}; captures of {first[:10]} to {last[:10]}"
        if first
        else "",
        "Bag-Software-Agent": f"quynhon_crawler {__version__}, bagit-python {bagit.VERSION}",
        DIGEST: digest,
    }
    return {name: " ".join(value.split()) for name, value in info.items() if value}
